import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FACES, PROFILES, PROOFS, PROOFS_OF, REASONS } from "./code-list.ts";
import { ENTRY, ENTRY_KINDS, parseEntry, type VoteEntry } from "./entry.ts";

const VOTE: VoteEntry = {
  kind: "vote",
  time: { wallMs: 1_790_000_000_000, monotonicUs: 1, bootId: "boot-1", clock: "trusted" },
  id: "0".repeat(32),
  service: "anagrafe",
  wording: 1,
  face: "red",
  reason: "wait",
  mode: "live",
  ticket: { profile: "signed", proof: "signature", issuerKeyId: "k", minute: 1, mark: "f".repeat(32) },
  flags: [],
};

describe("an entry", () => {
  it("of a vote has a reason for red, and for red only", () => {
    for (const face of FACES) {
      for (const reason of [null, ...REASONS]) {
        expect(parseEntry({ ...VOTE, face, reason }).ok).toBe((face === "red") === (reason !== null));
      }
    }
  });

  it("of a vote has a mark unless it came without a ticket, and a proof its kind of ticket can have", () => {
    for (const profile of PROFILES) {
      for (const proof of PROOFS) {
        for (const mark of [null, "f".repeat(32)]) {
          const { ok } = parseEntry({ ...VOTE, ticket: { ...VOTE.ticket, profile, proof, mark } });
          expect(ok).toBe(PROOFS_OF[profile].includes(proof) && (profile === "none") === (mark === null));
        }
      }
    }
  });

  it.each([
    ["a flag given twice", { ...VOTE, flags: ["assist", "assist"] }, "/flags"],
    ["an unknown kind", { ...VOTE, kind: "ballot" }, "/kind"],
    ["no kind", {}, "/kind"],
    ["a kind every object inherits", { kind: "toString" }, "/kind"],
    ["text", "vote", "/kind"],
    ["nothing", null, "/kind"],
  ])("is refused for %s", (_, value, where) => {
    expect(parseEntry(value)).toMatchObject({ ok: false, problem: { where } });
  });

  it("read from any JSON is one of ours or a problem, and never stops the program", () => {
    const pieces = fc.constantFrom<unknown>(
      ...Object.values(VOTE),
      ...Object.values(VOTE.ticket),
      ...ENTRY_KINDS,
      -1,
      "",
    );
    const mixed = fc.dictionary(fc.constantFrom(...Object.keys(VOTE), "epoch", "first", "last"), pieces);
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), mixed), (value) => {
        const parsed = parseEntry(value);
        if (parsed.ok) expect(ENTRY.is(parsed.value)).toBe(true);
        else expect(parsed.problem.where).toMatch(/^\//);
      }),
      { numRuns: 500 },
    );
  });
});
