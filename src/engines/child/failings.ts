/** How a run in a child that lives ends without a result. */

export const workNotDone = { status: "failed", code: "work_not_done" } as const;
export const refused = { status: "failed", code: "engine_error" } as const;
