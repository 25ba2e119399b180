import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Canonical, canonicalText } from "./canonical.ts";
import {
  EMPTY_AUDIT_HEAD,
  entryHash,
  firstHead,
  hashParts,
  nextAuditHead,
  nextHead,
  textHash,
} from "./chain.ts";
import { goldenVectors } from "./golden.fixture.ts";

type ChainVectors = {
  totemId: string;
  epochs: {
    epoch: string;
    previousHead: string | null;
    firstHead: string;
    entries: { entry: Canonical; hash: string; head: string }[];
  }[];
  audit: { empty: string; leaf: Canonical; head: string };
};

describe("the chain of entries", () => {
  const golden = goldenVectors<ChainVectors>("chain");

  it("has the heads another language computes, across a restart", () => {
    for (const { epoch, previousHead, firstHead: start, entries } of golden.epochs) {
      let head = firstHead(golden.totemId, epoch, previousHead);
      expect(head.toString("hex")).toBe(start);
      for (const { entry, hash, head: next } of entries) {
        expect(entryHash(entry).toString("hex")).toBe(hash);
        expect(textHash(canonicalText(entry)).toString("hex")).toBe(hash);
        head = nextHead(head, entryHash(entry));
        expect(head.toString("hex")).toBe(next);
      }
    }
  });

  it("ends elsewhere when any entry, any order or where it starts is different", () => {
    const texts = fc.array(fc.string(), { minLength: 2, maxLength: 6 });
    const headOf = (start: Buffer, list: readonly string[]) =>
      list.reduce((head, text) => nextHead(head, textHash(text)), start).toString("hex");
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        const start = firstHead("totem-1", "00".repeat(16), null);
        expect(headOf(start, one) === headOf(start, other)).toBe(
          JSON.stringify(one) === JSON.stringify(other),
        );
        expect(headOf(start, one)).not.toBe(headOf(firstHead("totem-2", "00".repeat(16), null), one));
      }),
    );
  });

  it("starts apart for a first epoch and for one that follows a head of zeros", () => {
    const epoch = "ab".repeat(16);
    expect(firstHead("t", epoch, null).equals(firstHead("t", epoch, "00".repeat(32)))).toBe(false);
  });
});

describe("hashing of parts", () => {
  it("never takes two different lists of parts for one", () => {
    const parts = fc.array(fc.string({ maxLength: 4 }), { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        expect(hashParts(one).equals(hashParts(other))).toBe(same);
      }),
      {
        examples: [
          [
            ["ab", "c"],
            ["a", "bc"],
          ],
          [[""], []],
        ],
      },
    );
  });

  it("writes each length as a 32-bit big-endian number in front", () => {
    const bytes = Buffer.from([0, 0, 0, 2, 0xc3, 0xa8, 0, 0, 0, 1, 9]);
    expect(hashParts(["è", Buffer.from([9])])).toEqual(createHash("sha256").update(bytes).digest());
  });
});

describe("the gateway's audit log", () => {
  it("has the heads another language computes", () => {
    const { audit } = goldenVectors<ChainVectors>("chain");
    expect(EMPTY_AUDIT_HEAD.toString("hex")).toBe(audit.empty);
    expect(nextAuditHead(EMPTY_AUDIT_HEAD, audit.leaf).toString("hex")).toBe(audit.head);
  });
});
