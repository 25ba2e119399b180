/** The receipts in somebody's hand. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type HeldReceipt, RECEIPTS_MAX, receiptsFrom, withReceipt } from "./receipts.ts";

const printed = fc.record({ code: fc.string(), service: fc.string() });

it("The hand holds the newest receipts, never more than it can, each with a number of its own", () => {
  fc.assert(
    fc.property(fc.array(printed, { maxLength: 10 }), (all) => {
      const held = all.reduce<readonly HeldReceipt[]>(withReceipt, []);
      const newest = all
        .map((receipt, at) => ({ ...receipt, number: at + 1 }))
        .reverse()
        .slice(0, RECEIPTS_MAX);
      expect(held).toEqual(newest);
    }),
  );
});

describe("what a page kept over a reload", () => {
  it("comes back as it was", () => {
    fc.assert(
      fc.property(fc.array(printed, { maxLength: 5 }), (all) => {
        const held = all.reduce<readonly HeldReceipt[]>(withReceipt, []);
        expect(receiptsFrom(JSON.stringify(held))).toEqual(held);
      }),
    );
  });

  it("is an empty hand when it is nothing, no JSON or something else", () => {
    for (const kept of [
      null,
      "",
      "{",
      "{}",
      "1",
      '[{"code":"x"}]',
      "[null]",
      '[{"number":1,"code":2,"service":"x"}]',
    ]) {
      expect(receiptsFrom(kept)).toEqual([]);
    }
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (kept) => {
        expect(receiptsFrom(kept)).toEqual([]);
      }),
    );
  });

  it("is cut to what a hand holds", () => {
    const many = Array.from({ length: 9 }, (_, number) => ({ number, code: "x", service: "y" }));
    expect(receiptsFrom(JSON.stringify(many))).toHaveLength(RECEIPTS_MAX);
  });
});
