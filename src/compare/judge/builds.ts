/** How far apart the builds are that two cases ran. */
import type { EngineFacts } from "../../bench/record.ts";

/** Releases between two builds beyond which speeds moved enough to decide a comparison by themselves. */
export const farApartReleases = 200;

/**
 * `same`, `near` (known and within 200 releases), `far`, or `unknown`: no way to tell.
 * llama.cpp numbers its releases by commit (`b2824`); a tagged version (`v0.4.0`) stands in no such row.
 */
export type BuildDistance = "same" | "near" | "far" | "unknown";

export function buildDistance(a: EngineFacts, b: EngineFacts): BuildDistance {
  if (a.commit !== null && b.commit !== null && sameCommit(a.commit, b.commit)) return "same";
  const [numberA, numberB] = [releaseNumber(a), releaseNumber(b)];
  if (numberA !== null && numberB !== null) {
    if (numberA === numberB) return "same";
    return Math.abs(numberA - numberB) <= farApartReleases ? "near" : "far";
  }
  const bothNamed = a.version !== null && a.version === b.version;
  const commitsDiffer = a.commit !== null && b.commit !== null;
  return bothNamed && !commitsDiffer ? "same" : "unknown";
}

/** `b2824 (4426e298)`, whichever of the two is known; null for neither. */
export function buildName({ version, commit }: EngineFacts): string | null {
  if (version === null || commit === null) return version ?? commit;
  return `${version} (${commit})`;
}

function releaseNumber({ version }: EngineFacts): number | null {
  const match = /^b(\d+)$/.exec(version ?? "");
  return match ? Number(match[1]) : null;
}

/** git shortens a commit to as many digits as its repository needs. */
function sameCommit(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  return length >= 7 && a.slice(0, length) === b.slice(0, length);
}
