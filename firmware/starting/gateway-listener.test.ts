import { randomBytes } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { sealKeys } from "#schemas/sealed-keys.ts";
import { makeSigningKey, type SigningKey, signMessage } from "#schemas/signature.ts";
import type { EntryTime } from "#schemas/time.ts";
import { SpentElsewhere } from "../tickets/spent-elsewhere.ts";
import { NOW_MS, SETTINGS, timeAt } from "../tickets/tickets.fixture.ts";
import { gatewayListener, ticketKeepMs } from "./gateway-listener.ts";

const [HERE, SIBLING, STRANGER] = [makeSigningKey(), makeSigningKey(), makeSigningKey()];
const MARK = "ab".repeat(16);

function listening(time: EntryTime = timeAt(NOW_MS)) {
  const lines: string[] = [];
  const elsewhere = new SpentElsewhere();
  const take = vi.fn(() => true);
  const siblings = [{ totemId: "totem-2", publicKey: SIBLING.publicKeyHex }];
  const site = { settings: { ...SETTINGS, siblings } };
  const listener = gatewayListener({
    totem: { recordFault: vi.fn() },
    clock: { nowMs: () => 0, entryTime: () => time, wakeAt: () => undefined, timeReceived: () => undefined },
    journal: { keep: async () => ({ ok: true, value: null }) },
    indicators: { play: () => undefined },
    keyring: { take } as never,
    ...{ elsewhere, site, journalKey: HERE, trustedMs: 0 },
    log: {
      info: (event) => lines.push(event),
      warn: (event) => lines.push(event),
      error: (event) => lines.push(event),
    },
  });
  const spent = (key: SigningKey, from = "totem-2", marks: readonly string[] = [MARK]) =>
    listener.onSpent(from, Buffer.from(JSON.stringify(signMessage("spent", { marks: [...marks] }, key))));
  return { listener, elsewhere, take, lines, spent, site };
}

describe("marks from the site's other totems", () => {
  it("are believed of a totem that the settings name, signed with its key", () => {
    const so = listening();
    so.spent(SIBLING);
    expect(so.elsewhere.has(MARK, 0)).toBe(true);
    expect(so.lines).toEqual([]);
  });

  it("are not believed of anybody else, nor unsigned, and anything at all does no harm", () => {
    const so = listening();
    so.spent(STRANGER);
    so.spent(SIBLING, "totem-9");
    so.listener.onSpent("totem-2", Buffer.from("not JSON"));
    so.listener.onSpent("totem-2", randomBytes(300_000));
    expect(so.elsewhere.has(MARK, 0)).toBe(false);
    expect(so.lines).toEqual(["spent-refused", "spent-refused", "spent-refused"]);
  });

  it("are held as long as a ticket may be good somewhere", () => {
    const { site, elsewhere, spent } = listening();
    spent(SIBLING);
    expect(ticketKeepMs(site)).toBe(71 * 60_000);
    expect(elsewhere.has(MARK, ticketKeepMs(site) - 1)).toBe(true);
    expect(elsewhere.has(MARK, ticketKeepMs(site))).toBe(false);
    expect(ticketKeepMs({ settings: null })).toBe(60_000);
  });
});

describe("keys from the gateway", () => {
  const KEYS = { site: "07".repeat(32), offices: [] };
  const DAY = "2026-03-10";
  const message = async (key: SigningKey) => ({
    ...{ totemId: "totem-1", day: DAY, signature: "" },
    sealed: await sealKeys(KEYS, { totemId: "totem-1", day: DAY }, key.publicKeyHex),
  });

  it("are opened and handed to the keyring with today's day, and with none while the time is not known", async () => {
    const so = listening();
    await so.listener.onKeys(await message(HERE));
    expect(so.take).toHaveBeenLastCalledWith(KEYS, DAY, expect.stringMatching(/^\d{4}-/));
    const untimed = listening(timeAt(0, "untrusted"));
    await untimed.listener.onKeys(await message(HERE));
    expect(untimed.take).toHaveBeenLastCalledWith(KEYS, DAY, null);
    expect([...so.lines, ...untimed.lines]).toEqual(["keys", "keys"]);
  });

  it("that were sealed to another totem change nothing", async () => {
    const so = listening();
    await so.listener.onKeys(await message(STRANGER));
    expect(so.take).not.toHaveBeenCalled();
    expect(so.lines).toEqual(["keys-not-opened"]);
  });
});
