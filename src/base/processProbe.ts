/** What the system says of a process: when it began, and whether it does anything. Linux tells in /proc, others by a tool. */
import { execFile } from "node:child_process";
import { systemText } from "./systemFile.ts";

/**
 * A text that no other process of this machine has had, even under the same number: the moment that the process began.
 * Null where no such process lives, or the system doesn't tell.
 */
export async function processStart(pid: number): Promise<string | null> {
  if (process.platform === "linux") return linuxStart(pid);
  if (process.platform === "win32") return cimAnswer(pid, "$_.CreationDate.ToFileTimeUtc()");
  return psAnswer(pid, "lstart=");
}

/** Whether the process that `processStart` answered `start` for still lives. In doubt it does. */
export async function stillRuns(pid: number, start: string | null): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const now = await processStart(pid);
  if (now === null) return process.platform !== "linux";
  return start === null || start === now;
}

/**
 * A text that stays the same just as long as the process neither computes nor reads or writes; null where the system
 * doesn't tell. macOS counts no I/O by process, but a page that is read costs its reader time.
 */
export async function processActivity(pid: number): Promise<string | null> {
  if (process.platform === "linux") return linuxActivity(pid);
  if (process.platform === "win32") return cimAnswer(pid, `"${windowsCounters.join(" ")}"`);
  return psAnswer(pid, "time=");
}

/** Of Win32_Process: 100 ns of processor time, bytes. */
const windowsCounters = [
  "UserModeTime",
  "KernelModeTime",
  "ReadTransferCount",
  "WriteTransferCount",
  "OtherTransferCount",
].map((name) => `$($_.${name})`);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process is alive too.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Fields of /proc/PID/stat from the third on (proc_pid_stat(5)); the second, a name, may hold spaces and parentheses. */
function linuxStat(pid: number): string[] | null {
  const stat = systemText(`/proc/${pid}/stat`);
  return stat === null ? null : stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

const statField = { state: 3, utime: 14, stime: 15, starttime: 22 } as const;
const field = (stat: readonly string[], name: keyof typeof statField) => stat[statField[name] - 3];

/** Clock ticks since boot, and which boot. A process that nobody waited for is there by number only. */
function linuxStart(pid: number): string | null {
  const stat = linuxStat(pid);
  if (stat === null || field(stat, "state") === "Z") return null;
  const boot = systemText("/proc/sys/kernel/random/boot_id");
  return `${boot?.trim() ?? ""} ${field(stat, "starttime")}`;
}

function linuxActivity(pid: number): string | null {
  const stat = linuxStat(pid);
  if (stat === null) return null;
  // Kernels may be built without I/O accounting.
  return `${field(stat, "utime")} ${field(stat, "stime")} ${systemText(`/proc/${pid}/io`) ?? ""}`;
}

function psAnswer(pid: number, format: string): Promise<string | null> {
  return toolAnswer("ps", ["-o", format, "-p", String(pid)]);
}

function cimAnswer(pid: number, values: string): Promise<string | null> {
  const query = `Get-CimInstance Win32_Process -Filter 'ProcessId=${pid}' | ForEach-Object { ${values} }`;
  return toolAnswer("powershell.exe", ["-NoProfile", "-NonInteractive", "-Command", query]);
}

/** PowerShell takes seconds to start on a busy machine. */
const toolTimeoutMs = 15_000;

function toolAnswer(file: string, args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const options = {
      timeout: toolTimeoutMs,
      windowsHide: true,
      // A date in the same words whatever the user's language and season.
      env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
    };
    execFile(file, [...args], options, (error, stdout) => {
      const answer = error === null ? stdout.trim() : "";
      resolve(answer === "" ? null : answer);
    });
  });
}
