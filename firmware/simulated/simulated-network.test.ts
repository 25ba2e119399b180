import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SimulatedNetwork, simulatedNetwork } from "./simulated-network.ts";

let broker: Server;
let network: SimulatedNetwork;
const open: Socket[] = [];

beforeEach(async () => {
  broker = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.pipe(socket);
  });
  broker.listen(0, "127.0.0.1");
  await once(broker, "listening");
  network = await simulatedNetwork({ host: "127.0.0.1", port: (broker.address() as { port: number }).port });
});

afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy();
  await network.close();
  broker.close();
});

function dial(): Socket {
  const socket = connect(network.port, "127.0.0.1");
  socket.on("error", () => undefined);
  open.push(socket);
  return socket;
}

async function echo(socket: Socket, text: string): Promise<string> {
  const answer = once(socket, "data");
  socket.write(text);
  const [data] = (await answer) as [Buffer];
  return data.toString();
}

describe("a simulated cable", () => {
  it("carries bytes both ways", async () => {
    expect(await echo(dial(), "hello")).toBe("hello");
  });

  it("pulled ends what ran over it and lets nothing new through, until it is plugged in again", async () => {
    const before = dial();
    expect(await echo(before, "hello")).toBe("hello");
    network.plug(false);
    await once(before, "close");
    const during = dial();
    await once(during, "close");
    expect(network.isPlugged()).toBe(false);
    network.plug(true);
    expect(await echo(dial(), "again")).toBe("again");
  });

  it("to a broker that is gone ends in a closed connection, not in an error of its own", async () => {
    const nowhere = await simulatedNetwork({ host: "127.0.0.1", port: network.port });
    await network.close();
    const socket = connect(nowhere.port, "127.0.0.1");
    socket.on("error", () => undefined);
    await once(socket, "close");
    await nowhere.close();
    network = await simulatedNetwork({ host: "127.0.0.1", port: 1 });
  });
});
