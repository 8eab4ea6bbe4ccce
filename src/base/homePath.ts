/** Paths that don't tell who their owner is: what is measured gets published, and a home folder is a name. */
import { homedir } from "node:os";
import { parse, sep } from "node:path";

/** Null where it is no folder of somebody's, as for a service without one. */
function home(): string | null {
  const folder = homedir();
  return folder === "" || folder === parse(folder).root ? null : folder + sep;
}

/** `~/models/a.gguf`, wherever the text speaks of a file in the user's home. */
export function withoutHome(text: string): string {
  const folder = home();
  return folder === null ? text : text.replaceAll(folder, `~${sep}`);
}

/** The path again. */
export function expandHome(path: string): string {
  const folder = home();
  return folder !== null && path.startsWith(`~${sep}`) ? folder + path.slice(2) : path;
}
