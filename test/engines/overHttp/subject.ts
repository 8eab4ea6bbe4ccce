import type { Subject } from "../subject.ts";
import { overHttp } from "./engine.ts";
import { serve, servedModel } from "./server.ts";

export const subject: Subject = {
  name: "over-http",
  row: overHttp,
  own: { endpoint: await serve() },
  model: servedModel,
  noModel: "no such model",
  inChild: false,
};
