/**
 * Foreign text made fit for a terminal: characters that it would obey, or that hide or turn other text (Unicode's
 * category C), stand as their numbers. Line breaks stay.
 */
export function printable(text: string): string {
  return text.replaceAll(
    /[^\P{C}\n]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16).toUpperCase()}}`,
  );
}
