/** Flags of `compare`. */
import { mixNames } from "../compare/answers/mixes.ts";
import { allowWords } from "../reporters/compare/words/settings.ts";
import { list, scalar, toggle } from "../flags/flag.ts";
import { file, integer, shareOrNone, speed, text, word } from "../flags/valueKinds.ts";

export const compareFlags = {
  baseline: scalar(text("a machine's label, or a file", "NAME"), null, {
    name: "baseline",
    help: "what the others are compared with (the first file)",
  }),
  practical: scalar(shareOrNone(), 0.03, {
    name: "practical",
    help: "difference that matters",
  }),
  usable: scalar(speed(), 5, {
    name: "usable",
    help: "below it a machine runs a model too slowly to use",
  }),
  allow: list(word(allowWords), [], {
    name: "allow",
    help: "settings that may differ although they change the meaning",
  }),
  promptTokens: scalar(integer(0), null, {
    name: "prompt-tokens",
    help: "tokens that are read for an answer; beside --output-tokens: seconds per answer",
  }),
  outputTokens: scalar(integer(1), null, {
    name: "output-tokens",
    help: "tokens that are written for an answer",
  }),
  mix: list(word(mixNames), [], {
    name: "mix",
    help: "usual mixes of reading and writing: seconds per answer",
  }),
  prices: scalar(file(), null, {
    name: "prices",
    help: "YAML of prices of whole boxes: shown below the answer",
  }),
  json: toggle({ name: "json", help: "print JSON" }),
  csv: scalar(file(), null, { name: "csv", help: "write the pairs as CSV" }),
  html: scalar(file(), null, { name: "html", help: "write one page with pictures" }),
  markdown: scalar(file(), null, {
    name: "markdown",
    aliases: ["md"],
    help: "write Markdown, with its pictures beside it",
  }),
  verbose: toggle({
    name: "verbose",
    help: "every pair, bars and every sentence above the answer; stacks of errors",
  }),
};
