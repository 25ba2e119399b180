import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { VERDICTS } from "#schemas/code-list.ts";
import { MINUTE_MS } from "#schemas/time.ts";
import { MONDAY_MS, trustedTime, untrustedTime, voteEntry } from "../ingest/journal.fixture.ts";
import type { Placement } from "./placement.ts";
import { claimsTicket, isOutsideValidity, verdictAnew, verdictOf } from "./verdict.ts";

const RULES = { validMinutes: 60, skewMinutes: 5 };
/** The ticket's minute; it is good from five minutes before to 65 minutes after the end of it. */
const MINUTE = Math.floor(MONDAY_MS / MINUTE_MS);
const FROM_MS = MONDAY_MS - 5 * MINUTE_MS;
const UNTIL_MS = MONDAY_MS + 66 * MINUTE_MS;

const between = (earliestMs: number, latestMs: number): Placement => ({
  atMs: latestMs,
  earliestMs,
  latestMs,
  uncertain: earliestMs !== latestMs,
});
const vote = (options: Parameters<typeof voteEntry>[0] = {}) =>
  voteEntry({ ticket: { ...voteEntry().ticket, minute: MINUTE }, ...options });

describe("the verdict on a vote", () => {
  it.each<[string, ReturnType<typeof vote>, Placement, string]>([
    [
      "a live vote with trusted time",
      vote({ time: trustedTime(MONDAY_MS) }),
      between(MONDAY_MS, MONDAY_MS),
      "accepted",
    ],
    // The totem judged the ticket itself; its clock and ours may differ.
    [
      "the same, long after its ticket",
      vote({ time: trustedTime(0) }),
      between(UNTIL_MS * 2, UNTIL_MS * 2),
      "accepted",
    ],
    ["a test", vote({ mode: "test" }), between(MONDAY_MS, MONDAY_MS), "test"],
    [
      "a vote without a ticket",
      vote({
        mark: null,
        ticket: { profile: "none", proof: "none", issuerKeyId: null, minute: null, mark: null },
      }),
      between(0, 1),
      "unverified",
    ],
    [
      "a ticket of which only the shape is known",
      vote({
        ticket: { profile: "plain", proof: "shape", issuerKeyId: null, minute: null, mark: "00".repeat(16) },
      }),
      between(0, 1),
      "unverified",
    ],
    [
      "untrusted time inside validity",
      vote({ time: untrustedTime(MONDAY_MS) }),
      between(MONDAY_MS, MONDAY_MS),
      "accepted",
    ],
    [
      "untrusted time that may overlap",
      vote({ time: untrustedTime(MONDAY_MS) }),
      between(0, FROM_MS),
      "accepted",
    ],
    [
      "untrusted time, all of it too early",
      vote({ time: untrustedTime(MONDAY_MS) }),
      between(0, FROM_MS - 1),
      "expired-late",
    ],
    [
      "untrusted time up to the last moment",
      vote({ time: untrustedTime(MONDAY_MS) }),
      between(UNTIL_MS - 1, UNTIL_MS * 2),
      "accepted",
    ],
    [
      "untrusted time, all of it too late",
      vote({ time: untrustedTime(MONDAY_MS) }),
      between(UNTIL_MS, UNTIL_MS * 2),
      "expired-late",
    ],
  ])("%s: %s", (_, entry, placement, verdict) => {
    expect(verdictOf(entry, placement, RULES, false)).toBe(verdict);
  });

  it("of a receipt known by its shape is good once its queue system has listed it", () => {
    const ticket = {
      profile: "plain",
      proof: "shape",
      issuerKeyId: null,
      minute: null,
      mark: "00".repeat(16),
    } as const;
    expect(verdictOf(vote({ ticket }), between(MONDAY_MS, MONDAY_MS), RULES, true)).toBe("accepted");
  });

  it("is expired only when no moment the vote may have been cast at was good", () => {
    const span = fc.tuple(fc.integer({ min: -200, max: 200 }), fc.nat(200));
    fc.assert(
      fc.property(span, ([start, length]) => {
        const placement = between(MONDAY_MS + start * MINUTE_MS, MONDAY_MS + (start + length) * MINUTE_MS);
        let anyGood = false;
        for (let ms = placement.earliestMs; ms <= placement.latestMs; ms += MINUTE_MS) {
          anyGood ||= FROM_MS <= ms && ms < UNTIL_MS;
        }
        expect(isOutsideValidity(MINUTE, placement, RULES)).toBe(!anyGood);
      }),
    );
  });

  it("never calls a ticket expired that names no minute", () => {
    expect(isOutsideValidity(null, between(0, 0), RULES)).toBe(false);
  });

  it("claims a ticket only for votes that count", () => {
    expect(VERDICTS.filter(claimsTicket)).toEqual(["accepted", "late"]);
  });

  it("changes afterwards only for votes that had been taken for good, and only to expired", () => {
    const late = between(UNTIL_MS, UNTIL_MS);
    expect(VERDICTS.map((verdict) => verdictAnew(verdict, MINUTE, late, RULES))).toEqual(
      VERDICTS.map((verdict) =>
        verdict === "accepted" || verdict === "conflict" ? "expired-late" : verdict,
      ),
    );
    const good = between(MONDAY_MS, MONDAY_MS);
    expect(VERDICTS.map((verdict) => verdictAnew(verdict, MINUTE, good, RULES))).toEqual([...VERDICTS]);
  });
});
