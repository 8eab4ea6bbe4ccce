/** What a system's own tool prints; null where the tool is missing, fails or takes too long. */
import { execFile } from "node:child_process";

export function commandOutput(
  file: string,
  args: readonly string[],
  timeoutMs = 2000,
): Promise<string | null> {
  return new Promise((resolve) => {
    const options = { timeout: timeoutMs, windowsHide: true, maxBuffer: 1 << 20 };
    execFile(file, [...args], options, (error, stdout) => resolve(error === null ? stdout : null));
  });
}
