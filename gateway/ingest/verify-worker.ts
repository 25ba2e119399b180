/**
 * The thread that proves batches for `verifier.ts`: one question, one answer, in order.
 */
import type { KeyObject } from "node:crypto";
import { parentPort } from "node:worker_threads";
import { provePayload } from "./prove.ts";

export type ToProve = { readonly payload: Uint8Array; readonly journalKey: KeyObject };

const port = parentPort;
if (port === null) throw new Error("verify-worker.ts is a thread of the gateway, not a program");

port.on("message", ({ payload, journalKey }: ToProve) => {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  port.postMessage(provePayload(bytes, journalKey));
});
