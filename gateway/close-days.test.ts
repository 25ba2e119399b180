import { describe, expect, it } from "vitest";
import { closeDays } from "./close-days.ts";

const NOTHING = { votes: 0, batches: 0, payloads: 0 };

function closingThat(fails: string | null, isWatching = true) {
  const done: string[] = [];
  const step =
    <T>(name: string, result: T) =>
    async () => {
      if (name === fails) throw new Error(`${name} fails`);
      done.push(name);
      return result;
    };
  const store = { keepDayFigures: step("figures", undefined), closeThrough: step("close", NOTHING) };
  const parts = { store, isWatching, nowMs: () => 0 };
  const rest = { backUp: step("backup", undefined), publish: step("publish", undefined) };
  return { close: () => closeDays({ ...parts, ...rest }, "2026-11-24"), done };
}

describe("closing days", () => {
  it("keeps figures while votes are there, saves, closes, tells, and saves what was told", async () => {
    const so = closingThat(null);
    expect(await so.close()).toEqual(NOTHING);
    expect(so.done).toEqual(["figures", "backup", "close", "publish", "backup"]);
    const unwatched = closingThat(null, false);
    await unwatched.close();
    expect(unwatched.done).not.toContain("figures");
  });

  it("leaves days open that no backup holds closed", async () => {
    const so = closingThat("backup");
    await expect(so.close()).rejects.toThrow("backup fails");
    expect(so.done).toEqual(["figures"]);
  });
});
