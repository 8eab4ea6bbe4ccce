import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { askToWrite } from "../../src/ui/askToWrite.ts";

const folder = join(tmpdir(), "not", "there", "yet");
const elsewhere = "use another disk";

describe("writing synthetic weights", () => {
  it("is not asked for where there is little or nothing to write", async () => {
    expect(await askToWrite({ bytes: 0, folder, elsewhere, yes: false })).toBe(true);
    expect(await askToWrite({ bytes: 1e6, folder, elsewhere, yes: false })).toBe(true);
  });

  it("is refused where the disk hasn't the room, --yes or not", async () => {
    await expect(
      askToWrite({ bytes: 2 ** 60, folder, elsewhere, yes: true }),
    ).rejects.toMatchObject({
      code: "output",
      message: expect.stringMatching(
        /there.yet: synthetic weights need 1048576\.00 TiB, and 256\.00 MiB that stay free; .* are free; free some space, or use another disk$/,
      ) as string,
    });
  });
});
