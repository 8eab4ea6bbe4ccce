/** What this process and its devices hold now: read while no clock runs. */
import { readFileSync } from "node:fs";
import koffi from "koffi";
import { devicesNow, type Engine } from "./engine.ts";
import { gpuDevices } from "../../bench/gpuDevices.ts";
import type { MemorySeen } from "../../bench/memoryUse.ts";

export function readMemory({ api, cpuOnly }: Engine): MemorySeen {
  const gpus = gpuDevices({ devices: devicesNow(api, cpuOnly) });
  return {
    devices: gpus.map(({ name, free_bytes }) => ({ device: name, free_bytes })),
    private_bytes: privateBytes(),
  };
}

/** The most that was resident at any moment, files that are mapped included. */
export function peakResidentBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

/** Null on macOS, where a device's memory is the host's. */
function privateBytes(): number | null {
  if (process.platform === "linux") return linuxAnonymousBytes();
  return process.platform === "win32" ? windowsPrivateBytes() : null;
}

/** `RssAnon` of proc(5). */
function linuxAnonymousBytes(): number | null {
  const kib = /^RssAnon:\s+(\d+) kB$/mu.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return kib === undefined ? null : Number(kib) * 1024;
}

/** `PrivateUsage` of PROCESS_MEMORY_COUNTERS_EX (psapi.h): the process's commit charge. */
function windowsPrivateBytes(): number | null {
  const size = 8 + 9 * koffi.sizeof("size_t");
  const counters = Buffer.alloc(size);
  const get = koffi
    .load("kernel32.dll")
    .func(
      "bool __stdcall K32GetProcessMemoryInfo(intptr_t process, void *counters, uint32_t size)",
    );
  const thisProcess = -1;
  if (!get(thisProcess, counters, size)) return null;
  return Number(counters.readBigUInt64LE(size - 8));
}
