/** Keeps the machine awake while it measures: idle sleep would fall into a repetition of a long sweep. */
import { spawn } from "node:child_process";

/** ES_CONTINUOUS and ES_SYSTEM_REQUIRED (winbase.h, SetThreadExecutionState). */
const continuous = 0x8000_0000;
const systemRequired = 0x0000_0001;

/**
 * Where the system refuses or lacks its tool, it stays as it was: a machine that slept is noticed in any case.
 * @returns what lets it sleep again; a process that dies lets it too.
 */
export async function stayAwake(): Promise<() => void> {
  if (process.platform === "win32") return await ofThisThread();
  if (process.platform === "darwin") {
    return held("caffeinate", ["-i", "-w", String(process.pid)]);
  }
  return held("systemd-inhibit", [
    "--what=idle:sleep",
    "--who=llmbench",
    "--why=a benchmark is running",
    // Ends with its standard input, which is ours to close.
    "cat",
  ]);
}

function held(tool: string, args: readonly string[]): () => void {
  // A group of its own: the terminal's first Ctrl-C ends the sweep in order, still awake.
  const child = spawn(tool, args, { stdio: ["pipe", "ignore", "ignore"], detached: true });
  child.on("error", () => {});
  child.stdin.on("error", () => {});
  child.unref();
  return () => {
    child.stdin.destroy();
    child.kill();
  };
}

async function ofThisThread(): Promise<() => void> {
  const { default: koffi } = await import("koffi");
  const set = koffi
    .load("kernel32.dll")
    .func("uint32_t __stdcall SetThreadExecutionState(uint32_t flags)");
  set(continuous | systemRequired);
  return () => void set(continuous);
}
