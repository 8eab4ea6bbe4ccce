import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";

/** The name of the user whose file it is, or the number where the system has no name for it. */
export function fileOwner(path: string): string {
  try {
    const { uid } = statSync(path);
    return userName(uid) ?? `user ${uid}`;
  } catch {
    return "another user";
  }
}

function userName(uid: number): string | null {
  try {
    return execFileSync("id", ["-nu", String(uid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return null;
  }
}
