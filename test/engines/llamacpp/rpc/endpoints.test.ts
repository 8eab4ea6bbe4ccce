import { describe, expect, it } from "vitest";
import {
  endpoints,
  endpointText,
  parseEndpoints,
} from "../../../../src/engines/llamacpp/rpc/endpoints.ts";

describe("servers as the user types them", () => {
  it.each([
    ["127.0.0.1:50052", ["127.0.0.1:50052"]],
    ["studio.local", ["studio.local:50052"]],
    ["10.0.0.1:1, box:65534", ["10.0.0.1:1", "box:65534"]],
  ])("%s", (text, expected) => {
    expect(parseEndpoints(text)?.map(endpointText)).toEqual(expected);
  });

  it.each([
    ["nothing", ""],
    ["a port that has none behind it", "box:65535"],
    ["no port", "box:0"],
    ["IPv6, which llama.cpp's transport doesn't know", "[::1]:50052"],
    ["an address out of range", "300.0.0.1:50052"],
    ["a server twice", "box,box:50052"],
    ["an address with its scheme", "tcp://box:50052"],
    ["a seventeenth", Array.from({ length: 17 }, (_, index) => `box${index}`).join(",")],
  ])("refuses %s", (_, text) => {
    expect(endpoints().read(text)).toBeUndefined();
  });

  it("are kept as a text that reads the same again", () => {
    const [kept] = endpoints().read("box, 10.0.0.1:7") ?? [];
    expect(kept).toBe("box:50052,10.0.0.1:7");
    expect(endpoints().read(kept)).toEqual([kept]);
  });
});
