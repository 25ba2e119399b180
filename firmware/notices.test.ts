import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FaultCode } from "#schemas/fault-codes.ts";
import {
  NO_NOTICES,
  NOTICES_OF_ONE_CODE_MAX,
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

function fault(
  part: string | null,
  state: "failed" | "recovered" = "failed",
  wallMs = 0,
  code: FaultCode = "key-stuck",
): Notice {
  return { kind: "fault", time: timeAt(wallMs), code, state, part };
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
  const writtenAt = (notices: Notices, atMs: number) => {
    const written: Notice[] = [];
    let left = notices;
    for (let taken = noticeTaken(left, atMs); taken !== null; taken = noticeTaken(left, atMs)) {
      written.push(taken.notice);
      left = taken.notices;
    }
    return { written, left };
  };
  const faults = (count: number, code: FaultCode) =>
    Array.from({ length: count }, (_, part) => fault(`part-${part}`, "failed", 0, code));

  it("the first minute's share is written at once, the rest when the minute is over", () => {
    const many = [...faults(NOTICES_OF_ONE_CODE_MAX, "key-stuck"), ...faults(9, "key-flood")];
    const { written, left } = writtenAt(all(many), 100);
    expect(written).toEqual(many.slice(0, NOTICES_PER_MINUTE_MAX));
    expect(noticeTaken(left, 60_099)).toBeNull();
    expect(noticeDueMs(left)).toBe(60_100);
    expect(noticeTaken(left, 60_100)?.notice).toEqual(many.at(-1));
    expect(noticeDueMs(NO_NOTICES)).toBeNull();
  });

  it("one code leaves room for what else breaks, which goes before it", () => {
    const stuck = faults(NOTICES_OF_ONE_CODE_MAX + 1, "key-stuck");
    const other = fault(null, "failed", 0, "disk-full");
    const { written, left } = writtenAt(all([...stuck, other]), 100);
    expect(written).toEqual([...stuck.slice(0, -1), other]);
    expect(left.waiting).toEqual(stuck.slice(-1));
    expect(noticeDueMs(left)).toBe(60_100);
    // A mode is no fault, and never waits behind one.
    expect(noticeTaken(noticed(left, mode("test")), 101)?.notice).toEqual(mode("test"));
  });

  it("no minute sees more of them written, and what is remembered stays small", () => {
    const happenings = fc.array(
      fc.record({
        ...{ afterMs: fc.nat({ max: 3_000 }), part: fc.nat({ max: 90 }), failed: fc.boolean() },
        code: fc.constantFrom<FaultCode>("key-stuck", "key-flood", "disk-full"),
      }),
      { maxLength: 300, size: "max" },
    );
    fc.assert(
      fc.property(happenings, (all) => {
        let notices = NO_NOTICES;
        let atMs = 0;
        const written: { readonly atMs: number; readonly code: string }[] = [];
        for (const { afterMs, part, failed, code } of all) {
          atMs += afterMs;
          notices = noticed(notices, fault(`part-${part}`, failed ? "failed" : "recovered", 0, code));
          for (let taken = noticeTaken(notices, atMs); taken !== null; taken = noticeTaken(notices, atMs)) {
            notices = taken.notices;
            written.push({ atMs, code: taken.notice.kind === "fault" ? taken.notice.code : "" });
          }
          expect(notices.waiting.length).toBeLessThanOrEqual(NOTICES_WAITING_MAX);
          expect(notices.written.length).toBeLessThanOrEqual(NOTICES_PER_MINUTE_MAX);
        }
        for (const { atMs: at, code } of written) {
          const inMinute = written.filter((other) => other.atMs >= at && other.atMs < at + 60_000);
          const ofCode = inMinute.filter((other) => other.code === code);
          expect(inMinute.length).toBeLessThanOrEqual(NOTICES_PER_MINUTE_MAX);
          expect(ofCode.length).toBeLessThanOrEqual(NOTICES_OF_ONE_CODE_MAX);
        }
      }),
      { numRuns: 200 },
    );
  });
});
