import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { GatewaySettings } from "#schemas/gateway-settings.ts";
import type { Hello } from "#schemas/messages.ts";
import { isMessageGood, makeSigningKey, publicKeyFromHex } from "#schemas/signature.ts";
import { directoryOf } from "../directory.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import type { KnownEpoch, Store } from "../store/store.ts";
import { openAnnouncer } from "./announcer.ts";

const settings = {
  sample: true,
  wording: 1,
  campaign: { firstDay: null, lastDay: null, agreement: null, withoutTicket: false },
  tickets: { validMinutes: 60, skewMinutes: 5 },
  sites: [
    {
      siteId: "municipio",
      name: "Municipio",
      zone: "Europe/Rome",
      languages: ["it"],
      hours: [{ weekday: 1, from: "08:30", to: "12:00" }],
      offices: [
        {
          officeId: "demografici",
          number: 1,
          name: "Demografici",
          uoCode: "",
          staff: 5,
          services: [{ serviceId: "anagrafe", number: 1, name: "Anagrafe" }],
        },
      ],
    },
  ],
} as unknown as GatewaySettings;

const EPOCH = "a".repeat(32);
const HEAD = "b".repeat(64);

function hello(oldestUnreceipted: number): Hello {
  const epoch = { epoch: EPOCH, ordinal: 1, oldestUnreceipted, last: 9, head: HEAD };
  return {
    startCount: 1,
    schema: 1,
    current: epoch,
    open: [epoch],
    openEpochs: 1,
    entriesPending: 0,
    bytesPending: 0,
  };
}

describe("the announcer", () => {
  const key = makeSigningKey();
  let store: Store;
  let known: readonly KnownEpoch[];
  let sent: { readonly kind: string; readonly message: Record<string, never> }[];
  let watermarks: string[];
  let isHeard: boolean;

  beforeEach(async () => {
    store = openSqliteStore(":memory:", 0);
    known = [];
    sent = [];
    watermarks = [];
    isHeard = true;
    await store.registerTotem({
      totemId: "totem-1",
      siteId: "municipio",
      serves: null,
      publicKey: key.publicKeyHex,
      passwordSha256: "0".repeat(64),
      enrolledMs: 0,
    });
  });
  afterEach(() => store.close());

  const announcer = () =>
    openAnnouncer({
      settings,
      directory: directoryOf(settings),
      store: { ...store, knownEpochs: async () => known },
      key,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      nowMs: () => 1,
      ingestor: {
        sendWatermarks: async (_, epochs) => {
          watermarks.push(...epochs);
        },
      },
      send: (_, kind, message) => sent.push({ kind, message: message as Record<string, never> }),
      isHeard: () => isHeard,
    });
  const held = (upTo: number): KnownEpoch => ({
    epoch: EPOCH,
    upTo,
    head: HEAD,
    ranges: [],
    ordinal: 1,
    previousEpoch: null,
    previousLast: 0,
    previousHead: null,
    succeeded: false,
    rejected: [],
  });

  it("signs each totem's settings and raises their version only when they change", async () => {
    await announcer().announceAll();
    await announcer().announceAll();
    const changed = { ...settings, wording: 1, tickets: { validMinutes: 30, skewMinutes: 5 } };
    await openAnnouncer({
      settings: changed,
      directory: directoryOf(changed),
      store,
      key,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      nowMs: () => 1,
      ingestor: { sendWatermarks: async () => undefined },
      send: (_, kind, message) => sent.push({ kind, message: message as Record<string, never> }),
      isHeard: () => true,
    }).announceAll();
    expect(sent.map(({ message }) => message["version"])).toEqual([1, 1, 2]);
    const first = sent[0]?.message as never;
    expect(isMessageGood("settings", first, publicKeyFromHex(key.publicKeyHex))).toBe(true);
  });

  it("stops where its session ends, as nothing more would be heard and the next one begins anew", async () => {
    for (const totemId of ["totem-2", "totem-3"]) {
      const publicKey = key.publicKeyHex;
      const totem = { totemId, siteId: "municipio", serves: null, publicKey, enrolledMs: 0 };
      await store.registerTotem({ ...totem, passwordSha256: "0".repeat(64) });
    }
    const all = announcer().announceAll();
    // Between two totems everybody else gets a turn: here, the session's end.
    setImmediate(() => {
      isHeard = false;
    });
    await all;
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.length).toBeLessThan(3);
  });

  it("repeats a totem's receipts at its hello and asks for nothing when nothing is missing", async () => {
    known = [held(9)];
    await announcer().greet("totem-1", hello(10));
    expect(watermarks).toContain(EPOCH);
    expect(sent).toEqual([]);
  });

  it("asks once for what a restored gateway no longer holds, with a rising command number", async () => {
    known = [held(4)];
    const one = announcer();
    await one.greet("totem-1", hello(10));
    expect(sent).toMatchObject([
      { kind: "command", message: { kind: "resend", epoch: EPOCH, from: 5, number: 1 } },
    ]);
    await one.greet("totem-1", hello(10));
    expect(sent.at(-1)).toMatchObject({ message: { number: 2 } });
  });

  it("raises a storage alarm for a totem that fell back, and clears it when its hello is whole again", async () => {
    known = [held(12)];
    const one = announcer();
    await one.greet("totem-1", hello(10));
    expect(await store.alarms()).toMatchObject([{ code: "rolled-back", subject: "totem-1" }]);
    known = [held(9)];
    await one.greet("totem-1", hello(10));
    expect(await store.alarms()).toEqual([]);
  });
});
