/** Asks a child, and states its failures as a case's record does. */
import { askChild } from "../child/engineErrors.ts";
import type { Answer, RequestOptions } from "../child/requestChild.ts";
import type { LlamaChild } from "./llamaChild.ts";
import type { ChildRequest, ChildResults } from "./protocol.ts";
import { llamaWords } from "./toEngineError.ts";

/** @throws {EngineError}; {Interrupted} */
export function ask<Request extends ChildRequest>(
  child: LlamaChild,
  request: Request,
  watch: RequestOptions,
): Promise<Answer<ChildResults[Request["type"]]>> {
  return askChild(() => child.request(request, watch), llamaWords);
}
