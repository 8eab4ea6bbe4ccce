import { torch } from "../../../src/engines/torch/row.ts";
import { trainingSubject } from "../python/trainingSubject.ts";

export const subject = trainingSubject("torch", torch);
