/**
 * What must hold between totems and the gateway through any broker, ours or an outside one: real MQTT clients, the real
 * inbox, ingestor and SQLite store.
 */
import { connectAsync, type MqttClient } from "mqtt";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { fixturesOf } from "#schemas/fixtures.fixture.ts";
import type { Health, Hello, Receipt, Status } from "#schemas/messages.ts";
import type { ReadinessReport } from "#schemas/self-test.ts";
import { type Downlink, totemTopic, type Uplink } from "#schemas/topics.ts";
import { brokenSums } from "../rollups/counts.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import { total } from "../store/store.fixture.ts";
import type { Store } from "../store/store.ts";
import { BURST_MAX } from "./allowance.ts";
import { type Inbox, openInbox } from "./inbox.ts";
import { type Ingestor, openIngestor } from "./ingestor.ts";
import {
  MONDAY_MS,
  type TestTotem,
  TOWN_HALL,
  testTotem,
  voteEntry,
  type WireBatch,
} from "./journal.fixture.ts";
import { openQuarantine } from "./quarantine.ts";

/** A running broker that lets a gateway and any totem in. */
export type OutsideBroker = {
  readonly url: string;
  readonly insider: { readonly username: string; readonly password: string };
  readonly passwordOf: (totemId: string) => string;
  readonly close: () => Promise<void>;
};

const HEALTH: Health = {
  ...{ timeMs: MONDAY_MS, uptimeMs: 1, queue: { entries: 0, bytes: 0 }, captured: 2, acknowledged: 2 },
  ...{ oldestUnsentMs: null, disk: { freeBytes: 1, totalBytes: 2 } },
  ...{ mount: { fileSystem: "ext4", persistent: true, readOnly: false }, clock: "trusted" },
  ...{
    temperatureMilliCelsius: null,
    underVoltage: null,
    scanner: "ready",
    totalPresses: 1,
    lostEdges: 0,
    keys: [],
  },
};
const HELLO: Hello = {
  ...{ startCount: 1, schema: 1, current: null, open: [], openEpochs: 0, entriesPending: 0, bytesPending: 0 },
};
const STATUS: Status = {
  ...{ online: true, startCount: 3, bootId: "boot-1" },
  versions: { firmware: "1", node: "24", sqlite: "3", schema: 1 },
};

const READINESS = fixturesOf("readiness-report").find(({ isGood }) => isGood)?.value as ReadinessReport;

export function describeInbox(openBroker: () => Promise<OutsideBroker>): void {
  let broker: OutsideBroker;
  let store: Store;
  let inbox: Inbox;
  let ingestor: Ingestor;
  let ready: number;
  const hellos: string[] = [];
  const logged: { event: string; fields: object | undefined }[] = [];
  const dropped: string[] = [];
  const clients: MqttClient[] = [];
  const keys = new Map<string, TestTotem>();

  beforeEach(async () => {
    for (const list of [hellos, logged, dropped]) list.length = 0;
    ready = 0;
    broker = await openBroker();
    store = openSqliteStore(":memory:", 0);
    const log = (event: string, fields?: object) => void logged.push({ event, fields });
    ingestor = openIngestor({
      store,
      log: { info: log, warn: log, error: log },
      nowMs: () => MONDAY_MS,
      journalKey: (totemId) => keys.get(totemId)?.publicKey ?? null,
      sites: () => [TOWN_HALL],
      sendReceipt: (totemId, receipt) => inbox.send(totemId, "receipt", { ...receipt, signature: "00" }),
      onOpened: async () => undefined,
      onCounted: () => undefined,
    });
    inbox = openInbox({
      mqtt: { url: broker.url, ...broker.insider, ca: null },
      store,
      ingestor: () => ingestor,
      quarantine: openQuarantine({
        ...{ store, what: "message", log: { info: log, warn: log, error: log } },
        journalKey: (totemId) => keys.get(totemId)?.publicKey ?? null,
        onCounted: () => undefined,
      }),
      log: { info: log, warn: log, error: log },
      nowMs: () => MONDAY_MS,
      random: () => 0,
      onHello: async (totemId) => void hellos.push(totemId),
      onReady: async () => {
        ready += 1;
      },
      onDropped: (totemId) => dropped.push(totemId),
    });
    await vi.waitFor(() => expect(ready).toBe(1), { timeout: 10_000 });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.end(true);
    await inbox.close();
    await ingestor.settled();
    await broker.close();
    await store.close();
    keys.clear();
  });

  /** A registered totem with its MQTT session and the receipts it got. */
  const connect = async (totemId: string) => {
    const totem = testTotem(totemId);
    keys.set(totemId, totem);
    await store.registerTotem(totem.record);
    const client = await connectAsync(broker.url, {
      ...{ clientId: totemId, username: totemId, password: broker.passwordOf(totemId) },
      ...{ protocolVersion: 4 as const, reconnectPeriod: 0, clean: true },
    });
    client.on("error", () => undefined);
    clients.push(client);
    const receipts: Receipt[] = [];
    client.on("message", (_, payload) => receipts.push(JSON.parse(payload.toString()) as Receipt));
    await client.subscribeAsync(totemTopic(totemId, "receipt"), { qos: 1 });
    const say = (kind: Uplink, message: Buffer | object, retain = false) =>
      client.publishAsync(
        totemTopic(totemId, kind),
        Buffer.isBuffer(message) ? message : JSON.stringify(message),
        { qos: 1, retain },
      );
    const send = (batch: WireBatch) => say("entries", batch.payload);
    return { totem, client, receipts, say, send };
  };

  it("answers a totem's batches with receipts, and everybody else's too", async () => {
    const all = await Promise.all(["totem-1", "totem-2", "totem-3"].map(connect));
    for (const { totem } of all) {
      totem.start();
      for (let i = 0; i < 300; i++) totem.append(voteEntry());
    }
    await Promise.all(all.flatMap(({ totem, send }) => totem.batches(50).map(send)));
    for (const { receipts } of all) {
      await vi.waitFor(() => expect(receipts.at(-1)?.upTo).toBe(301), { timeout: 20_000 });
    }
    expect(await total(store)).toMatchObject({ received: 900, accepted: 900 });
    for (const { sums } of await store.totemStatuses()) expect(brokenSums(sums)).toEqual([]);
  });

  it("hears hello, status and health, and keeps what they say", async () => {
    const { say } = await connect("totem-1");
    await say("status", STATUS, true);
    await say("health", HEALTH);
    await say("hello", HELLO);
    await say("reply", { number: 1, done: true, problem: null });
    await vi.waitFor(() => expect(logged.map((l) => l.event)).toContain("totem-reply"), { timeout: 10_000 });
    expect(hellos).toEqual(["totem-1"]);
    expect((await store.totemStatuses())[0]).toMatchObject({ online: true, startCount: 3, health: HEALTH });
  });

  it("keeps a totem's readiness report; one about another totem is set aside", async () => {
    const [{ say }] = await Promise.all([connect("totem-1"), connect("totem-2")]);
    await say("readiness", READINESS);
    await say("readiness", { ...READINESS, totemId: "totem-2" });
    await vi.waitFor(async () => expect(await store.alarms()).toHaveLength(1), { timeout: 10_000 });
    expect(await store.readiness("totem-1")).toMatchObject([{ report: READINESS }]);
    expect(await store.readiness("totem-2")).toEqual([]);
    expect(logged).toContainEqual({
      event: "uplink-malformed",
      fields: expect.objectContaining({ totem: "totem-1", where: "/totemId" }),
    });
  });

  it.each<[string, Uplink, Buffer | object]>([
    ["no JSON", "hello", Buffer.from("RSSMRA80A01H501U")],
    ["another shape", "hello", { ...HELLO, startCount: -1 }],
    ["an unknown field", "status", { ...STATUS, card: "RSSMRA80A01H501U" }],
    ["too much", "health", Buffer.alloc(60_000, "9")],
  ])(
    "quarantines a message of %s once, says where it broke and never what it held",
    async (_, kind, message) => {
      const { say, send, totem, receipts } = await connect("totem-1");
      await say(kind, message);
      await say(kind, message);
      totem.start();
      await send(totem.batch(1, 1));
      await vi.waitFor(() => expect(receipts).toHaveLength(1), { timeout: 10_000 });
      expect(logged).toContainEqual({
        event: "uplink-malformed",
        fields: expect.objectContaining({ totem: "totem-1", shape: kind }),
      });
      expect(JSON.stringify([logged, await store.alarms()])).not.toContain("RSSMRA");
      expect(await store.alarms()).toMatchObject([
        { code: "message-quarantined", subject: "totem-1", times: 1, detail: expect.stringContaining(kind) },
      ]);
      expect(hellos).toEqual([]);
    },
  );

  it("serves a totem while another floods it with hellos, forged batches and rubbish", async () => {
    const good = await connect("totem-good");
    const bad = await connect("totem-bad");
    good.totem.start();
    for (let i = 0; i < 100; i++) good.totem.append(voteEntry());
    bad.totem.start();
    const forged = testTotem("totem-bad");
    forged.start();
    const floods = Array.from({ length: 300 }, (_, i) => {
      forged.append(voteEntry());
      if (i % 3 === 0) return bad.say("hello", HELLO);
      return i % 3 === 1
        ? bad.send(forged.batch(i + 2, i + 2))
        : bad.say("entries", Buffer.from(`rubbish ${i}`));
    });
    for (const batch of good.totem.batches(10)) await good.send(batch);
    await Promise.all(floods);
    await vi.waitFor(() => expect(good.receipts.at(-1)?.upTo).toBe(101), { timeout: 20_000 });
    await vi.waitFor(() => expect(hellos.length + dropped.length).toBe(100), { timeout: 20_000 });
    expect(hellos).toHaveLength(BURST_MAX);
    await ingestor.settled();
    expect(bad.receipts).toEqual([]);
    expect(await total(store)).toMatchObject({ received: 100, accepted: 100 });
    expect((await store.alarms()).map((a) => a.subject)).toEqual(["totem-bad"]);
  });

  it("sends downlinks, and keeps only the settings in the broker for a totem that is away", async () => {
    const seen: string[] = [];
    inbox.send("totem-1", "settings", { version: 1 });
    inbox.send("totem-1", "command", { number: 1 });
    // A second totem's receipt shows that the broker has had both.
    const other = await connect("totem-2");
    other.totem.start();
    await other.send(other.totem.batch(1, 1));
    await vi.waitFor(() => expect(other.receipts).toHaveLength(1), { timeout: 10_000 });
    const { client } = await connect("totem-1");
    client.on("message", (topic) => seen.push(topic));
    const topics = (["settings", "command", "keys"] as readonly Downlink[]).map((kind) =>
      totemTopic("totem-1", kind),
    );
    await client.subscribeAsync(topics, { qos: 1 });
    await vi.waitFor(() => expect(seen).toHaveLength(1), { timeout: 10_000 });
    inbox.send("totem-1", "keys", {});
    await vi.waitFor(() => expect(seen).toHaveLength(2), { timeout: 10_000 });
    expect(seen).toEqual([totemTopic("totem-1", "settings"), totemTopic("totem-1", "keys")]);
  });
}
