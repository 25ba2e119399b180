/**
 * The embedded MQTT broker: aedes with authentication, one identity per totem, and limits. It judges who may speak on
 * which topic and how much; what is said is judged by the ingest, never by closing the connection.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { createServer as createTlsServer } from "node:tls";
import { Aedes, type AedesOptions, type Client } from "aedes";
import { PACKET_BYTES_MAX } from "#schemas/limits.ts";
import { mayPublish, maySubscribe } from "#schemas/topics.ts";
import { FIRST_PACKET, type PacketWatch, watchPackets } from "./packet-guard.ts";

/** Who may connect: the totem's site and the hash of its password, or null for a stranger. */
export type Credentials = (
  totemId: string,
) => { readonly siteId: string; readonly passwordSha256: string } | null;

export type BrokerOptions = {
  readonly host: string;
  readonly port: number;
  readonly tls: { readonly cert: string; readonly key: string } | null;
  readonly credentials: Credentials;
  /** The gateway's own client: full rights, a password made at this start. */
  readonly insider: { readonly username: string; readonly password: string };
  readonly onRefused: (
    what: "connection" | "credentials" | "publish" | "subscribe" | "oversize",
    who: string,
  ) => void;
};

export type Broker = {
  readonly port: number;
  /** Where the gateway's own client connects: on this machine, hence without TLS. */
  readonly insideUrl: string;
  readonly close: () => Promise<void>;
};

/** Connections at once: the embedded broker is for up to two thousand totems; beyond, an outside broker. */
const CONNECTIONS_MAX = 4_000;

/** Connections that have not yet said who they are: a flood of them must not keep totems out. */
const STRANGERS_MAX = 256;

/** A totem says CONNECT at once; slower ones are given up to make room. */
const CONNECT_TIMEOUT_MS = 5_000;

/** Twice the totems' keepalive: more would keep dead sessions. MQTT allows one and a half of what the client names. */
const KEEPALIVE_LIMIT_S = 60;

/** Starts listening. @throws when the port is taken. */
export async function openBroker(options: BrokerOptions): Promise<Broker> {
  const broker = await Aedes.createBroker({
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepaliveLimit: KEEPALIVE_LIMIT_S,
    maxClientsIdLength: 64,
    maxTopicLevels: 8,
    ...access(options),
  });
  const strangers = new Set<Socket>();
  const sockets = new Set<Socket>();
  broker.on("client", (client) => strangers.delete(socketOf(client)));
  // A client that breaks the protocol or vanishes is no news.
  broker.on("clientError", () => undefined);
  broker.on("connectionError", () => undefined);

  const accept = (socket: Socket) => {
    if (sockets.size >= CONNECTIONS_MAX || strangers.size >= STRANGERS_MAX) {
      options.onRefused("connection", "");
      socket.destroy();
      return;
    }
    sockets.add(socket);
    strangers.add(socket);
    socket.on("close", () => {
      sockets.delete(socket);
      strangers.delete(socket);
    });
    socket.on("error", () => undefined);
    broker.handle(guarded(socket, () => options.onRefused("oversize", "")));
  };
  const server = options.tls === null ? createServer(accept) : createTlsServer(options.tls, accept);
  await listen(server, options);
  // A certificate names the outside world's address, not this machine: the insider has a door of its own.
  const inside = options.tls === null ? server : createServer(accept);
  if (inside !== server) await listen(inside, { host: "127.0.0.1", port: 0 });
  const insideHost = inside === server ? options.host : "127.0.0.1";
  return {
    port: portOf(server),
    insideUrl: `mqtt://${insideHost.includes(":") ? `[${insideHost}]` : insideHost}:${portOf(inside)}`,
    close: async () => {
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      for (const door of new Set([server, inside])) {
        await new Promise<void>((resolve) => door.close(() => resolve()));
      }
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the broker listens on no port");
  return address.port;
}

/** Who is who, and what they may do. */
function access(options: BrokerOptions): AedesOptions {
  const sites = new WeakMap<Client, string>();
  const isInsider = (client: Client | null) => client !== null && client.id === options.insider.username;
  return {
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

const sockets = new WeakMap<Duplex, Socket>();

function socketOf(client: Client): Socket {
  return sockets.get(client.conn as Duplex) as Socket;
}

/** The socket as aedes sees it: bytes pass until a packet announces itself larger than any of ours. */
function guarded(socket: Socket, onOversize: () => void): Duplex {
  let watch: PacketWatch = FIRST_PACKET;
  const stream = new Duplex({
    read: () => socket.resume(),
    write: (chunk: Buffer, _, done) => {
      socket.write(chunk, () => done());
    },
    final: (done) => {
      socket.end(() => done());
    },
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  sockets.set(stream, socket);
  socket.on("data", (chunk: Buffer) => {
    const next = watchPackets(watch, chunk, PACKET_BYTES_MAX);
    if (next === null) {
      onOversize();
      stream.destroy();
      return;
    }
    watch = next;
    if (!stream.push(chunk)) socket.pause();
  });
  socket.on("end", () => stream.push(null));
  socket.on("close", () => stream.destroy());
  return stream;
}

function listen(server: Server, { host, port }: Pick<BrokerOptions, "host" | "port">): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE"
          ? new Error(`port ${port} is taken: set FACCINE_MQTT_PORT (mqtt.port) to a free one`)
          : error,
      );
    });
    server.listen(port, host, resolve);
  });
}
