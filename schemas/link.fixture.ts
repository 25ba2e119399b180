/**
 * What the MQTT session is tested against: a clock that moves when told, a real broker, and a broker that freezes at a
 * chosen point of the conversation.
 */
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { Aedes, type AedesOptions } from "aedes";
import type { LinkClock } from "./link.ts";

export type TestClock = LinkClock & {
  /** Lets time pass; everything due happens, in order. */
  readonly advance: (ms: number) => void;
  /** The waits that are still to come, in milliseconds from now; what repeats is left out. */
  readonly waits: () => readonly number[];
};

type Timer = { atMs: number; readonly call: () => void; readonly everyMs: number | null };

/** A clock at zero. */
export function testClock(): TestClock {
  let nowMs = 0;
  const timers = new Set<Timer>();
  const add = (timer: Timer) => {
    timers.add(timer);
    return () => void timers.delete(timer);
  };
  const nextDue = (untilMs: number) =>
    [...timers].filter((timer) => timer.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
  return {
    nowMs: () => nowMs,
    after: (ms, call) => add({ atMs: nowMs + ms, call, everyMs: null }),
    every: (ms, call) => add({ atMs: nowMs + ms, call, everyMs: ms }),
    waits: () => [...timers].filter((timer) => timer.everyMs === null).map((timer) => timer.atMs - nowMs),
    advance: (ms) => {
      const untilMs = nowMs + ms;
      for (let due = nextDue(untilMs); due !== undefined; due = nextDue(untilMs)) {
        nowMs = due.atMs;
        if (due.everyMs === null) timers.delete(due);
        else due.atMs += due.everyMs;
        due.call();
      }
      nowMs = untilMs;
    },
  };
}

export type TestServer = {
  readonly url: string;
  /** How many connections were ever made. */
  readonly connections: () => number;
  /** Cuts every connection. */
  readonly cut: () => void;
  readonly close: () => Promise<void>;
};

/** A real broker on loopback. */
export async function realBroker(
  options: AedesOptions = {},
): Promise<TestServer & { readonly broker: Aedes }> {
  const broker = await Aedes.createBroker(options);
  // A client that vanishes in the middle is what these tests are about.
  broker.on("connectionError", () => undefined);
  broker.on("clientError", () => undefined);
  const server = await listening((socket) => broker.handle(socket));
  return {
    ...server,
    broker,
    close: async () => {
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      await server.close();
    },
  };
}

/** Answers the packets it is told to and leaves all others without an answer. */
export function frozenBroker(answers: readonly ("connack" | "suback" | "refusal")[]): Promise<TestServer> {
  const CONNECT = 0x10;
  const SUBSCRIBE = 0x82;
  return listening((socket) => {
    socket.on("data", (packet) => {
      if (packet[0] === CONNECT && answers.includes("connack")) socket.write(Buffer.from([0x20, 2, 0, 0]));
      if (packet[0] !== SUBSCRIBE) return;
      // The packet's number stands behind its one length byte: these subscriptions are short.
      const number = [packet[2] as number, packet[3] as number];
      if (answers.includes("suback")) socket.write(Buffer.from([0x90, 3, ...number, 1]));
      if (answers.includes("refusal")) socket.write(Buffer.from([0x90, 3, ...number, 0x80]));
    });
  });
}

/** Lets a client in and then sends it the beginning of the largest message MQTT knows, and its zeros without end. */
export function floodingBroker(): Promise<TestServer> {
  const SUBSCRIBE = 0x82;
  const LARGEST_PUBLISH = Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]);
  return listening((socket) => {
    const pour = () => {
      while (!socket.destroyed && socket.write(Buffer.alloc(16_384)));
    };
    socket.on("drain", pour);
    socket.on("data", (packet) => {
      if (packet[0] === 0x10) socket.write(Buffer.from([0x20, 2, 0, 0]));
      if (packet[0] !== SUBSCRIBE) return;
      socket.write(Buffer.from([0x90, 3, packet[2] as number, packet[3] as number, 1]));
      socket.write(LARGEST_PUBLISH);
      pour();
    });
  });
}

async function listening(accept: (socket: Socket) => void): Promise<TestServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server: Server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    accept(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    cut,
    close: async () => {
      cut();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
