import { createServer } from "node:net";
import { Aedes } from "aedes";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Fixture, fixturesOf } from "#schemas/fixtures.fixture.ts";
import { FIXTURE_KEYS } from "#schemas/golden.fixture.ts";
import type { ReadinessReport } from "#schemas/self-test.ts";
import { publicKeyFromHex } from "#schemas/signature.ts";
import { totemTopic, type Uplink } from "#schemas/topics.ts";
import type { Store } from "../store/store.ts";
import { type Inbox, openInbox } from "./inbox.ts";
import { verifyBatch } from "./verify.ts";

const TOTEM = publicKeyFromHex(FIXTURE_KEYS.totem.publicKeyHex);

describe("the gateway and the golden batches", () => {
  const batches = fixturesOf("entries");
  const verify = ({ payload }: Fixture, totemId = "totem-1", journalKey = TOTEM) =>
    verifyBatch(payload, { totemId, journalKey, receivedMs: 0 });

  it.each(batches.filter(({ isGood }) => isGood))("verifies the good one: $name", (fixture) => {
    const { entries, first, last } = fixture.value as { entries: unknown[]; first: number; last: number };
    const verified = verify(fixture);
    if (!verified.ok) throw new Error(verified.problem);
    expect(verified.value).toMatchObject({ totemId: "totem-1", first, last });
    const rejected = verified.value.entries.filter(({ entry }) => entry === null).map(({ seq }) => seq);
    expect(verified.value.entries).toHaveLength(entries.length);
    expect(rejected).toEqual(fixture.name === "with-one-broken-entry" ? [4] : []);
  });

  it.each(batches.filter(({ isGood }) => !isGood))("quarantines the bad one: $name", (fixture) => {
    expect(verify(fixture)).toEqual({ ok: false, problem: "wrong-shape" });
  });

  it.each(batches.filter(({ isGood }) => isGood))(
    "quarantines the good one from another totem: $name",
    (fixture) => {
      const stranger = publicKeyFromHex(FIXTURE_KEYS.gateway.publicKeyHex);
      expect(verify(fixture, "totem-1", stranger)).toEqual({ ok: false, problem: "bad-signature" });
    },
  );

  it("quarantines the first batch of an epoch under another totem's name, though the key were the same", () => {
    const first = batches.find(({ name }) => name === "first-of-an-epoch") as Fixture;
    expect(verify(first, "totem-2")).toEqual({ ok: false, problem: "broken-chain" });
  });
});

describe("the gateway and the golden messages that are no batches", () => {
  const TOPIC_OF: Readonly<Record<string, Uplink>> = {
    ...{ hello: "hello", status: "status", health: "health", reply: "reply" },
    "readiness-report": "readiness",
  };
  const messages = Object.keys(TOPIC_OF).flatMap(fixturesOf);
  const heard: ((what: string) => void)[] = [];
  const say = (what: string) => heard.shift()?.(what);
  const server = createServer();
  let broker: Aedes;
  let inbox: Inbox;

  beforeAll(async () => {
    broker = await Aedes.createBroker();
    server.on("connection", broker.handle);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await new Promise<void>((ready) => {
      inbox = openInbox({
        mqtt: { url: `mqtt://127.0.0.1:${port}`, username: "gateway", password: "", ca: null },
        // Only what an inbox asks of a store.
        store: {
          noteStatus: async (totemId: string) => {
            say(`took status of ${totemId}`);
            return true;
          },
          noteHealth: async (totemId: string) => void say(`took health of ${totemId}`),
          noteReadiness: async ({ totemId }: ReadinessReport) =>
            void say(`took readiness-report of ${totemId}`),
        } as unknown as Store,
        ingestor: () => {
          throw new Error("no batch is sent here");
        },
        quarantine: async () => undefined,
        log: {
          info: (event, fields) => {
            if (event === "totem-reply") say(`took reply of ${fields?.["totem"]}`);
          },
          warn: (event, fields) => void say(`${event} ${fields?.["shape"]} ${fields?.["where"]}`),
          error: (event) => void say(event),
        },
        nowMs: () => 0,
        random: () => 0,
        onHello: async (totemId) => void say(`took hello of ${totemId}`),
        onReady: async () => ready(),
      });
    });
  });
  afterAll(async () => {
    await inbox.close();
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  const answerTo = ({ shape, payload }: Fixture) =>
    new Promise<string>((resolve) => {
      heard.push(resolve);
      const topic = totemTopic("totem-1", TOPIC_OF[shape] as Uplink);
      broker.publish({ cmd: "publish", topic, payload, qos: 1, retain: false, dup: false }, () => undefined);
    });

  it.each(messages)("reads $shape as its name says, $name", async (fixture) => {
    const { shape, isGood, where } = fixture;
    const expected = isGood ? `took ${shape} of totem-1` : `uplink-malformed ${shape} ${where}`;
    expect(await answerTo(fixture)).toBe(expected);
  });
});
