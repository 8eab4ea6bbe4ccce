/** A word as a POSIX shell takes it; `~/` at its beginning stays, so that the shell puts the home folder in its place. */
export function shellWord(text: string): string {
  const [, home = "", rest = ""] = /^(~[/\\])?(.*)$/su.exec(text) ?? [];
  const plain = /^[\w@%+=:,./-]+$/u.test(rest);
  return home + (plain ? rest : `'${rest.replaceAll("'", `'\\''`)}'`);
}
