import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MINUTE_MAX } from "./limits.ts";
import { markOf, type TicketForm } from "./mark.ts";
import { shortForm } from "./short-ticket.ts";
import { signedForm } from "./ticket.ts";

const number = fc.nat(65_535);
const serial = fc
  .uint8Array({ minLength: 8, maxLength: 8 })
  .map((bytes) => Buffer.from(bytes).toString("hex"));
const forms: fc.Arbitrary<TicketForm> = fc.oneof(
  fc
    .record({ issuerKey: number, office: number, service: number, minute: fc.nat(MINUTE_MAX), serial })
    .map(signedForm),
  fc
    .record({ office: number, service: number, minute: fc.nat(MINUTE_MAX), serial: fc.nat(262_143) })
    .map(shortForm),
);
const SITE_KEY = Buffer.alloc(32, 7);
const SIGNED = signedForm({
  issuerKey: 3,
  office: 12,
  service: 34,
  minute: 29_833_333,
  serial: "0".repeat(16),
});
const SHORT = shortForm({ office: 12, service: 34, minute: 29_833_333, serial: 0 });

describe("a mark", () => {
  it("is equal for equal tickets only, and 128 bits", () => {
    fc.assert(
      fc.property(forms, forms, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        expect(markOf(one, SITE_KEY) === markOf(other, SITE_KEY)).toBe(isSame);
        expect(markOf({ ...one }, SITE_KEY)).toBe(markOf(one, SITE_KEY));
        expect(markOf(one, SITE_KEY)).toMatch(/^[0-9a-f]{32}$/);
      }),
    );
  });

  it.each<[string, TicketForm]>([
    ["signed", SIGNED],
    ["short", SHORT],
  ])("of a %s ticket changes with each single field", (_, form) => {
    const fields = Object.entries(form).filter(([name]) => name !== "profile");
    const changed = fields.map(([name, value]) =>
      markOf(
        { ...form, [name]: typeof value === "number" ? value + 1 : "f".repeat(16) } as TicketForm,
        SITE_KEY,
      ),
    );
    expect(new Set([markOf(form, SITE_KEY), ...changed]).size).toBe(fields.length + 1);
  });

  it("says nothing under another site key", () => {
    expect(markOf(SIGNED, SITE_KEY)).not.toBe(markOf(SIGNED, randomBytes(32)));
  });
});
