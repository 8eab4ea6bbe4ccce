/** Paths that don't tell who their owner is: what is measured gets published, and a home folder is a name. */
import { homedir } from "node:os";
import { parse, sep } from "node:path";

/** Null where it is no folder of somebody's, as for a service without one. */
function home(): string | null {
  const folder = homedir();
  return folder === "" || folder === parse(folder).root ? null : folder + sep;
}

/** What a path can stand behind in a text; behind anything else it is part of a longer one: `/backup/home/me/`. */
const beforePath = /(?:^|[\s"'`=:,;([<]|\/\/)$/u;

/** `~/models/a.gguf`, wherever the text speaks of a file in the user's home. */
export function withoutHome(text: string): string {
  const folder = home();
  if (folder === null) return text;
  return text.replaceAll(folder, (found, at: number) =>
    beforePath.test(text.slice(Math.max(0, at - 2), at)) ? `~${sep}` : found,
  );
}

/** The path again. */
export function expandHome(path: string): string {
  const folder = home();
  return folder !== null && path.startsWith(`~${sep}`) ? folder + path.slice(2) : path;
}
