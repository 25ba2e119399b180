import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type Canonical, canonicalText } from "#schemas/canonical.ts";
import { firstHead, nextHead, textHash } from "#schemas/chain.ts";
import { BATCH_BYTES_MAX, BATCH_ENTRIES_MAX } from "#schemas/limits.ts";
import { makeSigningKey } from "#schemas/signature.ts";
import {
  MONDAY_MS,
  refusalsEntry,
  signedPayload,
  type TestTotem,
  testTotem,
  voteEntry,
} from "./journal.fixture.ts";
import { verifyBatch } from "./verify.ts";

describe("verifying a batch", () => {
  let totem: TestTotem;
  let good: Buffer;
  beforeAll(() => {
    totem = testTotem("totem-1");
    totem.start();
    totem.append(voteEntry({ face: "red", reason: "wait" }));
    totem.append(voteEntry());
    good = totem.batch(1, 3).payload;
  });

  const verified = (payload: Buffer, from = totem) =>
    verifyBatch(payload, { totemId: from.record.totemId, journalKey: from.publicKey, receivedMs: MONDAY_MS });
  const body = (payload = good) => JSON.parse(payload.toString("utf8")) as { [key: string]: Canonical };
  const resigned = (change: { [key: string]: Canonical }, key = totem.key) => {
    const { signature: _, ...unsigned } = body();
    return signedPayload({ ...unsigned, ...change }, key);
  };

  it("reads what a totem signed, with the head after each entry", () => {
    const batch = verified(good);
    if (!batch.ok) throw new Error(batch.problem);
    expect(batch.value).toMatchObject({
      totemId: "totem-1",
      first: 1,
      last: 3,
      startHead: body()["previousHead"],
    });
    expect(batch.value.heads).toHaveLength(3);
    expect(batch.value.heads.at(-1)).toBe(body()["head"]);
    expect(batch.value.entries.map((e) => e.entry?.kind)).toEqual(["opened", "vote", "vote"]);
    expect(batch.value.entries.map((e) => e.hash)).toEqual(
      (body()["entries"] as Canonical[]).map((entry) => textHash(canonicalText(entry))),
    );
  });

  it("reads a batch from the middle of an epoch, which says nothing of its start", () => {
    expect(verified(totem.batch(2, 3).payload)).toMatchObject({ ok: true, value: { startHead: null } });
  });

  it("minds neither the order of keys nor white space, which no signature covers", () => {
    const { signature, entries, ...rest } = body();
    const loose = JSON.stringify({ signature, ...rest, entries }, null, 2);
    expect(verified(Buffer.from(loose))).toMatchObject({ ok: true });
  });

  it.each<[string, () => Buffer, string]>([
    ["nothing", () => Buffer.alloc(0), "not-json"],
    ["half a batch", () => good.subarray(0, good.length / 2), "not-json"],
    ["another JSON", () => Buffer.from("[1]"), "wrong-shape"],
    ["an unknown field", () => resigned({ more: 1 }), "wrong-shape"],
    ["no entries", () => resigned({ entries: [] }), "wrong-shape"],
    ["another number of entries than it names", () => resigned({ last: 4 }), "wrong-shape"],
    [
      "a fraction in an entry",
      () => Buffer.from(good.toString().replace('"wording":1', '"wording":1.5')),
      "wrong-shape",
    ],
    [
      "one entry too many",
      () => resigned({ entries: new Array(BATCH_ENTRIES_MAX + 1).fill(1), last: BATCH_ENTRIES_MAX + 1 }),
      "wrong-shape",
    ],
    [
      "one byte too many",
      () => Buffer.concat([good, Buffer.alloc(BATCH_BYTES_MAX - good.length + 1, " ")]),
      "too-long",
    ],
    ["a stranger's signature", () => resigned({}, makeSigningKey()), "bad-signature"],
    [
      "another epoch than was signed",
      () => Buffer.from(good.toString().replace(String(body()["epoch"]), `${"0".repeat(31)}f`)),
      "bad-signature",
    ],
    ["a head that is not the chain's", () => resigned({ head: "00".repeat(32) }), "broken-chain"],
    ["a chain that begins elsewhere", () => resigned({ previousHead: "00".repeat(32) }), "broken-chain"],
    [
      "entries in another order",
      () => resigned({ entries: [...(body()["entries"] as Canonical[])].reverse() }),
      "broken-chain",
    ],
  ])("refuses %s", (_, payload, problem) => {
    expect(verified(payload())).toEqual({ ok: false, problem });
  });

  it("takes a batch of exactly the largest size", () => {
    expect(verified(Buffer.concat([good, Buffer.alloc(BATCH_BYTES_MAX - good.length, " ")]))).toMatchObject({
      ok: true,
    });
  });

  it("refuses another totem's batch, even its own one under another name", () => {
    const other = testTotem("totem-2");
    expect(verified(good, other)).toEqual({ ok: false, problem: "bad-signature" });
    const twin = testTotem("totem-2", totem.key);
    expect(verified(good, twin)).toEqual({ ok: false, problem: "broken-chain" });
  });

  it("refuses an epoch whose first entry is not what opens it", () => {
    const liar = testTotem("totem-1", totem.key);
    liar.start();
    const { signature: _, ...unsigned } = body(liar.batch(1, 1).payload);
    const entries = [voteEntry()];
    const start = firstHead("totem-1", String(unsigned["epoch"]), null);
    const head = nextHead(start, textHash(canonicalText(entries[0] as Canonical))).toString("hex");
    const forged = signedPayload({ ...unsigned, entries, head }, totem.key);
    expect(verified(forged)).toEqual({ ok: false, problem: "broken-chain" });
  });

  it("rejects a malformed entry alone and says where it broke, never what it held", () => {
    const odd = testTotem("totem-1");
    odd.start();
    odd.append(voteEntry());
    odd.append({ ...voteEntry(), service: "RSSMRA80A01H501U" });
    odd.append({ kind: "opened", more: "RSSMRA80A01H501U" });
    odd.append({ ...refusalsEntry([{ reason: "used", service: null, count: 1 }]), counts: [] });
    odd.append("RSSMRA80A01H501U");
    odd.append({ ...(voteEntry() as object), kind: "ballot" });
    odd.append(voteEntry({ face: "green", reason: null }));
    const batch = verified(odd.batch(1, 8).payload, odd);
    if (!batch.ok) throw new Error(batch.problem);
    const judged = batch.value.entries.map((e) =>
      e.entry === null ? { seq: e.seq, isVote: e.isVote } : e.entry.kind,
    );
    expect(judged).toEqual([
      "opened",
      "vote",
      { seq: 3, isVote: true },
      { seq: 4, isVote: false },
      { seq: 5, isVote: false },
      { seq: 6, isVote: true },
      { seq: 7, isVote: true },
      "vote",
    ]);
    for (const e of batch.value.entries) {
      if (e.entry !== null) continue;
      expect(e.reason.length).toBeLessThanOrEqual(80);
      expect(e.reason).not.toContain("RSSMRA");
    }
  });

  it("rejects a second `opened` inside an epoch", () => {
    const odd = testTotem("totem-1");
    odd.start();
    const [opened] = JSON.parse(odd.batch(1, 1).payload.toString()).entries as [Canonical];
    odd.append(opened);
    expect(verified(odd.batch(1, 2).payload, odd)).toMatchObject({
      ok: true,
      value: {
        entries: [{ seq: 1 }, { seq: 2, entry: null, reason: expect.stringContaining("in front only") }],
      },
    });
  });

  it("never throws and never takes bytes nobody signed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(verified(Buffer.from(bytes)).ok).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(verified(Buffer.from(text)).ok).toBe(false);
      }),
    );
  });

  it("takes a mutated batch only when it still says the same", () => {
    const edit = fc.record({
      at: fc.nat(good.length - 1),
      cut: fc.nat(3),
      put: fc.uint8Array({ maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        let bytes = good;
        for (const { at, cut, put } of edits) {
          bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]);
        }
        const result = verified(bytes);
        if (result.ok) expect(body(bytes)).toEqual(body());
      }),
      { numRuns: 2_000 },
    );
  });

  it("refuses every change of a field, put back under the old signature", () => {
    const path = fc.constantFrom("epoch", "first", "last", "previousHead", "head", "signature");
    fc.assert(
      fc.property(path, fc.nat(200), (field, at) => {
        const changed = body();
        const value = changed[field];
        changed[field] =
          typeof value === "number"
            ? value + 1 + at
            : [...String(value)]
                .map((c, i) => (i === at % String(value).length ? (c === "0" ? "1" : "0") : c))
                .join("");
        if (canonicalText(changed) === canonicalText(body())) return;
        expect(verified(Buffer.from(JSON.stringify(changed))).ok).toBe(false);
      }),
    );
  });
});
