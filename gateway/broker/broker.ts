/**
 * The embedded MQTT broker: aedes with authentication, one identity per totem, and limits. It judges who may speak on
 * which topic and how much; what is said is judged by the ingest, never by closing the connection.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Aedes, type AedesOptions, type Client } from "aedes";
import { mayPublish, maySubscribe } from "#schemas/topics.ts";
import { openDoor, openVisitors, STRANGER_MS, type Tls } from "./door.ts";
import { type GuardedStream, guardStream } from "./guarded-stream.ts";
import { openTurnstile } from "./turnstile.ts";

/** Who may connect: the totem's site and the hash of its password, or null for a stranger. */
export type Credentials = (
  totemId: string,
) => { readonly siteId: string; readonly passwordSha256: string } | null;

export type BrokerOptions = {
  readonly host: string;
  readonly port: number;
  readonly tls: Tls | null;
  readonly credentials: Credentials;
  /** The gateway's own client: full rights, a password made at this start. */
  readonly insider: { readonly username: string; readonly password: string };
  readonly onRefused: (
    what: "connection" | "credentials" | "publish" | "subscribe" | "oversize" | "unread",
    who: string,
  ) => void;
};

export type Broker = {
  readonly port: number;
  /** Where the gateway's own client connects: on this machine, hence without TLS. */
  readonly insideUrl: string;
  readonly close: () => Promise<void>;
};

/** Twice the totems' keepalive: more would keep dead sessions. MQTT allows one and a half of what the client names. */
const KEEPALIVE_LIMIT_S = 60;

/** Messages handed over at the same time: enough to keep the gateway busy, few enough of 64 KiB to hold in memory. */
const CONCURRENCY = 32;

/** Messages that may wait behind them before totems are read in turns. */
const QUEUED_MAX = 32;

/** The connection behind a client: what is counted, and how it is waited for. */
type Connection = { readonly raw: Socket } & Omit<GuardedStream, "stream">;

/** Starts listening. @throws when the port is taken. */
export async function openBroker(options: BrokerOptions): Promise<Broker> {
  const connections = new WeakMap<Duplex, Connection>();
  const visitors = openVisitors(() => options.onRefused("connection", ""));
  const broker = await Aedes.createBroker({
    concurrency: CONCURRENCY,
    connectTimeout: STRANGER_MS,
    keepaliveLimit: KEEPALIVE_LIMIT_S,
    maxClientsIdLength: 64,
    maxTopicLevels: 8,
    ...access(options),
  });
  // Messages under way to the gateway's own client, beside those the library hands over at the same time.
  const turnstile = openTurnstile(() => queueOf(broker).length >= QUEUED_MAX);
  broker.on("client", (client) => {
    const connection = connections.get(client.conn as Duplex);
    if (connection === undefined) return;
    visitors.known(connection.raw);
    if (client.id === options.insider.username) connection.waitForReader();
    else connection.takeTurns(turnstile);
  });
  broker.on("publish", turnstile.look);
  // A client that breaks the protocol or vanishes is no news.
  broker.on("clientError", () => undefined);
  broker.on("connectionError", () => undefined);

  const onSocket = (socket: Socket, raw: Socket) => {
    const { stream, ...guard } = guardStream(socket, (why) => options.onRefused(why, ""));
    connections.set(stream, { raw, ...guard });
    broker.handle(stream);
  };
  const { host, port, tls } = options;
  const front = await openDoor({ host, port, tls, visitors, onSocket });
  // A certificate names the outside world's address, not this machine: the insider has a door of its own.
  const side =
    tls === null ? null : await openDoor({ host: "127.0.0.1", port: 0, tls: null, visitors, onSocket });
  const insideHost = side === null && host.includes(":") ? `[${host}]` : host;
  return {
    port: front.port,
    insideUrl: side === null ? `mqtt://${insideHost}:${front.port}` : `mqtt://127.0.0.1:${side.port}`,
    close: async () => {
      turnstile.close();
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      visitors.closeAll();
      await front.close();
      await side?.close();
    },
  };
}

/** The library's queue of messages that are not yet being handed over; its types do not name it. */
function queueOf(broker: Aedes): { readonly length: number } {
  return (broker as unknown as { readonly mq: { readonly length: number } }).mq;
}

/** Who is who, and what they may do. */
function access(options: BrokerOptions): AedesOptions {
  const sites = new WeakMap<Client, string>();
  const isInsider = (client: Client | null) => client !== null && client.id === options.insider.username;
  return {
    preConnect: (_, packet, done) => {
      // Nothing of value lives in a session; one that outlived its connection would only fill the memory.
      packet.clean = true;
      done(null, true);
    },
    authenticate: (client, username, password, done) => {
      const given = createHash("sha256")
        .update(password ?? "")
        .digest();
      const expected = expectedHash(client.id, username, options);
      if (expected === null || !timingSafeEqual(given, expected.hash)) {
        options.onRefused("credentials", client.id);
        // MQTT 3.1.1 section 3.2.2.3, return code 5: not authorized.
        done(Object.assign(new Error("not authorized"), { returnCode: 5 as const }), false);
        return;
      }
      sites.set(client, expected.siteId);
      done(null, true);
    },
    authorizePublish: (client, packet, done) => {
      const siteId = client === null ? undefined : sites.get(client);
      if (isInsider(client)) return done(null);
      const allowed = client !== null && siteId !== undefined && mayPublish(client.id, siteId, packet.topic);
      // The contract is QoS 1, and only a totem's status may stay behind in the broker.
      const proper = packet.qos !== 2 && (!packet.retain || packet.topic.endsWith("/status"));
      if (allowed && proper) return done(null);
      options.onRefused("publish", client?.id ?? "");
      done(new Error("not authorized"));
    },
    authorizeSubscribe: (client, subscription, done) => {
      const siteId = sites.get(client);
      const allowed =
        isInsider(client) || (siteId !== undefined && maySubscribe(client.id, siteId, subscription.topic));
      if (!allowed) options.onRefused("subscribe", client.id);
      // No subscription means a SUBACK with 0x80: refused, without closing the connection.
      done(null, allowed ? subscription : null);
    },
  };
}

function expectedHash(clientId: string, username: string | undefined, options: BrokerOptions) {
  if (username === undefined || username !== clientId) return null;
  if (username === options.insider.username) {
    return { hash: createHash("sha256").update(options.insider.password).digest(), siteId: "" };
  }
  const known = options.credentials(username);
  return known === null ? null : { hash: Buffer.from(known.passwordSha256, "hex"), siteId: known.siteId };
}
