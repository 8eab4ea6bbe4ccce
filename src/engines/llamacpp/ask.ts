/** Asks a child, and states its failures as a case's record does. */
import { oomKills } from "../../machine/oomKills.ts";
import type { Answer, LlamaChild, RequestOptions } from "./llamaChild.ts";
import type { ChildRequest, ChildResults } from "./protocol.ts";
import { toEngineError } from "./toEngineError.ts";

/** @throws {EngineError}; {Interrupted} */
export async function ask<Request extends ChildRequest>(
  child: LlamaChild,
  request: Request,
  watch: RequestOptions,
): Promise<Answer<ChildResults[Request["type"]]>> {
  const killsBefore = oomKills();
  try {
    return await child.request(request, watch);
  } catch (error) {
    throw toEngineError(error, killsBefore !== null && (oomKills() ?? 0) > killsBefore);
  }
}
