/** Text from files, made harmless where it is shown. */

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For text and quoted attributes of HTML. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? "");
}

/** What is replaced below, in one look: most cells are numbers, and a long table has a million of them. */
const marksSomething = /[\\`*[\]|~$_&<>]|:\/\/|www\.|^[#+=-]|^\d+[.)]/iu;

/**
 * For inline text of GitHub's Markdown, in table cells too. Underscores within words stay: they begin no emphasis, and
 * `q4_0` is easier to read than `q4\_0`.
 */
export function escapeMarkdown(text: string): string {
  if (!marksSomething.test(text)) return text;
  return (
    text
      .replaceAll(/[\\`*[\]|~$]/g, String.raw`\$&`)
      .replaceAll(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, String.raw`\_`)
      .replaceAll(/[&<>]/g, (character) => entities[character] ?? "")
      .replaceAll("://", String.raw`\://`)
      .replaceAll(/www\./gi, (prefix) => `${prefix.slice(0, 3)}\\.`)
      // What begins a heading, a list or a rule, where the text stands first on its line.
      .replace(/^([#+=-])(?=\s|$|\1)/, String.raw`\$1`)
      .replace(/^(\d+)([.)])(?=\s|$)/, String.raw`$1\$2`)
  );
}

/** A fenced block: the fence is longer than any run of backticks within. */
export function fenced(lines: readonly string[], language = ""): string {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []);
  const fence = "`".repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return [`${fence}${language}`, ...lines, fence].join("\n");
}
