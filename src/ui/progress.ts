/** What a command says while it works: bars on a terminal, plain lines elsewhere, nothing when asked to be quiet. */
import { SingleBar } from "cli-progress";
import { printable } from "../base/printable.ts";
import { wrapped } from "../base/wrap.ts";
import { barLine } from "./barLine.ts";

/** Work whose length is known. */
export interface Step {
  /** What is being done, in the present: `writing llama-2-7b q4_0`. */
  readonly label: string;
  readonly total: number;
  /** Written behind the label as the step goes on: `2.10 GiB of 3.56 GiB`. */
  readonly describe?: (done: number) => string;
  /** In lines, a step that takes minutes says each quarter of its way. */
  readonly quarters?: boolean;
}

export interface Progress {
  /** A line that stays: a phase, a result. */
  line(text: string): void;
  /** A line that stays even where progress is not wanted. */
  warn(text: string): void;
  /** Begins a step; one that is under way ends. */
  begin(step: Step): void;
  advance(done: number): void;
  end(): void;
}

export type ProgressStyle = "bars" | "lines" | "silent";

type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

export function progressStyle(quiet: boolean, output: Output = process.stderr): ProgressStyle {
  if (quiet) return "silent";
  // A dumb terminal shows what moves the cursor as letters.
  return output.isTTY === true && process.env["TERM"] !== "dumb" ? "bars" : "lines";
}

export function createProgress(style: ProgressStyle, output: Output = process.stderr): Progress {
  const width = () => (output.isTTY === true && output.columns ? output.columns : Infinity);
  const write = (text: string) => void output.write(`${wrapped(printable(text), width())}\n`);
  switch (style) {
    case "bars":
      return barProgress(output, width, write);
    case "lines":
      return lineProgress(write);
    case "silent":
      return { line() {}, warn: write, begin() {}, advance() {}, end() {} };
    default:
      return style satisfies never;
  }
}

function detail(step: Step, done: number): string {
  return step.describe === undefined ? "" : ` ${step.describe(done)}`;
}

function barProgress(output: Output, width: () => number, write: (text: string) => void): Progress {
  let bar: SingleBar | undefined;
  let step: Step | undefined;
  let done = 0;

  const draw = (current: Step) => {
    bar = new SingleBar({
      stream: output,
      // Asked at each redraw, so that times go on while a step does.
      format: (_, { progress }) =>
        barLine({ label: current.label, share: progress, detail: detail(current, done) }, width()),
      // Each redraw takes a core's time from the measurement.
      fps: 4,
      clearOnComplete: true,
      // The command decides what a signal means; the library would only stop the bar.
      gracefulExit: false,
    });
    bar.start(Math.max(current.total, 1), done);
  };
  const erase = () => {
    bar?.stop();
    bar = undefined;
  };
  /** Text scrolls above the bar instead of through it. */
  const above = (text: string) => {
    erase();
    write(text);
    if (step !== undefined) draw(step);
  };
  return {
    line: above,
    warn: above,
    begin(next) {
      erase();
      step = next;
      done = 0;
      draw(next);
    },
    advance(value) {
      done = value;
      bar?.update(value);
    },
    end() {
      erase();
      step = undefined;
    },
  };
}

/** A log keeps every line, so that a step says no more than that it began, a long one each quarter of its way too. */
function lineProgress(write: (text: string) => void): Progress {
  let step: Step | undefined;
  let quarter = 0;
  return {
    line: write,
    warn: write,
    begin(next) {
      step = next;
      quarter = 0;
      write(next.label);
    },
    advance(done) {
      if (step?.quarters !== true || step.total <= 0) return;
      const reached = Math.min(4, Math.floor((4 * done) / step.total));
      if (reached <= quarter) return;
      quarter = reached;
      if (reached < 4) write(`${step.label}: ${reached * 25}%${detail(step, done)}`);
    },
    end() {
      step = undefined;
    },
  };
}
