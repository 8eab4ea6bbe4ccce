/** The machine to ourselves, for as long as something is measured. */
import { lockMachine } from "./lock.ts";
import { stayAwake } from "./stayAwake.ts";

/**
 * Keeps other runs off, unless `besideOthers`, and the machine awake.
 *
 * @returns what gives it back.
 * @throws LlmbenchError `output` where another run has it.
 */
export async function reserveMachine(besideOthers: boolean): Promise<() => void> {
  const lock = besideOthers ? null : await lockMachine();
  const sleepAgain = await stayAwake();
  return () => {
    sleepAgain();
    lock?.release();
  };
}
