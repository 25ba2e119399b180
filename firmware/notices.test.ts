import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  NO_NOTICES,
  NOTICES_PER_MINUTE_MAX,
  NOTICES_WAITING_MAX,
  type Notice,
  type Notices,
  noticeDueMs,
  noticed,
  noticeReturned,
  noticeTaken,
} from "./notices.ts";

const timeAt = (wallMs: number) => ({ wallMs, monotonicUs: 1, bootId: "boot-1", clock: "trusted" }) as const;

function fault(part: string | null, state: "failed" | "recovered" = "failed", wallMs = 0): Notice {
  return { kind: "fault", time: timeAt(wallMs), code: "key-stuck", state, part };
}

function mode(name: "live" | "test", wallMs = 0): Notice {
  return { kind: "mode", time: timeAt(wallMs), mode: name };
}

const all = (notices: readonly Notice[]) => notices.reduce(noticed, NO_NOTICES);

describe("notices that wait", () => {
  it("are taken in the order they came", () => {
    const first = noticeTaken(all([fault("a"), mode("test"), fault("b")]), 0);
    expect(first?.notice).toEqual(fault("a"));
    expect(first?.notices.waiting).toEqual([mode("test"), fault("b")]);
  });

  it("keep only the newest of equal ones, at its place, so that the last word is right", () => {
    const { waiting } = all([fault("a"), fault("a", "recovered", 1), fault("b"), fault("a", "failed", 2)]);
    expect(waiting).toEqual([fault("a", "recovered", 1), fault("b"), fault("a", "failed", 2)]);
    expect(all([mode("test"), mode("live"), mode("test", 3)]).waiting).toEqual([
      mode("live"),
      mode("test", 3),
    ]);
  });

  it("are never more than the limit; one over drops the oldest", () => {
    const many = Array.from({ length: NOTICES_WAITING_MAX + 1 }, (_, part) => fault(`part-${part}`));
    const { waiting } = all(many);
    expect(waiting).toHaveLength(NOTICES_WAITING_MAX);
    expect(waiting[0]).toEqual(fault("part-1"));
    const returned = noticeReturned(all(many), fault("part-0"));
    expect(returned.waiting).toHaveLength(NOTICES_WAITING_MAX);
  });

  it("go back to the front when writing failed, unless a newer equal one waits", () => {
    const taken = noticeTaken(all([fault("a"), fault("b")]), 0);
    expect(noticeReturned(taken?.notices ?? NO_NOTICES, fault("a")).waiting).toEqual([
      fault("a"),
      fault("b"),
    ]);
    const newer = noticed(taken?.notices ?? NO_NOTICES, fault("a", "failed", 9));
    expect(noticeReturned(newer, fault("a")).waiting).toEqual([fault("b"), fault("a", "failed", 9)]);
  });
});

describe("however often something is noticed", () => {
  it("the first minute's share is written at once, the rest when the minute is over", () => {
    let notices: Notices = all(
      Array.from({ length: NOTICES_PER_MINUTE_MAX + 1 }, (_, part) => fault(`part-${part}`)),
    );
    for (let written = 0; written < NOTICES_PER_MINUTE_MAX; written += 1) {
      notices = noticeTaken(notices, 100)?.notices ?? NO_NOTICES;
    }
    expect(notices.waiting).toHaveLength(1);
    expect(noticeTaken(notices, 60_099)).toBeNull();
    expect(noticeDueMs(notices)).toBe(60_100);
    expect(noticeTaken(notices, 60_100)?.notice).toEqual(fault(`part-${NOTICES_PER_MINUTE_MAX}`));
    expect(noticeDueMs(NO_NOTICES)).toBeNull();
  });

  it("no minute sees more of them written, and what is remembered stays small", () => {
    const happenings = fc.array(
      fc.record({ afterMs: fc.nat({ max: 3_000 }), part: fc.nat({ max: 90 }), failed: fc.boolean() }),
      { maxLength: 300, size: "max" },
    );
    fc.assert(
      fc.property(happenings, (all) => {
        let notices = NO_NOTICES;
        let atMs = 0;
        const writtenAt: number[] = [];
        for (const { afterMs, part, failed } of all) {
          atMs += afterMs;
          notices = noticed(notices, fault(`part-${part}`, failed ? "failed" : "recovered"));
          for (let taken = noticeTaken(notices, atMs); taken !== null; taken = noticeTaken(notices, atMs)) {
            notices = taken.notices;
            writtenAt.push(atMs);
          }
          expect(notices.waiting.length).toBeLessThanOrEqual(NOTICES_WAITING_MAX);
          expect(notices.writtenAtMs.length).toBeLessThanOrEqual(NOTICES_PER_MINUTE_MAX);
        }
        for (const at of writtenAt) {
          const inMinute = writtenAt.filter((other) => other >= at && other < at + 60_000);
          expect(inMinute.length).toBeLessThanOrEqual(NOTICES_PER_MINUTE_MAX);
        }
      }),
      { numRuns: 200 },
    );
  });
});
