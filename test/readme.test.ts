import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseCommand } from "../src/cli/parseCommand.ts";
import { commands, isCommandName } from "../src/commands/registry.ts";
import { llmbench } from "./cli/llmbench.ts";

const readme = readFileSync(fileURLToPath(new URL("../README.md", import.meta.url)), "utf8");
const blocks = [...readme.matchAll(/^```\n([^]*?)^```$/gmu)].map(([, text]) => text ?? "");

describe("README.md", () => {
  it("opens with a comparison and the answer that it prints", () => {
    const [command = "", answer] = blocks;
    const [start, args = ""] = command.trimEnd().split(" -- ");
    expect(start).toBe("npm start");
    const { status, stdout } = llmbench(args.split(" "));
    expect(status).toBe(0);
    expect(stdout.split("\n\n").at(-1)).toBe(answer);
  });

  it("links to files that are there, its picture among them", () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)[^)]*\)/gu)].map(([, link]) => link ?? "");
    const files = links.filter((link) => !link.includes("://"));
    expect(files.some((file) => file.endsWith(".svg"))).toBe(true);
    const missing = files.filter((file) => !existsSync(new URL(`../${file}`, import.meta.url)));
    expect(missing).toEqual([]);
  });
});

/** Command lines that a page shows, as a shell takes them apart. */
function typedIn(page: string): string[][] {
  const text = readFileSync(fileURLToPath(new URL(`../${page}`, import.meta.url)), "utf8");
  const typed = [...text.matchAll(/(?:`llmbench|npm start --)(?= )([^`\n#]+)/gu)];
  return typed.map(([, line = ""]) =>
    [...line.matchAll(/'([^']*)'|(\S+)/gu)].map(([, quoted, word = ""]) => quoted ?? word),
  );
}

describe.each(["README.md", "docs/commands.md"])("%s", (page) => {
  it("shows command lines that llmbench understands", async () => {
    const lines = typedIn(page);
    expect(lines.length).toBeGreaterThan(5);
    for (const [first = "", ...rest] of lines) {
      const name = isCommandName(first) ? first : "run";
      const words = isCommandName(first) ? rest : [first, ...rest];
      const command = await commands[name]();
      expect(() => parseCommand(name, command, words)).not.toThrow();
    }
  });
});
