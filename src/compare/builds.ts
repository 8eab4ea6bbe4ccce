/** How far apart two rows' llama.cpp builds are. */
import type { CaseRow } from "../results/caseResult.ts";

/** Releases between two builds beyond which speeds moved enough to decide a comparison by themselves. */
export const farApartReleases = 200;

/**
 * `same`, `near` (known and within 200 releases), `far`, or `unknown`: no way to tell.
 * llama.cpp numbers its releases by commit (`b2824`); a tagged version (`v0.4.0`) stands in no such row.
 */
export type BuildDistance = "same" | "near" | "far" | "unknown";

export function buildDistance(a: CaseRow, b: CaseRow): BuildDistance {
  if (
    a.build_commit !== null &&
    b.build_commit !== null &&
    sameCommit(a.build_commit, b.build_commit)
  )
    return "same";
  const [numberA, numberB] = [releaseNumber(a), releaseNumber(b)];
  if (numberA !== null && numberB !== null) {
    if (numberA === numberB) return "same";
    return Math.abs(numberA - numberB) <= farApartReleases ? "near" : "far";
  }
  const bothNamed = a.engine_version !== null && a.engine_version === b.engine_version;
  const commitsDiffer = a.build_commit !== null && b.build_commit !== null;
  return bothNamed && !commitsDiffer ? "same" : "unknown";
}

/** `b2824 (4426e298)`, whichever of the two is known; null for neither. */
export function buildOf({ engine_version, build_commit }: CaseRow): string | null {
  if (engine_version === null || build_commit === null) return engine_version ?? build_commit;
  return `${engine_version} (${build_commit})`;
}

function releaseNumber({ engine_version }: CaseRow): number | null {
  const match = /^b(\d+)$/.exec(engine_version ?? "");
  return match ? Number(match[1]) : null;
}

/** git shortens a commit to as many digits as its repository needs. */
function sameCommit(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  return length >= 7 && a.slice(0, length) === b.slice(0, length);
}
