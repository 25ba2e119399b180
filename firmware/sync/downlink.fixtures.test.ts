import { describe, expect, it } from "vitest";
import { type Fixture, fixturesOf } from "#schemas/fixtures.fixture.ts";
import { FIXTURE_KEYS } from "#schemas/golden.fixture.ts";
import type { SiteSettings } from "#schemas/messages.ts";
import { publicKeyFromHex, signMessage } from "#schemas/signature.ts";
import { readCommand, readReceipt, readSettingsMessage } from "./downlink.ts";

const GATEWAY = publicKeyFromHex(FIXTURE_KEYS.gateway.publicKeyHex);
const STRANGER = publicKeyFromHex(FIXTURE_KEYS.totem.publicKeyHex);

const READERS = {
  receipt: readReceipt,
  settings: (payload: Buffer, key: typeof GATEWAY) => readSettingsMessage(payload, key, "totem-1"),
  command: (payload: Buffer, key: typeof GATEWAY) => readCommand(payload, key, "totem-1"),
} as const;

const kinds = Object.keys(READERS) as (keyof typeof READERS)[];
const read = ({ shape, payload }: Fixture, key = GATEWAY) =>
  READERS[shape as keyof typeof READERS](payload, key);
const fixtures = kinds.flatMap(fixturesOf);
const good = fixtures.filter(({ isGood }) => isGood);

describe("a totem and the golden downlinks", () => {
  it.each(good)("takes the good $shape: $name", (fixture) => {
    expect(read(fixture)).toEqual({ ok: true, value: fixture.value });
  });

  it.each(fixtures.filter(({ isGood }) => !isGood))(
    "refuses the bad $shape by its shape: $name",
    (fixture) => {
      expect(read(fixture)).toEqual({ ok: false, problem: "wrong-shape" });
    },
  );

  it.each(good)("refuses the good $shape from anybody but its gateway: $name", (fixture) => {
    expect(read(fixture, STRANGER)).toEqual({ ok: false, problem: "bad-signature" });
  });

  it("refuses settings of a time zone it does not know: every scan would fail", () => {
    const settings = good.find(({ shape }) => shape === "settings") as Fixture;
    const { signature: _, ...body } = settings.value as SiteSettings;
    for (const [zone, ok] of [
      ["Europe/Rome", true],
      ["Europe/Atlantis", false],
      ["+01:00", false],
    ] as const) {
      const message = signMessage("settings", { ...body, zone }, FIXTURE_KEYS.gateway);
      expect(readSettingsMessage(Buffer.from(JSON.stringify(message)), GATEWAY, "totem-1").ok).toBe(ok);
    }
  });

  it.each(good.filter(({ shape }) => shape !== "receipt"))(
    "refuses the good $shape that is for another totem: $name",
    ({ shape, payload }) => {
      const reader = shape === "settings" ? readSettingsMessage : readCommand;
      expect(reader(payload, GATEWAY, "totem-2")).toEqual({ ok: false, problem: "not-for-us" });
    },
  );
});
