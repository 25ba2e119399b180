import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { largestOf } from "./largest.fixture.ts";
import { DAY_KEYS } from "./messages.ts";
import { openKeys, SEALED_KEYS, type SealedKeys, sealKeys } from "./sealed-keys.ts";
import { makeSigningKey } from "./signature.ts";

const TOTEM = makeSigningKey();
const FOR = { totemId: "totem-1", day: "2026-11-26" };
const KEYS: SealedKeys = {
  site: randomBytes(32).toString("hex"),
  offices: [{ officeId: "anagrafe", key: randomBytes(32).toString("hex") }],
};

describe("sealed day keys", () => {
  it("are opened by the totem they were sealed to, and say nothing to anybody else", async () => {
    const sealed = await sealKeys(KEYS, FOR, TOTEM.publicKeyHex);
    expect(await openKeys(sealed, FOR, TOTEM)).toEqual(KEYS);
    expect(await openKeys(sealed, FOR, makeSigningKey())).toBeNull();
    expect(Buffer.from(sealed, "base64").includes(Buffer.from(KEYS.site, "hex"))).toBe(false);
  });

  it("are good for one totem and one day only", async () => {
    const sealed = await sealKeys(KEYS, FOR, TOTEM.publicKeyHex);
    expect(await openKeys(sealed, { ...FOR, day: "2026-11-27" }, TOTEM)).toBeNull();
    expect(await openKeys(sealed, { ...FOR, totemId: "totem-2" }, TOTEM)).toBeNull();
  });

  it("are refused with any byte changed, cut short or made of anything at all", async () => {
    const bytes = Buffer.from(await sealKeys(KEYS, FOR, TOTEM.publicKeyHex), "base64");
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.nat(bytes.length - 1),
        async (at, by, length) => {
          const changed = Buffer.from(bytes);
          changed[at] = (changed[at] as number) ^ by;
          expect(await openKeys(changed.toString("base64"), FOR, TOTEM)).toBeNull();
          expect(await openKeys(bytes.subarray(0, length).toString("base64"), FOR, TOTEM)).toBeNull();
        },
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        expect(await openKeys(text, FOR, TOTEM)).toBeNull();
      }),
    );
  });

  it("fit into their message for the largest site", async () => {
    const largest = largestOf(SEALED_KEYS.schema) as SealedKeys;
    const sealed = await sealKeys(largest, FOR, TOTEM.publicKeyHex);
    expect(DAY_KEYS.is({ ...FOR, sealed, signature: "0".repeat(128) })).toBe(true);
  });
});
