/**
 * The thread that proves batches for `verifier.ts`: one question, one answer, in order.
 */
import type { KeyObject } from "node:crypto";
import { parentPort } from "node:worker_threads";
import { type Proof, proveBatch, type QuarantineReason } from "./verify.ts";

export type ToProve = {
  readonly payload: Uint8Array;
  readonly totemId: string;
  readonly journalKey: KeyObject;
};
/** The proof, or why there is none. */
export type Proved = Proof | QuarantineReason;

const port = parentPort;
if (port === null) throw new Error("verify-worker.ts is a thread of the gateway, not a program");

port.on("message", ({ payload, totemId, journalKey }: ToProve) => {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const proof = proveBatch(bytes, { totemId, journalKey });
  const answer: Proved = proof.ok ? proof.value : proof.problem;
  port.postMessage(answer);
});
