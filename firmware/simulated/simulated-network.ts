/**
 * A simulated network cable: passes bytes between the totem and its broker until it is pulled. Knows no MQTT.
 */
import { connect, createServer, type Socket } from "node:net";

export type SimulatedNetwork = {
  /** Where the totem connects instead of to the broker. */
  readonly port: number;
  readonly isPlugged: () => boolean;
  readonly plug: (plugged: boolean) => void;
  readonly close: () => Promise<void>;
};

/** Lays a cable to a broker. */
export async function simulatedNetwork(broker: {
  readonly host: string;
  readonly port: number;
}): Promise<SimulatedNetwork> {
  const sockets = new Set<Socket>();
  let plugged = true;

  const keep = (socket: Socket, other: Socket) => {
    sockets.add(socket);
    socket.on("close", () => {
      sockets.delete(socket);
      other.destroy();
    });
    // Errors end in "close", which is all that matters to a cable.
    socket.on("error", () => undefined);
  };
  // A cable keeps nothing back to make larger packets of it.
  const server = createServer({ noDelay: true }, (near) => {
    if (!plugged) {
      near.destroy();
      return;
    }
    const far = connect({ port: broker.port, host: broker.host, noDelay: true });
    keep(near, far);
    keep(far, near);
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the simulated network has no port");

  return {
    port: address.port,
    isPlugged: () => plugged,
    plug: (isPlugged) => {
      plugged = isPlugged;
      if (!plugged) for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
