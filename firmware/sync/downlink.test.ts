import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeSigningKey } from "#schemas/signature.ts";
import { DOWNLINK_BYTES_MAX, readCommand, readReceipt, readSettingsMessage } from "./downlink.ts";
import {
  commandBody,
  GATEWAY_PUBLIC,
  receiptBody,
  settingsBody,
  signed,
  TOTEM_ID,
} from "./gateway.fixture.ts";

const EPOCH = "ab".repeat(16);

const READERS = {
  receipt: (payload: Buffer) => readReceipt(payload, GATEWAY_PUBLIC),
  settings: (payload: Buffer) => readSettingsMessage(payload, GATEWAY_PUBLIC, TOTEM_ID),
  command: (payload: Buffer) => readCommand(payload, GATEWAY_PUBLIC, TOTEM_ID),
} as const;

const BODIES = {
  receipt: receiptBody(EPOCH, 3),
  settings: settingsBody(1),
  command: commandBody(1, { kind: "identify" }),
} as const;

const KINDS = Object.keys(READERS) as (keyof typeof READERS)[];

describe("what comes down from the gateway", () => {
  it.each(KINDS)("as a %s is read when it is signed, and not when it is signed as anything else", (kind) => {
    expect(READERS[kind](signed(kind, BODIES[kind])).ok).toBe(true);
    for (const as of ["entries", "receipt", "settings", "command", "keys", "spent", "checkpoint"] as const) {
      if (as === kind) continue;
      expect(READERS[kind](signed(kind, BODIES[kind], { as }))).toEqual({
        ok: false,
        problem: "bad-signature",
      });
    }
    const stranger = signed(kind, BODIES[kind], { key: makeSigningKey() });
    expect(READERS[kind](stranger)).toEqual({ ok: false, problem: "bad-signature" });
  });

  it.each(KINDS)("as a %s is refused when any bit of it was changed", (kind) => {
    const good = signed(kind, BODIES[kind]);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 0, max: 7 }), (at, bit) => {
        const changed = Buffer.from(good);
        changed[at] = (changed[at] as number) ^ (1 << bit);
        expect(READERS[kind](changed).ok).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it.each(KINDS)("as a %s is read up to the largest size and not one byte further", (kind) => {
    const good = signed(kind, BODIES[kind]);
    const padded = (length: number) => Buffer.concat([good, Buffer.alloc(length - good.length, " ")]);
    expect(READERS[kind](padded(DOWNLINK_BYTES_MAX)).ok).toBe(true);
    expect(READERS[kind](padded(DOWNLINK_BYTES_MAX + 1))).toEqual({ ok: false, problem: "too-long" });
  });

  it.each(KINDS)("as a %s may be any bytes: they are refused, never thrown at anybody", (kind) => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text)),
      // The right shape with texts of any kind in it, half characters among them.
      fc.string({ unit: "binary", maxLength: 20 }).map((text) => Buffer.from(JSON.stringify(withText(text)))),
    );
    fc.assert(
      fc.property(anything, (payload) => {
        expect(READERS[kind](payload).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it("nested as deep as it likes is refused", () => {
    for (const kind of KINDS) {
      const deep = Buffer.from(`${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`);
      expect(READERS[kind](deep).ok).toBe(false);
    }
  });

  it("for another totem is not for us", () => {
    expect(READERS.command(signed("command", commandBody(1, { kind: "identify" }, "totem-2")))).toEqual({
      ok: false,
      problem: "not-for-us",
    });
    expect(READERS.settings(signed("settings", settingsBody(1, { totemId: "totem-2" })))).toEqual({
      ok: false,
      problem: "not-for-us",
    });
  });
});

function withText(text: string) {
  return {
    ...receiptBody(EPOCH, 3),
    rejected: [{ seq: 1, reason: text }],
    signature: "0".repeat(128),
  };
}
