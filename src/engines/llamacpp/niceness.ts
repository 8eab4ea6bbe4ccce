/** The priorities that llama.cpp has for a process, as the system counts them, and whether it gives them to this one. */
import { constants, getPriority, setPriority } from "node:os";
import type { Priority } from "../../bench/settings.ts";

/** Niceness (`set_process_priority`); on Windows Node finds the class that the number lies in, and 5 would be the normal one. */
export const niceness: Readonly<Record<Priority, number>> = {
  [-1]: process.platform === "win32" ? constants.priority.PRIORITY_BELOW_NORMAL : 5,
  0: 0,
  1: -5,
  2: -10,
  3: -20,
};

/**
 * Tried and taken back: limits, capabilities and containers each have a say in it. A process may always become nicer, which
 * nothing takes back, so that alone isn't tried.
 *
 * @returns what the system says against it; null where nothing
 */
export function refusedPriority(priority: Priority): string | null {
  // llama.cpp leaves the process as it is.
  if (priority === 0) return null;
  const current = getPriority();
  if (niceness[priority] >= current) return null;
  try {
    setPriority(niceness[priority]);
    setPriority(current);
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

export function priorityRefused(priority: Priority, code: string): string {
  return `--prio ${priority}: the system gives this process no such priority (${code}); run as a user who may raise one, or leave --prio out`;
}
