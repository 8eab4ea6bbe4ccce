/** A command to copy: the line, and a button that takes it. */
import { escapeHtml } from "../escape.ts";

export function commandBlock(text: string, label: string): string {
  const name = escapeHtml(label);
  return `<div class="command">
<pre tabindex="0" role="group" aria-label="${name}">${escapeHtml(text)}</pre>
<button type="button" class="copy" aria-label="Copy: ${name}">Copy</button>
</div>`;
}

/** Where the browser has no clipboard for pages from disk, the text is selected. */
export const copyScript = `
for (const button of document.querySelectorAll("button.copy")) {
  button.addEventListener("click", async () => {
    const pre = button.parentElement.querySelector("pre");
    try {
      await navigator.clipboard.writeText(pre.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(pre);
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
}
`;
