/** What a cliff shows, as text: points, walls, both ends of each line, and where the winner flips. */
import type { CliffLine, Place } from "../../../../compare/sizes/cliff.ts";
import { threeDigits } from "../../../format.ts";
import { gib } from "../../words/phrases.ts";
import type { CliffPicture, MeasuredPoint } from "./picture.ts";

export const placeWords = {
  held: "on its GPU",
  raised: "on its GPU at a raised limit",
  offloaded: "with layers on the CPU",
} as const satisfies Record<Place, string>;

/** One a line. */
export function factsOf(picture: CliffPicture): string[] {
  const { points, cliff, walls, unit } = picture;
  return [
    ...points.map((point) => pointText(point, unit)),
    ...walls.map(
      ({ label, bytes, raised }) =>
        `${label}: its GPU holds ${gib(bytes)}${raised ? " if Metal's limit is raised" : ""}`,
    ),
    ...(cliff?.lines ?? []).flatMap((line) => lineTexts(line, picture)),
    ...(cliff?.flips ?? []).map(
      ({ before, after, from, to }) =>
        `predicted: from ${after} being slower than ${before} to being faster between ${gib(from)} and ${gib(to)}`,
    ),
  ];
}

/** `llama-3-8b q4_k_m (4.6 GiB), m3-max: 50.7 t/s`. */
export function pointText(
  { model, series, neededBytes, value, onGpu }: MeasuredPoint,
  unit: string,
): string {
  const place = onGpu ? "" : `, ${placeWords.offloaded}`;
  return `${model} (${gib(neededBytes)}), ${series}: ${threeDigits(value)} ${unit}${place}`;
}

function lineTexts(
  { label, points }: CliffLine,
  { unit, valueOf }: Pick<CliffPicture, "unit" | "valueOf">,
): string[] {
  return (Object.keys(placeWords) as Place[]).flatMap((place) => {
    const [first, last] = [points[place][0], points[place].at(-1)];
    if (first === undefined || last === undefined) return [];
    const [from, to] = [first, last].map(
      ({ neededBytes, seconds }) =>
        `${threeDigits(valueOf(seconds.centre))} ${unit} at ${gib(neededBytes)}`,
    );
    return [`${label}, predicted ${placeWords[place]}: ${from} to ${to}`];
  });
}
