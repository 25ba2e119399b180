/**
 * The DE2120 (DYScan, sold by SparkFun). Commands are text: `^_^`, a word, a full stop; the reply is one byte, ACK or NACK.
 * From github.com/sparkfun/SparkFun_DE2120_Arduino_Library (src/, 2020). Not tried on a module by us. Pure.
 */
import type { Family, Step } from "./family.ts";

const ACK = 0x06;
const NACK = 0x15;

/** @param word capital letters and digits, such as SCMCNT */
export function de2120Command(word: string): Uint8Array {
  return Buffer.from(`^_^${word}.`, "latin1");
}

const tell = (name: string, word: string): Step => ({
  name,
  command: de2120Command(word),
  onReply: (reply) => (reply[0] === ACK ? null : "refused"),
});

export const DE2120: Family = {
  // Nothing: settings stay with the power off (the library looks for a speed set earlier), so that each is a write to its
  // flash, and no command is known that asks how they stand. Its codes end with CR as delivered.
  atStart: [],
  toInstall: [
    // Continuous reading; the same code again every half second while it stays, which is told once (`duplicates.ts`).
    tell("reading-mode", "SCMCNT"),
    tell("same-code-delay", "CNTALW2"),
  ],
  replyLength: (bytes) => (bytes[0] === ACK || bytes[0] === NACK ? 1 : "other"),
};
