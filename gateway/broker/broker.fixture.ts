/**
 * A running embedded broker for tests, with the gateway's own client inside, totems to connect and raw sockets to
 * misbehave with.
 */
import { createHash } from "node:crypto";
import { connect as connectSocket, type Socket } from "node:net";
import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import { totemTopic, UPLINKS, uplinkFilter } from "#schemas/topics.ts";
import { type Broker, type BrokerOptions, openBroker } from "./broker.ts";

export const SITE = "town-hall";

export type TestBroker = {
  readonly broker: Broker;
  readonly inside: MqttClient;
  /** Everything the gateway's client received, oldest first. */
  readonly heard: { readonly topic: string; readonly payload: Buffer; readonly retained: boolean }[];
  readonly refused: Record<Parameters<BrokerOptions["onRefused"]>[0], number>;
  /** Connects a totem; its password is its id read backwards. */
  readonly totem: (totemId: string, options?: IClientOptions) => Promise<MqttClient>;
  readonly raw: () => Promise<Socket>;
  readonly close: () => Promise<void>;
};

export function passwordOf(totemId: string): string {
  return [...totemId].reverse().join("");
}

/** A broker that knows every totem whose id begins with `totem-`. */
export async function openTestBroker(): Promise<TestBroker> {
  const refused = { connection: 0, credentials: 0, publish: 0, subscribe: 0, oversize: 0, unread: 0 };
  const insider = { username: "GATEWAY", password: "inside" };
  const broker = await openBroker({
    host: "127.0.0.1",
    port: 0,
    tls: null,
    insider,
    credentials: (totemId) =>
      totemId.startsWith("totem-")
        ? {
            siteId: SITE,
            passwordSha256: createHash("sha256").update(passwordOf(totemId)).digest("hex"),
          }
        : null,
    onRefused: (what) => {
      refused[what] += 1;
    },
  });
  const clients: MqttClient[] = [];
  const sockets: Socket[] = [];
  const open = async (options: IClientOptions) => {
    const client = await connectAsync(
      broker.insideUrl,
      { protocolVersion: 4, reconnectPeriod: 0, clean: true, keepalive: 30, ...options },
      false,
    );
    client.on("error", () => undefined);
    clients.push(client);
    return client;
  };
  const inside = await open({ ...insider, clientId: insider.username });
  const heard: TestBroker["heard"] = [];
  inside.on("message", (topic, payload, { retain }) => heard.push({ topic, payload, retained: retain }));
  await inside.subscribeAsync(UPLINKS.map(uplinkFilter), { qos: 1 });
  return {
    broker,
    inside,
    heard,
    refused,
    totem: (totemId, options = {}) =>
      open({ clientId: totemId, username: totemId, password: passwordOf(totemId), ...options }),
    raw: async () => {
      const socket = connectSocket(broker.port, "127.0.0.1");
      socket.on("error", () => undefined);
      sockets.push(socket);
      await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
      return socket;
    },
    close: async () => {
      for (const client of clients) client.end(true);
      for (const socket of sockets) socket.destroy();
      await broker.close();
    },
  };
}

/** The bytes of a CONNECT that is let in: protocol name and level, flags of a clean session with user and password. */
export function connectBytes(totemId: string): Buffer {
  const head = Buffer.concat([field("MQTT"), Buffer.from([4, 0b1100_0010, 0, 30])]);
  return packet(0x10, [head, field(totemId), field(totemId), field(passwordOf(totemId))]);
}

/** The bytes of a SUBSCRIBE with QoS 1. */
export function subscribeBytes(filter: string): Buffer {
  return packet(0x82, [Buffer.from([0, 1]), field(filter), Buffer.from([1])]);
}

/** The bytes of a PUBLISH with QoS 1. */
export function publishBytes(topic: string, payload: Buffer): Buffer {
  return packet(0x32, [field(topic), Buffer.from([0, 1]), payload]);
}

/** MQTT 3.1.1 section 2.2: type, length in bytes of seven bits, and what follows. */
function packet(type: number, parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length: number[] = [];
  for (let left = body.length; ; ) {
    const low = left & 127;
    left >>>= 7;
    length.push(left > 0 ? low | 128 : low);
    if (left === 0) return Buffer.concat([Buffer.from([type, ...length]), body]);
  }
}

function field(text: string): Buffer {
  const bytes = Buffer.from(text, "utf8");
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
}

/** Resolves when the other side has closed the connection. */
export function closed(socket: Socket): Promise<void> {
  socket.resume();
  return socket.destroyed
    ? Promise.resolve()
    : new Promise((resolve) => socket.once("close", () => resolve()));
}

/** Resolves when a client's connection has ended, by an error or without. */
export function ended(client: MqttClient): Promise<void> {
  return new Promise((resolve) => client.once("close", () => resolve()));
}

/** The next message a client receives. */
export function nextMessage(client: MqttClient): Promise<{ topic: string; payload: Buffer }> {
  return new Promise((resolve) => client.once("message", (topic, payload) => resolve({ topic, payload })));
}

/** One message of a totem to the gateway's client and one back: resolves when both came. */
export async function roundTrip(test: TestBroker, totem: MqttClient, text: string): Promise<void> {
  const id = totem.options.clientId as string;
  const answered = new Promise<void>((resolve) => {
    const listen = (topic: string, payload: Buffer) => {
      if (topic !== totemTopic(id, "receipt") || payload.toString() !== text) return;
      totem.off("message", listen);
      resolve();
    };
    totem.on("message", listen);
  });
  const heard = new Promise<void>((resolve) => {
    const listen = (topic: string, payload: Buffer) => {
      if (topic !== totemTopic(id, "entries") || payload.toString() !== text) return;
      test.inside.off("message", listen);
      resolve();
    };
    test.inside.on("message", listen);
  });
  await totem.subscribeAsync(totemTopic(id, "receipt"), { qos: 1 });
  await totem.publishAsync(totemTopic(id, "entries"), text, { qos: 1 });
  await heard;
  await test.inside.publishAsync(totemTopic(id, "receipt"), text, { qos: 1 });
  await answered;
}
