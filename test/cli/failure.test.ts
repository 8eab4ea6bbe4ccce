import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { failureOf } from "../../src/cli/failure.ts";
import { errorCodes, LlmbenchError, type ErrorCode } from "../../src/errors.ts";

describe("a failure", () => {
  it.each(Object.keys(errorCodes) as ErrorCode[])("of code %s says its message alone", (code) => {
    const error = new LlmbenchError(code, "no such file: a.gguf");
    expect(failureOf(error, false)).toEqual({
      message: "no such file: a.gguf",
      exitCode: errorCodes[code],
    });
  });

  it("of the file system is the user's to mend", () => {
    const failure = failureOf(failedRead(), false);
    expect(failure.exitCode).toBe(2);
    expect(failure.message).toMatch(/^ENOENT: no such file or directory, open '.*nothing-here'$/);
  });

  it("that nobody foresaw is called a bug, and shows its stack with --verbose", () => {
    const error = new TypeError("x is not a function");
    expect(failureOf(error, false).message).toBe(
      "x is not a function\nThis is a bug in llmbench. Run it again with --verbose for the stack, and report it please",
    );
    expect(failureOf(error, true).message).toContain("failure.test.ts");
  });
});

function failedRead(): unknown {
  try {
    return readFileSync("nothing-here");
  } catch (error) {
    return error;
  }
}
