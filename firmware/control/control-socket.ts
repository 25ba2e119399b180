/**
 * The way in for commands on the totem's own machine: a Unix socket in the data folder that only its owner can open. One
 * line of JSON asks, lines of JSON answer. One client at a time; a line longer than any request ends it.
 */
import { chmodSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { CONTROL_REQUEST, type ControlLine } from "#schemas/self-test.ts";
import { SECOND_MS } from "#schemas/time.ts";
import type { Log } from "../ports.ts";
import type { GuidedSelfTest, SelfTestNews } from "../self-test/guided-self-test.ts";
import type { Totem } from "../totem.ts";

/** A request is one short word in JSON. */
const REQUEST_BYTES_MAX = 1_024;

/** A client that connects asks at once; one that does not would keep others out. */
const REQUEST_WAIT_MS = 5 * SECOND_MS;

/** Time for the last line to be read. */
const HANG_UP_MS = SECOND_MS;

/** One that is served, and some that are told to come later. */
const CONNECTIONS_MAX = 8;

/** Longest path of a socket (sun_path in unix(7): 108 bytes with its end). */
const SOCKET_PATH_BYTES_MAX = 107;

/** Reading and writing for the owner, nothing for anybody else. */
const OWNER_ONLY_MASK = 0o177;

export function controlSocketPath(dataDir: string): string {
  return join(dataDir, "control.sock");
}

export type ControlParts = {
  readonly dataDir: string;
  readonly totem: Pick<Totem, "testItself">;
  readonly selfTest: Pick<GuidedSelfTest, "onNews">;
  readonly log: Pick<Log, "info" | "warn">;
  /** Another only in tests. */
  readonly requestWaitMs?: number;
};

/**
 * Opens the socket. The data folder is held by one totem, so a socket found there is what a power cut left.
 * @returns how to close it.
 * @throws when the folder's path is too long for a socket, or it cannot be made.
 */
export async function openControl(parts: ControlParts): Promise<() => Promise<void>> {
  const path = controlSocketPath(parts.dataDir);
  if (Buffer.byteLength(path) > SOCKET_PATH_BYTES_MAX) {
    throw new Error(
      `dataDir = ${parts.dataDir}: too long for a socket in it, ${SOCKET_PATH_BYTES_MAX} bytes at most`,
    );
  }
  rmSync(path, { force: true });
  const clients = new Set<Socket>();
  let served: Socket | null = null;
  const server = createServer((client) => {
    clients.add(client);
    client.on("error", () => undefined);
    client.on("close", () => {
      clients.delete(client);
      if (served === client) served = null;
    });
    // Whoever is served holds the place; who comes meanwhile is told so.
    if (served !== null) sayLast(client, { kind: "refused", why: "busy" });
    else {
      served = client;
      serve(client, parts);
    }
  });
  server.maxConnections = CONNECTIONS_MAX;
  await listen(server, path);
  return () =>
    new Promise((resolve) => {
      for (const client of clients) client.destroy();
      server.close(() => resolve());
    });
}

/** Made private from its first moment: the mask is set while the kernel makes the socket, and at no other time. */
function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    const before = process.umask(OWNER_ONLY_MASK);
    try {
      server.listen(path, () => {
        server.off("error", reject);
        resolve();
      });
    } finally {
      process.umask(before);
    }
    chmodSync(path, 0o600);
  });
}

function serve(client: Socket, parts: ControlParts): void {
  let text = "";
  const refuse = (why: Extract<ControlLine, { kind: "refused" }>["why"]) => {
    // Too late is too late: a request that comes after all begins nothing.
    client.removeAllListeners("data");
    sayLast(client, { kind: "refused", why });
  };
  const tooSlow = setTimeout(() => refuse("not-understood"), parts.requestWaitMs ?? REQUEST_WAIT_MS);
  client.setEncoding("utf8");
  client.on("close", () => clearTimeout(tooSlow));
  client.on("data", (piece: string) => {
    text += piece;
    const end = text.indexOf("\n");
    if (end === -1 && text.length <= REQUEST_BYTES_MAX) return;
    clearTimeout(tooSlow);
    client.removeAllListeners("data");
    client.resume();
    if (end === -1 || end > REQUEST_BYTES_MAX || !isRequest(text.slice(0, end))) refuse("not-understood");
    else testFor(client, parts, refuse);
  });
}

function isRequest(text: string): boolean {
  try {
    return CONTROL_REQUEST.is(JSON.parse(text));
  } catch {
    return false;
  }
}

/** Follows the self-test until its end. A client that leaves does not end it: the technician may go on without. */
function testFor(
  client: Socket,
  { totem, selfTest, log }: ControlParts,
  refuse: (why: "voting" | "running") => void,
): void {
  const stop = selfTest.onNews((news) => {
    if (news.type === "finished" || news.type === "given-up") sayLast(client, lineOf(news));
    else client.write(line(lineOf(news)));
  });
  client.on("close", stop);
  const begun = totem.testItself();
  log.info("self-test-asked", { begun });
  if (begun !== "begun") refuse(begun);
}

function lineOf(news: SelfTestNews): ControlLine {
  switch (news.type) {
    case "asks":
      return { kind: "asks", asks: news.asks };
    case "result":
      return { kind: "result", result: news.result };
    case "finished":
      return { kind: "finished", report: news.written.report, files: [...news.written.files] };
    case "given-up":
      return { kind: "refused", why: "given-up" };
  }
}

/** Says it and hangs up: what the client still sends is read away, and one that does not hang up too is cut off. */
function sayLast(client: Socket, what: ControlLine): void {
  client.resume();
  client.end(line(what));
  const stubborn = setTimeout(() => client.destroy(), HANG_UP_MS);
  client.on("close", () => clearTimeout(stubborn));
}

function line(what: ControlLine): string {
  return `${JSON.stringify(what)}\n`;
}
