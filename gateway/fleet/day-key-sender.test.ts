import { describe, expect, it } from "vitest";
import type { SiteSetting } from "#schemas/gateway-settings.ts";
import { openKeys } from "#schemas/sealed-keys.ts";
import { makeSigningKey } from "#schemas/signature.ts";
import type { TotemRecord } from "../store/store.ts";
import { sendDayKeys } from "./day-key-sender.ts";

const TOTEM = makeSigningKey();
const TODAY = { day: "2026-11-26", keys: { site: "07".repeat(32), offices: [] } };
const FRESH = { day: "2026-12-10", keys: { site: "08".repeat(32), offices: [] } };

function sender() {
  const sent: { readonly day: string; readonly sealed: string }[] = [];
  const logged: string[] = [];
  const record = { totemId: "totem-1", siteId: "municipio", publicKey: TOTEM.publicKeyHex } as TotemRecord;
  const parts = {
    find: (totemId: string) => (totemId === record.totemId ? record : null),
    site: () => ({ siteId: "municipio" }) as SiteSetting,
    dayKeys: { ofSite: () => TODAY, freshOfSite: () => FRESH },
    key: makeSigningKey(),
    log: { error: (event: string) => void logged.push(event) },
    send: (_: string, kind: string, message: object) => {
      expect(kind).toBe("keys");
      sent.push(message as (typeof sent)[number]);
    },
  };
  return { to: (totemId: string) => sendDayKeys(parts, totemId), sent, logged };
}

describe("day keys for a totem", () => {
  it("are today's first, then those of a day to come, each sealed for it and its day alone", async () => {
    const { to, sent } = sender();
    await to("totem-1");
    expect(sent.map(({ day }) => day)).toEqual([TODAY.day, FRESH.day]);
    for (const [at, { day, keys }] of [TODAY, FRESH].entries()) {
      const sealed = sent[at]?.sealed ?? "";
      expect(await openKeys(sealed, { totemId: "totem-1", day }, TOTEM)).toEqual(keys);
      expect(await openKeys(sealed, { totemId: "totem-1", day: "2026-11-27" }, TOTEM)).toBeNull();
      expect(await openKeys(sealed, { totemId: "totem-1", day }, makeSigningKey())).toBeNull();
    }
  });

  it("are sent to nobody that is not registered", async () => {
    const { to, sent, logged } = sender();
    await to("totem-9");
    expect([sent, logged]).toEqual([[], ["keys-for-nobody"]]);
  });
});
