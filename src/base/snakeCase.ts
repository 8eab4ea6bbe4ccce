/** Names of code as files spell them: `cpuMs` is `cpu_ms`. */
export type SnakeCase<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : "";

export function snakeCase<Name extends string>(name: Name): SnakeCase<Name> {
  const spelled = name.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`);
  return spelled as SnakeCase<Name>;
}
