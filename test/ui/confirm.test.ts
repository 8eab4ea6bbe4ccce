import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { confirm } from "../../src/ui/confirm.ts";

const about = "writing 36.20 GiB takes about 3 min";

function answering(text: string, isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = Object.assign(new PassThrough(), { isTTY: true });
  input.write(text);
  return { input, output };
}

describe("a question", () => {
  it.each(["y\n", "yes\n", " Y \n"])("takes %j for yes", async (answer) => {
    expect(await confirm({ about, yes: false, ...answering(answer) })).toBe(true);
  });

  it.each(["\n", "n\n", "yolo\n"])("takes %j for no", async (answer) => {
    expect(await confirm({ about, yes: false, ...answering(answer) })).toBe(false);
  });

  it("takes the end of the input for no", async () => {
    const streams = answering("");
    streams.input.end();
    expect(await confirm({ about, yes: false, ...streams })).toBe(false);
  });

  it("states what it is about", async () => {
    const streams = answering("n\n");
    await confirm({ about, yes: false, ...streams });
    expect(String(streams.output.read())).toContain(`${about}. Go on? [y/N]`);
  });

  it("isn't asked with --yes", async () => {
    const streams = answering("", false);
    expect(await confirm({ about, yes: true, ...streams })).toBe(true);
    expect(streams.output.read()).toBeNull();
  });

  it("without anybody to ask is an error that names --yes", async () => {
    await expect(confirm({ about, yes: false, ...answering("y\n", false) })).rejects.toMatchObject({
      code: "usage",
      message: `${about}. There is nobody to ask here: add --yes to go on`,
    });
  });
});
