/** Waits for all; the first failure ends the others, and is thrown when none runs any more. */
export async function allOrAbort(
  running: readonly Promise<unknown>[],
  stop: AbortController,
): Promise<void> {
  try {
    await Promise.all(running);
  } catch (error) {
    stop.abort(error);
    throw error;
  } finally {
    await Promise.allSettled(running);
  }
}
