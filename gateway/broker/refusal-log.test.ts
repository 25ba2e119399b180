import { describe, expect, it } from "vitest";
import { openRefusalLog } from "./refusal-log.ts";

describe("the log of refusals", () => {
  it("notes each kind once a minute and loses no count", () => {
    const lines: object[] = [];
    let nowMs = 0;
    const note = openRefusalLog({ warn: (_, fields) => lines.push(fields ?? {}) }, () => nowMs);
    for (let knocks = 0; knocks < 1_000; knocks++) note("credentials", "stranger");
    note("publish", "totem-1");
    nowMs = 60_000;
    note("credentials", "x".repeat(100));
    expect(lines).toEqual([
      { what: "credentials", who: "stranger", times: 1 },
      { what: "publish", who: "totem-1", times: 1 },
      { what: "credentials", who: "x".repeat(64), times: 1_000 },
    ]);
  });
});
