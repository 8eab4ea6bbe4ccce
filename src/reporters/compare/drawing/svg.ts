/** Pictures as SVG text, drawn without a browser; the same text each time. */
import type { Spec } from "vega";
import { escapeHtml } from "../../escape.ts";
import { plain } from "../../format.ts";

/**
 * Coordinates to a hundredth of a pixel. Vega says what a mark means in `aria-label`, which no pointer shows: as `<title>` it appears on hovering, and the
 * picture as a whole is one image to a screen reader, told by its label.
 */
export async function drawSvg(spec: Spec, label: string): Promise<string> {
  // Loaded by whoever draws: it takes 0.2 s.
  const { parse, View } = await import("vega");
  const drawn = await new View(parse(spec), { renderer: "none" }).toSVG();
  return plain(drawn)
    .replaceAll(/ (?:d|transform|[xy][12]?)="[^"]*"/g, (attribute) =>
      attribute.replaceAll(/(?<=\.\d\d)\d+/g, ""),
    )
    .replaceAll(
      /<(path|line|text)((?: [^>]*?)?) aria-label="([^"]*)"([^>]*?)(?:\/>|>([^<]*)<\/\1>)/g,
      (_, tag: string, before: string, title: string, after: string, content = "") =>
        `<${tag}${before}${after}><title>${title}</title>${content}</${tag}>`,
    )
    .replaceAll(/ (?:role|aria-roledescription|aria-label|aria-hidden|pointer-events)="[^"]*"/g, "")
    .replace(
      /^<svg([^>]*?) class="marks" width="([\d.]+)" height="([\d.]+)"/,
      `<svg$1 role="img" aria-label="${escapeHtml(plain(label))}" width="$2" height="$3"`,
    );
}
