import { once } from "node:events";
import type { Socket } from "node:net";
import fc from "fast-check";
import type { MqttClient } from "mqtt";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PACKET_BYTES_MAX } from "#schemas/limits.ts";
import { spentTopic, totemTopic } from "#schemas/topics.ts";
import {
  closed,
  connectBytes,
  ended,
  nextMessage,
  openTestBroker,
  publishBytes,
  roundTrip,
  SITE,
  subscribeBytes,
  type TestBroker,
} from "./broker.fixture.ts";
import { openBroker } from "./broker.ts";
import { STRANGERS_MAX } from "./door.ts";
import { UNREAD_BYTES_MAX } from "./guarded-stream.ts";

const NOT_AUTHORIZED = 5;

describe("the embedded broker", () => {
  let test: TestBroker;
  let good: MqttClient;
  beforeEach(async () => {
    test = await openTestBroker();
    good = await test.totem("totem-good");
  });
  afterEach(() => test.close());

  /** Nobody was harmed: a totem still speaks with the gateway. */
  const goodIsServed = () => roundTrip(test, good, "still there");

  it.each([
    ["a wrong password", { password: "guessed" }],
    ["no password", { password: "" }],
    ["a client id that is not the user name", { clientId: "totem-2" }],
    ["a user name nobody has", { clientId: "nobody", username: "nobody" }],
    ["the gateway's name", { clientId: "GATEWAY", username: "GATEWAY" }],
    ["an empty client id", { clientId: "", username: "" }],
  ])("refuses %s with CONNACK 5", async (_, options) => {
    await expect(test.totem("totem-1", options)).rejects.toMatchObject({ code: NOT_AUTHORIZED });
    expect(test.refused.credentials).toBe(1);
    await goodIsServed();
  });

  it("carries a totem's own uplinks to the gateway, in order", async () => {
    const totem = await test.totem("totem-1");
    for (const kind of ["hello", "entries", "status", "health", "reply"] as const) {
      await totem.publishAsync(totemTopic("totem-1", kind), kind, { qos: 1 });
    }
    await vi.waitFor(() => expect(test.heard).toHaveLength(5));
    expect(test.heard.map((m) => [m.topic, m.payload.toString()])).toEqual(
      ["hello", "entries", "status", "health", "reply"].map((kind) => [
        `faccine/v1/totem/totem-1/${kind}`,
        kind,
      ]),
    );
  });

  it.each([
    ["another totem's entries", totemTopic("totem-2", "entries"), {}],
    ["its own receipts", totemTopic("totem-1", "receipt"), {}],
    ["its own settings", totemTopic("totem-1", "settings"), {}],
    ["another totem's spent marks", spentTopic(SITE, "totem-2"), {}],
    ["another site's spent marks", spentTopic("elsewhere", "totem-1"), {}],
    ["the broker's own topics", "$SYS/x/new/clients", {}],
    ["a topic of nobody", "faccine/v1/totem/totem-1/entries/more", {}],
    ["retained entries", totemTopic("totem-1", "entries"), { retain: true }],
    ["entries with QoS 2", totemTopic("totem-1", "entries"), { qos: 2 as const }],
  ])("ends the connection of a totem that publishes %s, unheard", async (_, topic, options) => {
    const totem = await test.totem("totem-1");
    const listener = await test.totem("totem-2");
    const overheard: string[] = [];
    listener.on("message", (at) => overheard.push(at));
    await listener.subscribeAsync(spentTopic(SITE, "+"), { qos: 1 });
    const end = ended(totem);
    totem.publishAsync(topic, "x", { qos: 1, ...options }).catch(() => undefined);
    await end;
    expect(test.refused.publish).toBe(1);
    await goodIsServed();
    expect(test.heard.filter((m) => m.payload.toString() === "x")).toEqual([]);
    expect(overheard).toEqual([]);
  });

  it("carries spent marks to the totems of the site", async () => {
    const listener = await test.totem("totem-2");
    await listener.subscribeAsync(spentTopic(SITE, "+"), { qos: 1 });
    const heard = nextMessage(listener);
    const totem = await test.totem("totem-1");
    await totem.publishAsync(spentTopic(SITE, "totem-1"), "marks", { qos: 1 });
    expect((await heard).topic).toBe(spentTopic(SITE, "totem-1"));
  });

  it("grants a totem its own downlinks and refuses every other filter without ending the connection", async () => {
    const totem = await test.totem("totem-1");
    const own = ["receipt", "settings", "keys", "command"].map((kind) => `faccine/v1/totem/totem-1/${kind}`);
    const foreign = [
      "#",
      "+/#",
      "$SYS/#",
      "faccine/v1/totem/+/receipt",
      "faccine/v1/totem/+/entries",
      "faccine/v1/totem/totem-2/receipt",
      "faccine/v1/totem/totem-1/#",
      "faccine/v1/site/+/spent/+",
      "faccine/v1/site/elsewhere/spent/+",
    ];
    for (const filter of own) {
      expect(await totem.subscribeAsync(filter, { qos: 1 }), filter).toMatchObject([{ qos: 1 }]);
    }
    for (const filter of foreign) {
      await expect(totem.subscribeAsync(filter, { qos: 1 }), filter).rejects.toThrow();
    }
    expect(test.refused.subscribe).toBe(foreign.length);
    expect(totem.connected).toBe(true);
    await roundTrip(test, totem, "and it still works");
  });

  it("speaks a totem's last will on its own status and on nothing else", async () => {
    const payload = Buffer.from("gone");
    const willing = (topic: string) => ({ will: { topic, payload, qos: 1 as const, retain: true } });
    const honest = await test.totem("totem-1", willing(totemTopic("totem-1", "status")));
    const forger = await test.totem("totem-2", willing(totemTopic("totem-1", "status")));
    forger.stream.destroy();
    await vi.waitFor(() => expect(test.refused.publish).toBe(1));
    await goodIsServed();
    expect(test.heard.filter((m) => m.payload.equals(payload))).toEqual([]);
    honest.stream.destroy();
    await vi.waitFor(() => expect(test.heard.filter((m) => m.payload.equals(payload))).toHaveLength(1));
  });

  it("keeps a totem's last status for a gateway that starts later, and nothing else", async () => {
    const totem = await test.totem("totem-1");
    await totem.publishAsync(totemTopic("totem-1", "status"), "here", { qos: 1, retain: true });
    await totem.publishAsync(totemTopic("totem-1", "health"), "fine", { qos: 1 });
    await vi.waitFor(() => expect(test.heard).toHaveLength(2));
    await test.inside.unsubscribeAsync("faccine/v1/totem/+/status");
    const again = nextMessage(test.inside);
    await test.inside.subscribeAsync(["faccine/v1/totem/+/status", "faccine/v1/totem/+/health"], { qos: 1 });
    expect((await again).topic).toBe(totemTopic("totem-1", "status"));
    expect(test.heard.at(-1)).toMatchObject({ retained: true });
  });

  it("lets the newer connection of a totem take the place of the older", async () => {
    const first = await test.totem("totem-1");
    const end = ended(first);
    const second = await test.totem("totem-1");
    await end;
    await roundTrip(test, second, "the second speaks");
  });

  it("keeps no session for a totem that asks for one", async () => {
    const before = await test.totem("totem-1", { clean: false });
    await before.subscribeAsync(totemTopic("totem-1", "receipt"), { qos: 1 });
    await before.endAsync(true);
    await test.inside.publishAsync(totemTopic("totem-1", "receipt"), "missed", { qos: 1 });
    const after = await test.totem("totem-1", { clean: false });
    const got: string[] = [];
    after.on("message", (_, payload) => got.push(payload.toString()));
    await roundTrip(test, after, "now");
    expect(got).toEqual(["now"]);
  });

  it("refuses a session without keepalive, whose end nobody would notice", async () => {
    await expect(test.totem("totem-1", { keepalive: 0 })).rejects.toThrow();
  });

  it("says which port is taken and what to set", async () => {
    const { port } = test.broker;
    const options = {
      host: "127.0.0.1",
      port,
      tls: null,
      credentials: () => null,
      insider: { username: "X", password: "x" },
      onRefused: () => undefined,
    };
    await expect(openBroker(options)).rejects.toThrow(`port ${port} is taken: set FACCINE_MQTT_PORT`);
  });

  describe("under attack", () => {
    it("ends a connection at the header of a packet larger than any of ours, before its body", async () => {
      const socket = await test.raw();
      socket.write(connectBytes("totem-1"));
      await once(socket, "data");
      const header = publishBytes(totemTopic("totem-1", "entries"), Buffer.alloc(1_048_576)).subarray(0, 64);
      socket.write(header);
      await closed(socket);
      expect(test.refused.oversize).toBe(1);
      await goodIsServed();
      expect(test.heard.filter((m) => m.topic === totemTopic("totem-1", "entries"))).toEqual([]);
    });

    it("carries a packet of exactly the largest size", async () => {
      const topic = totemTopic("totem-1", "entries");
      // Two bytes of topic length, the topic and two bytes of message id lie around the payload.
      const payload = Buffer.alloc(PACKET_BYTES_MAX - topic.length - 4, 120);
      const totem = await test.totem("totem-1");
      await totem.publishAsync(topic, payload, { qos: 1 });
      await vi.waitFor(() => expect(test.heard.at(-1)?.payload.length).toBe(payload.length));
      const end = ended(totem);
      totem
        .publishAsync(topic, Buffer.concat([payload, Buffer.from("x")]), { qos: 1 })
        .catch(() => undefined);
      await end;
      expect(test.refused.oversize).toBe(1);
    });

    it.each([
      ["HTTP", Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n")],
      ["a TLS handshake", Buffer.from("16030100a5010000a10303", "hex")],
      ["a packet before CONNECT", Buffer.from([0xc0, 0])],
      ["a length of five bytes", Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0x01])],
      ["MQTT 5", Buffer.from("100e00044d5154540502001e00000178", "hex")],
    ])("ends a connection that speaks %s", async (_, bytes) => {
      const socket = await test.raw();
      socket.write(bytes);
      if (bytes[0] === 0x16) socket.end();
      await closed(socket);
      await goodIsServed();
    });

    it("waits for nobody who stops in the middle of a packet", async () => {
      const halves = await Promise.all(
        Array.from({ length: 20 }, async (_, i) => {
          const socket = await test.raw();
          const bytes = Buffer.concat([
            connectBytes(`totem-half-${i}`),
            publishBytes(totemTopic(`totem-half-${i}`, "entries"), Buffer.alloc(1_000)),
          ]);
          socket.write(bytes.subarray(0, bytes.length - 1 - i * 40));
          return socket;
        }),
      );
      await goodIsServed();
      expect(halves.every((socket) => !socket.destroyed)).toBe(true);
      expect(test.heard.filter((m) => m.topic.includes("totem-half"))).toEqual([]);
    });

    it("lets a thousand silent connections push out each other, never a totem", async () => {
      const sockets: Socket[] = [];
      for (let i = 0; i < 1_000; i++) {
        sockets.push(await test.raw());
        if (i % 100 === 0) await goodIsServed();
      }
      // Strangers stand at their limit; a totem that comes now still gets in.
      const newcomer = await test.totem("totem-late");
      await roundTrip(test, newcomer, "came in");
      await goodIsServed();
      expect(test.refused.connection).toBeGreaterThanOrEqual(1_000 - STRANGERS_MAX);
      await vi.waitFor(() =>
        expect(sockets.filter((s) => !s.destroyed).length).toBeLessThanOrEqual(STRANGERS_MAX),
      );
    });

    it("lets a thousand logins with guessed passwords through to nobody", async () => {
      const guesses = Array.from({ length: 1_000 }, async () => {
        const socket = await test.raw();
        socket.write(connectBytes("totem-good").subarray(0, -1));
        socket.write("!");
        await closed(socket);
      });
      for (let i = 0; i < 10; i++) await goodIsServed();
      await Promise.all(guesses);
      expect(test.refused.credentials + test.refused.connection).toBe(1_000);
      expect(good.connected).toBe(true);
    });

    it("cuts off a totem that does not read, and delays no other meanwhile", async () => {
      const deaf = await test.raw();
      deaf.write(connectBytes("totem-deaf"));
      await once(deaf, "data");
      deaf.write(subscribeBytes(totemTopic("totem-deaf", "receipt")));
      await once(deaf, "data");
      deaf.pause();
      const receipt = Buffer.alloc(65_536);
      // The system's own buffers take some megabytes first.
      for (let i = 0; test.refused.unread === 0 && i < 32 * (UNREAD_BYTES_MAX / receipt.length); i++) {
        await test.inside.publishAsync(totemTopic("totem-deaf", "receipt"), receipt, { qos: 1 });
        if (i % 50 === 0) await goodIsServed();
      }
      expect(test.refused.unread).toBe(1);
      await closed(deaf);
      await goodIsServed();
    });

    it("survives any bytes at any point of a session", async () => {
      const start = fc.constantFrom("nothing", "connect", "subscribe");
      await fc.assert(
        fc.asyncProperty(start, fc.uint8Array({ minLength: 1, maxLength: 300 }), async (from, bytes) => {
          const socket = await test.raw();
          if (from !== "nothing") socket.write(connectBytes("totem-fuzz"));
          if (from === "subscribe") {
            socket.write(subscribeBytes(totemTopic("totem-fuzz", "receipt")));
          }
          socket.end(bytes);
          await closed(socket);
        }),
        { numRuns: 150 },
      );
      await goodIsServed();
    });
  });
});
