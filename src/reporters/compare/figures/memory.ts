/** Memory that each model needs at the context of use, stacked, against each machine's GPU budget. */
import { groupBy } from "../../../base/groupBy.ts";
import type { Machine } from "../../../compare/machines.ts";
import { modelsOn, type ModelOnMachine } from "../../../compare/modelOnMachine.ts";
import { chart, type Figure } from "../figure.ts";
import { chartWidth } from "../theme.ts";
import { gib } from "../words/phrases.ts";
import { budgetLines, budgetMark } from "./budgets.ts";

const rowHeight = 30;
const mostModels = 24;
const bytesPerGib = 2 ** 30;

/** Null where nobody says what a model weighs. */
export function memoryFigure(machines: readonly Machine[]): Figure | null {
  const needs = needsOf(machines).slice(0, mostModels);
  if (needs.length === 0) return null;
  const largest =
    1.05 *
    Math.max(
      ...needs.map(({ all }) => all),
      ...machines.map(({ gpuBudgetBytes }) => (gpuBudgetBytes ?? 0) / bytesPerGib),
    );
  const budgets = budgetLines(machines, chartWidth / largest);
  const facts = needs.map((need) => factOf(need, machines));
  const rows = needs.map((need, index) => ({
    ...need,
    y: index * rowHeight + 13,
    textY: index * rowHeight + 10,
    said: facts[index],
  }));
  const height = needs.length * rowHeight;
  return {
    id: "memory",
    title:
      "Memory needed at the context of use: weights (dark), KV cache and compute buffers (light), against GPU budgets (lines)",
    facts,
    spec: chart(
      {
        height,
        data: [
          { name: "needs", values: rows },
          { name: "budgets", values: [...budgets] },
        ],
        scales: [{ name: "x", type: "linear", domain: [0, largest], range: "width" }],
        axes: [{ orient: "bottom", scale: "x", title: "GiB", tickCount: 6, format: "~f" }],
        marks: [
          segment("weights", 0, 0.75),
          segment("all", "weights", 0.35),
          budgetMark(height),
          {
            type: "text",
            from: { data: "needs" },
            encode: {
              enter: {
                x: { value: 0 },
                y: { field: "textY" },
                text: { field: "name" },
                fontWeight: { value: 600 },
              },
            },
          },
        ],
      },
      machines.map(({ label }) => label),
      budgets.map(({ series }) => series),
    ),
  };
}

interface Need {
  readonly name: string;
  /** GiB. */
  readonly weights: number;
  readonly all: number;
  readonly context: number | null;
}

/** The most that any machine says, each model once: KV cache and buffers depend little on the machine. */
function needsOf(machines: readonly Machine[]): Need[] {
  const known = machines.flatMap(modelsOn).filter(({ neededBytes }) => neededBytes !== null);
  return [...groupBy(known, ({ name }) => name).values()].flatMap(([first, ...rest]) => {
    if (first === undefined) return [];
    const most = rest.reduce(
      (a, b) => ((b.neededBytes ?? 0) > (a.neededBytes ?? 0) ? b : a),
      first,
    );
    return [needOf(most)];
  });
}

function needOf({ name, weightsBytes, neededBytes, contextTokens }: ModelOnMachine): Need {
  return {
    name,
    weights: (weightsBytes ?? 0) / bytesPerGib,
    all: (neededBytes ?? 0) / bytesPerGib,
    context: contextTokens,
  };
}

function factOf({ name, all, context }: Need, machines: readonly Machine[]): string {
  const at = context === null ? "" : ` at ${context} tokens`;
  const bytes = all * bytesPerGib;
  const fits = machines.flatMap(({ label, gpuBudgetBytes: budget }) =>
    budget === null
      ? []
      : [`${bytes <= budget ? "within" : "beyond"} the ${gib(budget)} of ${label}`],
  );
  return [`${name} needs ${gib(bytes)}${at}`, ...fits].join(", ");
}

function segment(to: "weights" | "all", from: "weights" | 0, opacity: number) {
  return {
    type: "rect" as const,
    from: { data: "needs" },
    encode: {
      enter: {
        x: from === 0 ? { scale: "x", value: 0 } : { scale: "x", field: from },
        x2: { scale: "x", field: to },
        y: { field: "y" },
        height: { value: 13 },
        fill: { value: "var(--soft)" },
        opacity: { value: opacity },
        description: { field: "said" },
      },
    },
  };
}
