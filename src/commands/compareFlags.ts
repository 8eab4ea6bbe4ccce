/** Flags of `compare`. */
import { mixNames } from "../compare/answers/mixes.ts";
import { allowWords } from "../reporters/compare/words/settings.ts";
import { list, scalar, toggle } from "../flags/flag.ts";
import { file, integer, speed, text, word } from "../flags/valueKinds.ts";
import type { ValueKind } from "../flags/valueKinds.ts";

/** A share: `3%`, or `0.03`. */
const share: ValueKind<number> = {
  expected: "a share such as 3% or 0.03",
  argument: "SHARE",
  commaSeparates: false,
  json: { type: "string" },
  read(value) {
    const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(String(value).trim());
    const number = Number(match?.[1]) / (match?.[2] === "%" ? 100 : 1);
    return number < 1 ? [number] : undefined;
  },
};

const inSuite = false;

export const compareFlags = {
  baseline: scalar(text("a machine's label, or a file", "NAME"), null, {
    name: "baseline",
    help: "what the others are compared with (the first file)",
    inSuite,
  }),
  practical: scalar(share, 0.03, {
    name: "practical",
    help: "difference that matters",
    inSuite,
  }),
  usable: scalar(speed(), 5, {
    name: "usable",
    help: "below it a machine runs a model too slowly to use",
    inSuite,
  }),
  allow: list(word(allowWords), [], {
    name: "allow",
    help: "settings that may differ although they change the meaning",
    inSuite,
  }),
  promptTokens: scalar(integer(0), null, {
    name: "prompt-tokens",
    help: "tokens that are read for an answer; beside --output-tokens: seconds per answer",
    inSuite,
  }),
  outputTokens: scalar(integer(1), null, {
    name: "output-tokens",
    help: "tokens that are written for an answer",
    inSuite,
  }),
  mix: list(word(mixNames), [], {
    name: "mix",
    help: "usual mixes of reading and writing: seconds per answer",
    inSuite,
  }),
  prices: scalar(file(), null, {
    name: "prices",
    help: "YAML of prices of whole boxes: shown below the answer",
    inSuite,
  }),
  json: toggle({ name: "json", help: "print JSON", inSuite }),
  csv: scalar(file(), null, { name: "csv", help: "write the pairs as CSV", inSuite }),
  html: scalar(file(), null, { name: "html", help: "write one page with pictures", inSuite }),
  markdown: scalar(file(), null, {
    name: "markdown",
    aliases: ["md"],
    help: "write Markdown, with its pictures beside it",
    inSuite,
  }),
  verbose: toggle({
    name: "verbose",
    help: "every pair, bars and every sentence above the answer; stacks of errors",
    inSuite,
  }),
};
