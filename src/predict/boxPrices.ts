/** What boxes cost, as the user's own YAML says: prices change, so each has a date. */
import { z } from "zod";
import { didYouMean } from "../base/suggest.ts";
import { readYamlFile, shownPath } from "../base/yamlFile.ts";
import { LlmbenchError } from "../errors.ts";

const date = z.iso.date("expected a date, as 2026-11-01");
const amount = z.number().positive();

const priceFileSchema = z.strictObject({
  /** ISO 4217: `EUR`. */
  currency: z.string().regex(/^[A-Z]{3}$/, "expected a currency's three letters, as EUR"),
  /** When these prices were asked for. */
  date,
  /** By machine id or alias: of the whole box, not of the card. */
  boxes: z.record(
    z.string(),
    z.union([amount, z.strictObject({ price: amount, date: date.optional() })]),
  ),
});

export interface BoxPrice {
  readonly amount: number;
  readonly currency: string;
  /** `2026-11-01`. */
  readonly date: string;
}

interface NamedMachine {
  readonly id: string;
  readonly aliases: readonly string[];
}

/**
 * Prices by machine id.
 *
 * @throws LlmbenchError `config` where the file is missing, malformed, or names a machine that isn't known.
 */
export function readBoxPrices(
  path: string,
  machines: readonly NamedMachine[],
): ReadonlyMap<string, BoxPrice> {
  const file = readYamlFile(path, priceFileSchema);
  const names = machines.flatMap(({ id, aliases }) => [id, ...aliases]);
  return new Map(
    Object.entries(file.boxes).map(([name, box]) => {
      const typed = name.toLowerCase();
      const machine = machines.find(
        ({ id, aliases }) => id.toLowerCase() === typed || aliases.includes(typed),
      );
      if (machine === undefined) {
        throw new LlmbenchError(
          "config",
          `${shownPath(path)}: boxes: unknown machine ${name}${didYouMean(typed, names)}`,
        );
      }
      const price = typeof box === "number" ? { price: box } : box;
      return [
        machine.id,
        { amount: price.price, currency: file.currency, date: price.date ?? file.date },
      ];
    }),
  );
}
