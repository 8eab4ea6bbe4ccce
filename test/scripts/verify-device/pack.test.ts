import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { neededPackages } from "../../../scripts/verify-device/pack.mjs";

const lock = JSON.parse(
  readFileSync(new URL("../../../package-lock.json", import.meta.url), "utf8"),
) as { packages: Parameters<typeof neededPackages>[0] };

function folders(dependencies: object): string[] {
  return Object.keys(dependencies).map((name) => `node_modules/${name}`);
}

describe("an archive for another machine", () => {
  const packages = neededPackages(lock.packages, "linux-x64-cuda");

  it("holds one device's engine and what that loads in need", () => {
    expect(packages.filter((path) => path.includes("@node-llama-cpp/"))).toEqual([
      "node_modules/@node-llama-cpp/linux-x64-cuda",
      "node_modules/@node-llama-cpp/linux-x64-cuda-ext",
    ]);
  });

  it("holds every package that a run imports, and none that only developers need", () => {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(new URL("../../../package.json", import.meta.url), "utf8"),
    ) as Record<"dependencies" | "devDependencies", Record<string, string>>;
    expect(packages).toEqual(expect.arrayContaining(folders(dependencies)));
    expect(packages).not.toContain("node_modules/typescript");
    expect(Object.keys(devDependencies)).toContain("typescript");
  });
});
