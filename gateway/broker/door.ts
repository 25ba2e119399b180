/**
 * Where connections come in: counts them, and gives up those that do not say who they are, TLS handshake included. A
 * flood of strangers takes the places of strangers, never those of totems.
 */
import { createServer, type Server, type Socket } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";

/** Connections at once: the embedded broker is for up to two thousand totems; beyond, an outside broker. */
const CONNECTIONS_MAX = 4_000;

/** Connections that have not yet said who they are: a thousand totems that return at once are this many at a time. */
export const STRANGERS_MAX = 512;

/** A totem says CONNECT at once, and a TLS handshake over a slow mobile network takes about two seconds. */
export const STRANGER_MS = 5_000;

export type Tls = { readonly cert: string; readonly key: string };

export type Door = {
  readonly port: number;
  readonly close: () => Promise<void>;
};

export type Visitors = {
  /** A connection that came in, before or after its TLS. */
  readonly admit: (socket: Socket) => boolean;
  /** It has said who it is. */
  readonly known: (socket: Socket) => void;
  readonly closeAll: () => void;
};

/** The connections of all doors together. @param onRefused called for each one given up unknown. */
export function openVisitors(onRefused: () => void): Visitors {
  const all = new Set<Socket>();
  // In the order they came in.
  const strangers = new Map<Socket, NodeJS.Timeout>();
  const forget = (socket: Socket) => {
    clearTimeout(strangers.get(socket));
    strangers.delete(socket);
  };
  const giveUp = (socket: Socket) => {
    onRefused();
    forget(socket);
    socket.destroy();
  };
  return {
    admit: (socket) => {
      if (all.size >= CONNECTIONS_MAX) {
        onRefused();
        socket.destroy();
        return false;
      }
      if (strangers.size >= STRANGERS_MAX) giveUp(leastWanted([...strangers.keys()], socket));
      all.add(socket);
      strangers.set(
        socket,
        setTimeout(() => giveUp(socket), STRANGER_MS),
      );
      socket.on("close", () => {
        forget(socket);
        all.delete(socket);
      });
      return true;
    },
    known: forget,
    closeAll: () => {
      for (const socket of all) socket.destroy();
    },
  };
}

/** Starts listening. @throws when the port is taken. */
export async function openDoor(options: {
  readonly host: string;
  readonly port: number;
  readonly tls: Tls | null;
  readonly visitors: Visitors;
  /** @param raw the connection itself; `socket` is what may be spoken through. */
  readonly onSocket: (socket: Socket, raw: Socket) => void;
}): Promise<Door> {
  const { tls, visitors, onSocket } = options;
  const secureContext = tls === null ? null : createSecureContext({ ...tls, minVersion: "TLSv1.2" });
  // At once: a receipt must not wait until the totem's machine has acknowledged the PUBACK before it, 40 ms later.
  const server = createServer({ noDelay: true }, (raw) => {
    raw.on("error", () => undefined);
    if (!visitors.admit(raw)) return;
    const socket = secureContext === null ? raw : new TLSSocket(raw, { isServer: true, secureContext });
    socket.on("error", () => raw.destroy());
    onSocket(socket, raw);
  });
  await listen(server, options);
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the broker listens on no port");
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

/** Who makes room for a newcomer: the oldest stranger of the same address, else the oldest of all. */
function leastWanted(strangers: readonly Socket[], newcomer: Socket): Socket {
  const neighbour = strangers.find((socket) => socket.remoteAddress === newcomer.remoteAddress);
  return neighbour ?? (strangers[0] as Socket);
}

function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
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
