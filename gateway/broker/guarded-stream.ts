/**
 * A socket as the broker library sees it, with the limits the library does not have: nothing passes of a packet that
 * announces itself larger than any of ours, and who does not read what it is sent is cut off instead of waited for.
 */
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { PACKET_BYTES_MAX } from "#schemas/limits.ts";
import { FIRST_PACKET, type PacketWatch, watchPackets } from "./packet-guard.ts";
import type { Turnstile } from "./turnstile.ts";

/**
 * Bytes a totem may leave unread: its settings and a thousand receipts. The library would hold back everybody's
 * messages while it waits for one slow reader.
 */
export const UNREAD_BYTES_MAX = 1_048_576;

export type GuardedStream = {
  readonly stream: Duplex;
  /** From now on a full socket is waited for: the gateway's own client slows the totems down when it is busy. */
  readonly waitForReader: () => void;
  /** From now on each read waits for its turn. */
  readonly takeTurns: (turnstile: Turnstile) => void;
};

/** Guards a socket. @param onRefused told why the connection was ended. */
export function guardStream(socket: Socket, onRefused: (why: "oversize" | "unread") => void): GuardedStream {
  let watch: PacketWatch = FIRST_PACKET;
  let isWaitedFor = false;
  let turns: Turnstile | null = null;
  let isWaiting = false;
  const resume = () => {
    isWaiting = false;
    socket.resume();
  };
  const refuse = (why: "oversize" | "unread") => {
    onRefused(why);
    stream.destroy();
  };
  const stream = new Duplex({
    read: () => {
      if (turns === null) return void socket.resume();
      if (isWaiting) return;
      isWaiting = true;
      turns.pass(resume);
    },
    writev: (chunks, done) => {
      socket.cork();
      for (const { chunk } of chunks) socket.write(chunk as Buffer);
      socket.uncork();
      if (isWaitedFor && socket.writableNeedDrain) return void socket.once("drain", () => done());
      if (!isWaitedFor && socket.writableLength > UNREAD_BYTES_MAX) refuse("unread");
      done();
    },
    final: (done) => {
      socket.end(() => done());
    },
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  socket.on("data", (chunk: Buffer) => {
    const next = watchPackets(watch, chunk, PACKET_BYTES_MAX);
    if (next === null) return refuse("oversize");
    watch = next;
    // Paused before the push, which may ask for more at once.
    if (turns !== null) socket.pause();
    if (!stream.push(chunk)) socket.pause();
  });
  socket.on("end", () => stream.push(null));
  socket.on("close", () => stream.destroy());
  return {
    stream,
    waitForReader: () => {
      isWaitedFor = true;
    },
    takeTurns: (turnstile) => {
      turns = turnstile;
    },
  };
}
