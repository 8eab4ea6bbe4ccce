/** Debian's Chromium, driven from outside, for what only a browser can tell of a page. */
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";

const executablePath = "/usr/bin/chromium";
const required = (process.env["LLMBENCH_REQUIRE"] ?? "").split(",").includes("chromium");

/** Why no browser can be had here; null where one can, or where it has to. */
export const noChromium: string | null =
  existsSync(executablePath) || required ? null : `no ${executablePath}`;

/** A browser with a profile of its own, which asks no server for anything by itself. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      // A container's has 64 MiB.
      "--disable-dev-shm-usage",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
