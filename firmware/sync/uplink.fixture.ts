/**
 * A real broker on loopback that can be cut and restarted, and a scripted gateway on it: what tests of the uplink speak
 * with. Nothing here waits for time to pass, only for messages.
 */
import { EventEmitter, once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { Aedes } from "aedes";
import { connectAsync, type MqttClient } from "mqtt";
import type { Batch, Hello, Receipt, Reply, Status } from "#schemas/messages.ts";
import { parseUplink, totemTopic } from "#schemas/topics.ts";
import type { UplinkListener } from "../ports.ts";
import { receiptBody, signed, TOTEM_ID } from "./gateway.fixture.ts";

export type TestBroker = {
  readonly url: string;
  readonly aedes: () => Aedes;
  /** Kills the broker with everything it kept. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the same port. */
  readonly restart: () => Promise<void>;
  /** Cuts the totem's connection as a broken cable would. */
  readonly cutTotem: () => void;
};

export async function testBroker(): Promise<TestBroker> {
  let port = 0;
  let aedes: Aedes;
  let server: Server;
  let sockets = new Set<Socket>();
  const start = async () => {
    aedes = await Aedes.createBroker();
    aedes.on("clientError", () => undefined);
    sockets = new Set();
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
      aedes.handle(socket);
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  };
  await start();
  return {
    url: `mqtt://127.0.0.1:${port}`,
    aedes: () => aedes,
    kill: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await new Promise<void>((resolve) => aedes.close(() => resolve()));
    },
    restart: start,
    cutTotem: () => {
      const { clients } = aedes as unknown as { clients: Record<string, { conn: Socket }> };
      clients[TOTEM_ID]?.conn.destroy();
    },
  };
}

/** Everything of one kind that was heard, and a way to wait for more. */
export class Heard<T> {
  readonly all: T[] = [];
  readonly #more = new EventEmitter();

  add(item: T): void {
    this.all.push(item);
    this.#more.emit("more");
  }

  /** Resolves with the first item that fits, already heard or still to come. */
  async first(fits: (item: T, index: number) => boolean = () => true): Promise<T> {
    for (;;) {
      const found = this.all.find(fits);
      if (found !== undefined) return found;
      await once(this.#more, "more");
    }
  }

  /** Resolves when so many were heard. */
  async count(count: number): Promise<readonly T[]> {
    while (this.all.length < count) await once(this.#more, "more");
    return this.all;
  }
}

/** A gateway that keeps what it gets and answers as it is told. */
export class TestGateway {
  readonly hellos = new Heard<Hello>();
  readonly batches = new Heard<Batch>();
  readonly statuses = new Heard<Status>();
  readonly replies = new Heard<Reply>();
  readonly health = new Heard<object>();
  readonly readiness = new Heard<object>();
  /** Whether each batch is answered with a receipt for all of it. */
  receipts = true;
  readonly #client: MqttClient;

  private constructor(client: MqttClient) {
    this.#client = client;
    client.on("message", (topic, payload) => this.#take(topic, payload));
  }

  static async open(url: string): Promise<TestGateway> {
    const client = await connectAsync(url, { clientId: "GATEWAY", reconnectPeriod: 0 });
    const gateway = new TestGateway(client);
    await client.subscribeAsync("faccine/v1/totem/+/+", { qos: 1 });
    return gateway;
  }

  send(kind: "receipt" | "settings" | "keys" | "command", payload: Buffer, retain = false): Promise<unknown> {
    return this.#client.publishAsync(totemTopic(TOTEM_ID, kind), payload, { qos: 1, retain });
  }

  publish(topic: string, payload: Buffer): Promise<unknown> {
    return this.#client.publishAsync(topic, payload, { qos: 1 });
  }

  /** Everything that is said on a topic from now on. */
  async listen(topic: string): Promise<Heard<string>> {
    const heard = new Heard<string>();
    this.#client.on("message", (name, payload) => {
      if (name === topic) heard.add(payload.toString("utf8"));
    });
    await this.#client.subscribeAsync(topic, { qos: 1 });
    return heard;
  }

  receipt(epoch: string, upTo: number, more: Partial<Receipt> = {}): Promise<unknown> {
    return this.send("receipt", signed("receipt", receiptBody(epoch, upTo, more)));
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true);
  }

  #take(topic: string, payload: Buffer): void {
    const value = () => JSON.parse(payload.toString("utf8"));
    switch (parseUplink(topic)?.kind) {
      case "hello":
        this.hellos.add(value());
        break;
      case "status":
        this.statuses.add(value());
        break;
      case "reply":
        this.replies.add(value());
        break;
      case "health":
        this.health.add(value());
        break;
      case "readiness":
        this.readiness.add(value());
        break;
      case "entries":
        this.#batch(value());
        break;
      case undefined:
        // Its own downlinks come back to it.
        break;
    }
  }

  #batch(batch: Batch): void {
    this.batches.add(batch);
    const { epoch, first, last } = batch;
    if (!this.receipts) return;
    // A batch that arrives while the test already closes everything gets no answer: nobody waits for one.
    this.receipt(epoch, 0, { ranges: [{ first, last }] }).catch(() => undefined);
  }
}

/** A totem's ear that keeps what it is told. */
export function testListener() {
  const settings = new Heard<number>();
  const keys = new Heard<string>();
  const spent = new Heard<string>();
  const faults = new Heard<string>();
  const connections = new Heard<boolean>();
  const identified = new Heard<true>();
  const listener: UplinkListener = {
    onSettings: ({ version }) => settings.add(version),
    onKeys: async ({ day }) => keys.add(day),
    onSpent: (totemId, payload) => spent.add(`${totemId} ${payload.toString("utf8")}`),
    onTime: () => undefined,
    onFault: (code, part) => faults.add(part === null ? code : `${code}/${part}`),
    onConnection: (connected) => connections.add(connected),
    onIdentify: () => identified.add(true),
  };
  return { listener, settings, keys, spent, faults, connections, identified };
}
