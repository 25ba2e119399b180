/**
 * What a session bears from its broker before it is given up: publishing without ever an acknowledgement, which keeps
 * every message in memory, and a packet without end, which does the same. Opens and ends nothing itself.
 */
import { PACKET_BYTES_MAX } from "./limits.ts";

/** Messages of one session that wait for their acknowledgement. */
export type Acknowledgements = {
  readonly published: () => void;
  readonly acknowledged: () => void;
  /** For how long something has waited and nothing at all was acknowledged. */
  readonly silentForMs: () => number;
};

/** None waits yet. */
export function openAcknowledgements(nowMs: () => number): Acknowledgements {
  let waiting = 0;
  let sinceMs = 0;
  return {
    published: () => {
      if (waiting === 0) sinceMs = nowMs();
      waiting += 1;
    },
    acknowledged: () => {
      waiting -= 1;
      sinceMs = nowMs();
    },
    silentForMs: () => (waiting === 0 ? 0 : nowMs() - sinceMs),
  };
}

/**
 * Bytes that may arrive while no packet is completed: the largest packet, and as much again for what stands around it
 * in the network's own pieces.
 */
export const UNFINISHED_BYTES_MAX = 2 * PACKET_BYTES_MAX;

/** The part of an mqtt.js session that is watched: its packets, and the bytes they are made from. */
type Watched = {
  readonly on: (event: "packetreceive", call: () => void) => unknown;
  readonly stream: { readonly on: (event: "data", call: (piece: Buffer) => void) => unknown };
};

/** Calls when more has arrived than any packet of ours can be. */
export function watchPacketSize(session: Watched, onTooLong: () => void): void {
  let unfinished = 0;
  session.on("packetreceive", () => {
    unfinished = 0;
  });
  session.stream.on("data", (piece: Buffer) => {
    unfinished += piece.length;
    if (unfinished > UNFINISHED_BYTES_MAX) onTooLong();
  });
}
