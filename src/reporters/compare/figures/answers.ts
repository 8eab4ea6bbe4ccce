/** Seconds per answer over the mix of what is read and what is written. */
import { answerTime, byModel, type ModelPace } from "../../../compare/answers/modelPace.ts";
import { hasRoom } from "../../../compare/answers/room.ts";
import type { Figure } from "../figure.ts";
import { noRoomOf, secondsText } from "../words/answers.ts";
import { lineChart } from "./lines.ts";

const steps = 20;
const mostFigures = 2;

/** The largest models that two machines or more ran, at a fixed sum of tokens that one of them holds at least. */
export function answerFigures(
  paces: readonly ModelPace[],
  totalTokens: number,
  series: readonly string[],
): Figure[] {
  const models = [...byModel(paces)].flatMap(([name, own]) => {
    const able = own.filter((pace) => hasRoom(pace, totalTokens));
    const unable = own.filter((pace) => !able.includes(pace));
    return own.length > 1 && able.length > 0 ? [{ name, able, unable }] : [];
  });
  return models.slice(-mostFigures).map(({ name, able, unable }, index) => {
    const points = able.flatMap((pace) => pointsOf(pace, totalTokens));
    return {
      id: `answers-${index + 1}`,
      title: `${name}: seconds per answer of ${totalTokens} tokens, by how many of them are read`,
      spec: lineChart({
        points,
        series,
        xTitle: "tokens read; the rest is written",
        yTitle: "seconds",
        withDots: false,
      }),
      facts: [
        ...points.filter((_, at) => at % (steps / 4) === 0).map(({ said }) => said),
        ...noRoomOf(unable, totalTokens).map((said) => `${name}: ${said}`),
      ],
    };
  });
}

function pointsOf(pace: ModelPace, totalTokens: number) {
  return Array.from({ length: steps + 1 }, (_, step) => {
    const promptTokens = Math.round((totalTokens * step) / steps);
    const time = answerTime(pace, { promptTokens, outputTokens: totalTokens - promptTokens });
    const { label } = pace.machine;
    return {
      series: label,
      x: promptTokens,
      low: time.low,
      high: time.high,
      said: `${pace.name}, ${label}, ${promptTokens} of ${totalTokens} read: ${secondsText(time)}`,
    };
  });
}
