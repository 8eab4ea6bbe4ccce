import { describe, expect, it } from "vitest";
import { llmbench } from "../cli/llmbench.ts";

describe("llmbench machines", () => {
  it("lists memory, what of it a GPU can use, and bandwidth", () => {
    const { status, stdout, stderr } = llmbench(["machines"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^m3-max-40c-64gb .*metal .*shared +48\.00 GiB +400 GB\/s +64\.00 GiB/m);
    expect(stdout).toMatch(/^2x-rtx-4090-24gb .*cuda +2 × 24\.00 GiB /m);
  });

  it("lists those that are named alone, with sources in JSON", () => {
    const { stdout } = llmbench(["machines", "rtx-4090-24gb", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject([
      { id: "rtx-4090-24gb", unified: false, sources: expect.any(Object) as object },
    ]);
  });

  it("refuses a machine that there isn't", () => {
    const { status, stderr } = llmbench(["machines", "rtx-4091-24gb"]);
    expect(status).toBe(2);
    expect(stderr).toContain("did you mean rtx-4090-24gb?");
  });
});
