/** Which case, how it ended, what it computed. */
import { z } from "zod";
import { statuses } from "../../bench/statuses.ts";
import { generatedTokens, promptTokens, testName } from "../../bench/workload.ts";
import { reasonCell, warningText } from "../codes.ts";
import { schemaVersion } from "../schemaVersion.ts";
import { count, fieldsOf, made, real, text, texts } from "./column.ts";

const own = fieldsOf("case");

export const caseColumns = {
  schema_version: made(
    z.number().int(),
    () => schemaVersion,
    "",
    "version of this contract",
    "never",
  ),
  run_id: own("runId", z.string(), "", "the run that the row belongs to", "never"),
  case_id: own(
    "id",
    z.string(),
    "",
    "digest of the requested settings, the model and the engine build; the same case has the same id in every run",
    "never",
  ),
  status: made(z.enum(statuses), ({ status }) => status, "", "see below", "never"),
  reason: made(text, reasonCell, "", "code and text, see below", "measured"),
  test: made(
    z.string(),
    ({ workload }) => testName(workload),
    "",
    "`pp512`, `tg128`, `pp512+tg128`, each with ` @ d4096` at depth; `copy`, `read q4_k`, `matmul4096 f16`",
    "never",
  ),
  n_prompt: made(
    z.number().int(),
    ({ workload }) => promptTokens(workload),
    "tokens",
    "prompt tokens of a repetition",
    "never",
  ),
  n_gen: made(
    z.number().int(),
    ({ workload }) => generatedTokens(workload),
    "tokens",
    "generated tokens of a repetition",
    "never",
  ),
  n_depth: made(
    z.number().int(),
    ({ workload }) => workload.depth,
    "tokens",
    "tokens in the KV cache before",
    "never",
  ),
  predicted_ts: own(
    "predictedTs",
    real,
    "tokens/s",
    "predicted speed; of what does not fit, as if the memory were there; never mixed into measured columns",
    "not predicted",
  ),
  seed: own("seed", count, "", "seed of the tokens", "unknown"),
  warnings: made(texts, ({ warnings }) => warnings.map(warningText), "", "see below", "none"),
  test_time: own(
    "testTime",
    text,
    "",
    "when the measurement began, ISO 8601 in UTC; of a published figure the month or the year alone: `2024-05`",
    "not measured, or not told",
  ),
} as const;
