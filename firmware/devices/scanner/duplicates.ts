/**
 * Tells a new scan from the same code read on and on: a receipt that lies under a scanner is read several times a
 * second, and modules differ in what they do about it. A code is new again once it has not been read for a while,
 * counted from its *last* reading, so that a code left lying is one scan however long it lies. Pure.
 *
 * What is remembered is no text: a keyed digest, forgotten when the window has passed. People scan health cards, whose
 * texts are few enough to be guessed from a plain hash; with a key that is drawn at each start and written nowhere, a
 * digest found in a memory dump says nothing.
 */
import { createHmac } from "node:crypto";

/** Longer than the slowest module's own pause between two readings; shorter than anybody takes to come back. */
export const SAME_CODE_MS = 3_000;

/** A receipt shows two codes at most (the till's and ours); room for a neighbour's. The oldest is forgotten first. */
export const REMEMBERED_MAX = 4;

/** Bytes of a digest: two codes within three seconds never share 128 bits by chance. */
const DIGEST_BYTES = 16;

type Reading = { readonly digest: string; readonly atMs: number };

/** The codes read within the window, longest ago first. */
export type Readings = readonly Reading[];

export const NO_READINGS: Readings = [];

/** A code was read. `again` is true when it was lying there already. @param secret random bytes of this start */
export function read(
  readings: Readings,
  text: string,
  atMs: number,
  secret: Uint8Array,
): { readings: Readings; again: boolean } {
  const digest = createHmac("sha256", secret).update(text, "utf8").digest().toString("hex", 0, DIGEST_BYTES);
  const recent = stillRemembered(readings, atMs);
  const others = recent.filter((reading) => reading.digest !== digest);
  return {
    readings: [...others, { digest, atMs }].slice(-REMEMBERED_MAX),
    again: others.length < recent.length,
  };
}

/** Only what the window still covers. */
export function stillRemembered(readings: Readings, atMs: number): Readings {
  return readings.filter((reading) => atMs - reading.atMs < SAME_CODE_MS);
}

/** When something is to be forgotten next, or null. */
export function forgetAtMs(readings: Readings): number | null {
  const oldest = readings[0];
  return oldest === undefined ? null : oldest.atMs + SAME_CODE_MS;
}
