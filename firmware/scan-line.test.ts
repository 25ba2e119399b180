import { describe, expect, it } from "vitest";
import { openScanLine, SCANS_WAITING_MAX } from "./scan-line.ts";
import type { Judgement } from "./session/events.ts";

/** A judge that answers when told to, in any order; its judgements carry the text's number. */
function slowLine() {
  const asked: { readonly text: string; readonly answer: (outcome: Judgement | Error) => void }[] = [];
  const told: string[] = [];
  const clock = { nowMs: 1_000 };
  const line = openScanLine({
    judge: (text) =>
      new Promise((resolve, reject) => {
        asked.push({
          text,
          answer: (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)),
        });
      }),
    onJudged: (judgement) => told.push(judgement.good ? "good" : (judgement.service ?? "")),
    onFailed: (error) => told.push(error.message),
    nowMs: () => clock.nowMs,
    patienceMs: 10_000,
  });
  return { line, asked, told, clock };
}

const refused = (name: string): Judgement => ({ good: false, refusal: "unknown", mark: null, service: name });

describe("scans", () => {
  it("are judged one after the other, in the order they came", async () => {
    const { line, asked, told } = slowLine();
    const entered = ["first", "second", "third"].map((text) => line.enter({ text, length: 5 }));
    for (const name of ["first", "second", "third"]) {
      while (asked.at(-1)?.text !== name) await Promise.resolve();
      asked.at(-1)?.answer(refused(name));
    }
    await Promise.all(entered);
    expect(told).toEqual(["first", "second", "third"]);
  });

  it("that cannot be judged are told, and the next ones are judged all the same", async () => {
    const { line, asked, told } = slowLine();
    const first = line.enter({ text: "first", length: 5 });
    const second = line.enter({ text: "second", length: 6 });
    await Promise.resolve();
    asked[0]?.answer(new Error("no journal"));
    await first;
    asked[1]?.answer(refused("second"));
    await second;
    expect(told).toEqual(["no journal", "second"]);
  });

  it("whose answer is overdue are told once, and answered all the same when it comes", async () => {
    const { line, asked, told, clock } = slowLine();
    expect(line.deadlineMs()).toBeNull();
    const first = line.enter({ text: "first", length: 5 });
    await Promise.resolve();
    clock.nowMs = 5_000;
    const second = line.enter({ text: "second", length: 6 });
    expect(line.deadlineMs()).toBe(11_000);
    clock.nowMs = 10_999;
    line.waited();
    expect(told).toEqual([]);
    clock.nowMs = 11_000;
    line.waited();
    line.waited();
    expect(told).toEqual(["no answer"]);
    expect(line.deadlineMs()).toBeNull();
    asked[0]?.answer(refused("first"));
    await first;
    // The next one has its whole time.
    expect(line.deadlineMs()).toBe(21_000);
    asked[1]?.answer(refused("second"));
    await second;
    expect([told, line.deadlineMs()]).toEqual([["no answer", "first", "second"], null]);
  });

  it("over the limit are not taken, and are again when one has been judged", async () => {
    const { line, asked } = slowLine();
    const entered = Array.from({ length: SCANS_WAITING_MAX }, (_, text) =>
      line.enter({ text: `${text}`, length: 2 }),
    );
    expect(entered).not.toContain(null);
    expect(line.enter({ text: "one too many", length: 12 })).toBeNull();
    await Promise.resolve();
    asked[0]?.answer(refused("0"));
    await entered[0];
    expect(line.enter({ text: "fits again", length: 10 })).not.toBeNull();
    expect(line.enter({ text: "one too many", length: 12 })).toBeNull();
  });
});
