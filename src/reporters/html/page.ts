/** A self-contained page: nothing is requested, and nothing runs but the script that came with it. */
import { createHash } from "node:crypto";
import { escapeHtml } from "../escape.ts";

export interface Page {
  /** Plain text. */
  readonly title: string;
  readonly style: string;
  readonly script: string;
  /** What made it, and how it is laid out, where that is told. */
  readonly generator?: string;
  /** HTML of the body, escaped where it came from files. */
  readonly body: string;
}

function source(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

export function page({ title, style, script, generator, body }: Page): string {
  const policy = `default-src 'none'; style-src ${source(style)}; script-src ${source(script)}; img-src data:; base-uri 'none'; form-action 'none'`;
  // The empty icon keeps browsers from asking a server for one.
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${generator === undefined ? "" : `<meta name="generator" content="${escapeHtml(generator)}">\n`}<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
${body}
<script>${script}</script>
</body>
</html>
`;
}
