import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fixturesOf } from "#schemas/fixtures.fixture.ts";
import { BATCHES_IN_FLIGHT_MAX, HELLO_EPOCHS_MAX } from "#schemas/limits.ts";
import { HELLO, SPENT, type Spent, STATUS } from "#schemas/messages.ts";
import type { ReadinessReport } from "#schemas/self-test.ts";
import { isMessageGood, makeSigningKey, publicKeyFromHex } from "#schemas/signature.ts";
import { spentTopic } from "#schemas/topics.ts";
import { openClock } from "../clock/machine-clock.ts";
import {
  acceptBatch,
  dataFolder,
  faultAt,
  hexId,
  NOON_MS,
  openAt,
  removeFolders,
} from "../journal/journal.fixture.ts";
import { journalHere } from "../journal/journal-client.ts";
import type { Journal } from "../ports.ts";
import { commandBody, GATEWAY_PUBLIC, settingsBody, signed, TOTEM_ID } from "./gateway.fixture.ts";
import { KEPT_READINESS } from "./readiness.ts";
import { KEPT_SETTINGS } from "./receiver.ts";
import { type TestBroker, TestGateway, testBroker, testListener } from "./uplink.fixture.ts";
import { openUplink } from "./uplink.ts";

const TOTEM_KEY = makeSigningKey();
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

let broker: TestBroker;
let gateway: TestGateway;
let folder: string;
const closers: (() => Promise<void>)[] = [];

beforeEach(async () => {
  folder = dataFolder();
  broker = await testBroker();
  gateway = await TestGateway.open(broker.url);
  closers.push(
    () => broker.kill(),
    () => gateway.close(),
  );
});

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  removeFolders();
});

/** A totem's start: its journal with some entries, its clock and its uplink. */
function startTotem(start: number, entries: number) {
  const journal = journalHere(openAt(folder, start).journal);
  for (let i = 0; i < entries; i++) void journal.append(faultAt(NOON_MS + i));
  const ear = testListener();
  const readings = () => ({ wallMs: NOON_MS, monotonicUs: 1_000, bootId: "boot-1", synchronized: true });
  const uplink = openUplink({
    ...{ totemId: TOTEM_ID, siteId: "site-1", journalKey: TOTEM_KEY, ticketKeepMs: () => 60_000 },
    mqtt: { url: broker.url, password: "secret", ca: null },
    gatewayKey: GATEWAY_PUBLIC,
    epoch: hexId(start),
    status: {
      startCount: start,
      bootId: "boot-1",
      versions: { firmware: "1", node: "24", sqlite: "3", schema: 1 },
    },
    journal,
    clock: openClock(readings, 0),
    log: SILENT,
    listener: ear.listener,
  });
  let open = true;
  const stop = async () => {
    if (!open) return;
    open = false;
    await uplink.close();
    await journal.close();
  };
  closers.push(stop);
  return { journal, uplink, ...ear, stop };
}

/** Resolves when nothing is pending, looking again after each batch that arrives. */
async function drained(journal: Journal): Promise<void> {
  for (;;) {
    if ((await journal.sums()).pending === 0) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("a totem that connects", () => {
  it("says who it is, what it holds, and sends it; receipts empty its journal", async () => {
    const { journal } = startTotem(1, 450);
    const status = await gateway.statuses.first();
    expect(STATUS.parse(status)).toMatchObject({ ok: true, value: { online: true, startCount: 1 } });
    const hello = await gateway.hellos.first();
    expect(HELLO.parse(hello).ok).toBe(true);
    expect(hello).toMatchObject({ startCount: 1, openEpochs: 1, entriesPending: 451 });
    expect(hello.current).toMatchObject({ epoch: hexId(1), oldestUnreceipted: 1, last: 451 });
    await drained(journal);
    expect(gateway.batches.all.map(({ first, last }) => [first, last])).toEqual([
      [1, 200],
      [201, 400],
      [401, 451],
    ]);
    for (const batch of gateway.batches.all) acceptBatch({ ...batch, text: JSON.stringify(batch) });
  });

  it("keeps four batches in flight and not one more until a receipt comes", async () => {
    gateway.receipts = false;
    const { journal, uplink } = startTotem(1, 1_300);
    await gateway.batches.count(BATCHES_IN_FLIGHT_MAX);
    // News do not loosen it.
    await journal.append(faultAt(NOON_MS));
    uplink.entriesWaiting();
    await gateway.receipt(hexId(1), 200);
    await gateway.batches.count(BATCHES_IN_FLIGHT_MAX + 1);
    // A later hello arrives after everything that was sent before it.
    await gateway.send("command", signed("command", commandBody(1, { kind: "reload" })));
    await gateway.hellos.count(2);
    expect(gateway.batches.all).toHaveLength(BATCHES_IN_FLIGHT_MAX + 1);
    expect((await journal.sums()).acknowledged).toBe(200);
  });

  it("names the oldest 64 of very many open epochs, the current one beside them, and how many there are", async () => {
    for (let start = 1; start <= HELLO_EPOCHS_MAX + 5; start++) {
      const { journal } = openAt(folder, start);
      journal.append(faultAt(NOON_MS));
      journal.close();
    }
    const { journal } = startTotem(HELLO_EPOCHS_MAX + 6, 1);
    const hello = await gateway.hellos.first();
    expect(HELLO.parse(hello).ok).toBe(true);
    expect(hello.open.map(({ ordinal }) => ordinal)).toEqual(
      Array.from({ length: HELLO_EPOCHS_MAX }, (_, index) => index + 1),
    );
    expect(hello).toMatchObject({
      openEpochs: HELLO_EPOCHS_MAX + 6,
      current: { ordinal: HELLO_EPOCHS_MAX + 6 },
    });
    await drained(journal);
    expect((await journal.sums()).openEpochs).toBe(1);
  });

  it("sends what is voted while it is connected", async () => {
    const { journal, uplink } = startTotem(1, 1);
    await drained(journal);
    await journal.append(faultAt(NOON_MS));
    uplink.entriesWaiting();
    expect(await gateway.batches.first(({ first }) => first === 3)).toMatchObject({ last: 3 });
    await drained(journal);
  });
});

describe("a broken connection", () => {
  it("to a broker that is killed and restarted: hello again, and what was not receipted is sent again", async () => {
    gateway.receipts = false;
    const { journal, connections } = startTotem(1, 3);
    await gateway.batches.count(1);
    await broker.kill();
    await connections.first((connected) => !connected);
    await journal.append(faultAt(NOON_MS));
    await broker.restart();
    const again = await TestGateway.open(broker.url);
    closers.push(() => again.close());
    const hello = await again.hellos.first();
    expect(hello.current).toMatchObject({ oldestUnreceipted: 1, last: 5 });
    expect(await again.batches.first()).toMatchObject({ first: 1, last: 5 });
    await drained(journal);
  });

  it("is told by the last will, retained, until the totem is back", async () => {
    const { connections } = startTotem(7, 0);
    await gateway.statuses.first(({ online }) => online);
    broker.cutTotem();
    expect(await gateway.statuses.first(({ online }) => !online)).toMatchObject({ startCount: 7 });
    await connections.count(3);
    await gateway.statuses.count(3);
    expect(gateway.statuses.all.map(({ online }) => online)).toEqual([true, false, true]);
    expect(await retainedStatus()).toMatchObject({ online: true, startCount: 7 });
  });

  it("that was meant is told by the totem itself", async () => {
    const { stop } = startTotem(2, 0);
    await gateway.statuses.first(({ online }) => online);
    await stop();
    await gateway.statuses.first(({ online }) => !online);
    expect(await retainedStatus()).toMatchObject({ online: false, startCount: 2 });
  });
});

/** What the broker keeps for whoever asks later. */
async function retainedStatus(): Promise<unknown> {
  const late = await TestGateway.open(broker.url);
  try {
    return await late.statuses.first();
  } finally {
    await late.close();
  }
}

describe("a command", () => {
  it("to send again is obeyed once, however often it is repeated", async () => {
    const { journal } = startTotem(1, 5);
    await drained(journal);
    const command = signed("command", commandBody(4, { kind: "resend", epoch: hexId(1), from: 3 }));
    await Promise.all([1, 2, 3].map(() => gateway.send("command", command)));
    expect(await gateway.replies.first()).toEqual({ number: 4, done: true, problem: null });
    await gateway.batches.first(({ first }) => first === 3);
    await drained(journal);
    // A later one is answered after all that came before it.
    await gateway.send("command", signed("command", commandBody(5, { kind: "identify" })));
    await gateway.replies.first(({ number }) => number === 5);
    expect(gateway.replies.all.map(({ number }) => number)).toEqual([4, 5]);
    expect(gateway.batches.all.filter(({ first }) => first === 3)).toHaveLength(1);
  });

  it("older than the last one obeyed is not obeyed after a restart either", async () => {
    const first = startTotem(1, 1);
    await gateway.hellos.first();
    await gateway.send("command", signed("command", commandBody(9, { kind: "identify" })));
    await gateway.replies.count(1);
    expect(first.identified.all).toHaveLength(1);
    await first.stop();
    const second = startTotem(2, 1);
    await gateway.hellos.count(2);
    await gateway.send("command", signed("command", commandBody(9, { kind: "identify" })));
    await gateway.send("command", signed("command", commandBody(8, { kind: "identify" })));
    await gateway.send("command", signed("command", commandBody(10, { kind: "collect-log" })));
    await gateway.replies.count(2);
    expect(gateway.replies.all[1]).toMatchObject({ number: 10, done: false });
    expect(second.identified.all).toHaveLength(0);
  });

  it("for an epoch nobody knows is answered with the reason", async () => {
    startTotem(1, 1);
    await gateway.hellos.first();
    await gateway.send(
      "command",
      signed("command", commandBody(1, { kind: "resend", epoch: hexId(99), from: 1 })),
    );
    expect(await gateway.replies.first()).toEqual({ number: 1, done: false, problem: "unknown-epoch" });
  });
});

describe("tickets taken elsewhere", () => {
  const topic = spentTopic("site-1", "totem-2");

  it("come in from the site's other totems as they are, and never from this one itself", async () => {
    const { spent, uplink, stop } = startTotem(1, 1);
    await gateway.hellos.first();
    uplink.ticketSpent("ab".repeat(16));
    await gateway.publish(topic, Buffer.from("not looked at here"));
    await spent.count(1);
    expect(spent.all).toEqual(["totem-2 not looked at here"]);
    await stop();
  });

  it("are told signed and at once; without a network at the next connection, in messages of twenty", async () => {
    const { connections, uplink, stop } = startTotem(1, 1);
    await gateway.hellos.first();
    const told = await gateway.listen(spentTopic("site-1", TOTEM_ID));
    uplink.ticketSpent("01".repeat(16));
    await told.count(1);
    const first = JSON.parse(told.all[0] ?? "") as Spent;
    expect(SPENT.is(first)).toBe(true);
    expect(first.marks).toEqual(["01".repeat(16)]);
    expect(isMessageGood("spent", first, publicKeyFromHex(TOTEM_KEY.publicKeyHex))).toBe(true);
    broker.cutTotem();
    await connections.first((connected) => !connected);
    for (let n = 0; n < 25; n++) uplink.ticketSpent(n.toString(16).padStart(32, "0"));
    await told.count(3);
    expect(told.all.slice(1).map((text) => (JSON.parse(text) as Spent).marks.length)).toEqual([20, 5]);
    await stop();
  });
});

describe("keys", () => {
  it("reach the totem only when they are signed, for this totem and of a day in the calendar", async () => {
    const { keys, faults, stop } = startTotem(1, 1);
    await gateway.hellos.count(1);
    const body = { totemId: TOTEM_ID, day: "2026-11-26", sealed: "c2VhbGVk" };
    await gateway.send("keys", signed("keys", { ...body, totemId: "totem-2" }));
    await gateway.send("keys", signed("keys", { ...body, day: "2026-02-30" }));
    await gateway.send("keys", signed("keys", body, { as: "settings" }));
    await gateway.send("keys", signed("keys", body));
    await keys.count(1);
    expect(keys.all).toEqual(["2026-11-26"]);
    expect(faults.all).toEqual(["downlink-refused/keys"]);
    await stop();
  });
});

describe("settings", () => {
  it("are taken when their version is higher, kept over a restart, and never taken back", async () => {
    const { journal, settings, stop } = startTotem(1, 1);
    await gateway.hellos.first();
    await gateway.send("settings", signed("settings", settingsBody(5)), true);
    await gateway.send("settings", signed("settings", settingsBody(4)), true);
    await gateway.send("settings", signed("settings", settingsBody(6)), true);
    await settings.count(2);
    expect(settings.all).toEqual([5, 6]);
    expect(JSON.parse((await journal.kept(KEPT_SETTINGS)) ?? "")).toMatchObject({ version: 6 });
    await stop();
    const second = startTotem(2, 1);
    // The broker still keeps them: the totem has them already.
    await gateway.hellos.count(2);
    await gateway.send("settings", signed("settings", settingsBody(7)), true);
    await second.settings.count(1);
    expect(second.settings.all).toEqual([7]);
  });

  it("of a gateway the totem no longer belongs to do not stand in the way of the new one's", async () => {
    const { journal } = openAt(folder, 1);
    journal.keep(KEPT_SETTINGS, JSON.stringify({ ...settingsBody(900), signature: "0".repeat(128) }));
    journal.close();
    const { settings } = startTotem(2, 1);
    await gateway.hellos.first();
    await gateway.send("settings", signed("settings", settingsBody(1)), true);
    await settings.count(1);
    expect(settings.all).toEqual([1]);
  });

  it("said by a gateway that has just started are answered with a hello and with what it did not get", async () => {
    gateway.receipts = false;
    const { journal } = startTotem(1, 1);
    await gateway.batches.count(1);
    gateway.receipts = true;
    await gateway.send("settings", signed("settings", settingsBody(1)));
    await gateway.hellos.count(2);
    await drained(journal);
    expect(gateway.batches.all.length).toBeGreaterThanOrEqual(2);
  });
});

describe("what cannot be believed", () => {
  it("changes nothing and is reported once, however often it is sent", async () => {
    gateway.receipts = false;
    const { journal, faults } = startTotem(1, 3);
    await gateway.batches.count(1);
    const forged = signed("receipt", { epoch: hexId(1) }, { as: "receipt" });
    for (let i = 0; i < 50; i++) await gateway.send("receipt", forged);
    for (let i = 0; i < 50; i++) await gateway.receipt(hexId(1), 77);
    await gateway.receipt(hexId(1), 1, { rejected: [{ seq: 1, reason: "/kind" }] });
    await faults.first((fault) => fault === "entry-rejected");
    expect(faults.all).toEqual(["downlink-refused/receipt", "head-mismatch", "entry-rejected"]);
    expect((await journal.sums()).acknowledged).toBe(1);
  });
});

describe("health", () => {
  it("goes up as it is", async () => {
    const { uplink } = startTotem(1, 0);
    await gateway.hellos.first();
    uplink.publishHealth({ uptimeMs: 1 });
    expect(await gateway.health.first()).toEqual({ uptimeMs: 1 });
  });
});

describe("a readiness report", () => {
  const report = fixturesOf("readiness-report").find(({ isGood }) => isGood)?.value as ReadinessReport;

  it("goes up at once, and again on each connect: nobody receipts it", async () => {
    const { uplink } = startTotem(1, 0);
    await gateway.hellos.first();
    uplink.tellReadiness(report);
    expect(await gateway.readiness.first()).toEqual(report);
    broker.cutTotem();
    expect(await gateway.readiness.count(2)).toEqual([report, report]);
  });

  it("made without a network goes up when there is one, also after a restart; a newer one takes its place", async () => {
    const first = startTotem(1, 0);
    await gateway.hellos.first();
    await gateway.close();
    await broker.kill();
    first.uplink.tellReadiness(report);
    first.uplink.tellReadiness({ ...report, ready: false });
    await first.stop();
    await broker.restart();
    gateway = await TestGateway.open(broker.url);
    startTotem(2, 0);
    await gateway.hellos.first();
    expect(await gateway.readiness.first()).toEqual({ ...report, ready: false });
    expect(gateway.readiness.all).toHaveLength(1);
  });

  it("of an older firmware is not sent: the gateway would only set it aside", async () => {
    const { journal, uplink } = startTotem(1, 0);
    await journal.keep(KEPT_READINESS, JSON.stringify({ ...report, ready: "yes" }));
    await gateway.hellos.first();
    broker.cutTotem();
    await gateway.hellos.count(2);
    uplink.publishHealth({ uptimeMs: 1 });
    await gateway.health.first();
    expect(gateway.readiness.all).toEqual([]);
  });
});
