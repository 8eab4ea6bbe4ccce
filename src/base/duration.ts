/** Spans of time as people read them. */

/** `8 s`, `2 min 10 s`, `1 h 5 min`: two units at most, nothing below a second. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = whole < 3600 ? Math.floor(whole / 60) : Math.round(whole / 60);
  return minutes < 60
    ? joined([minutes, "min"], [whole % 60, "s"])
    : joined([Math.floor(minutes / 60), "h"], [minutes % 60, "min"]);
}

function joined(...parts: readonly (readonly [number, string])[]): string {
  return parts
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(" ");
}
