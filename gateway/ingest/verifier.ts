/**
 * Proves large batches in a thread of its own, so that while a backlog drains the main thread has only the storing to do.
 * Small ones, a vote just cast, are proved on the spot: handing them over would cost more.
 */
import type { KeyObject } from "node:crypto";
import { Worker } from "node:worker_threads";
import { BATCH_BYTES_MAX } from "#schemas/limits.ts";
import { ok, type Result } from "#schemas/result.ts";
import type { Proof } from "./prove.ts";
import { proveBatch, type QuarantineReason } from "./verify.ts";
import type { ToProve } from "./verify-worker.ts";

export type Verifier = {
  readonly prove: (payload: Buffer, journalKey: KeyObject) => Promise<Result<Proof, QuarantineReason>>;
  readonly close: () => Promise<void>;
};

/** Smaller payloads, of up to about ten votes, are proved on the spot in well under a millisecond. */
export const ON_THE_SPOT_BYTES = 4_096;

/** A batch at a time is all the thread works on; what has waited there is bounded by the ingestor. */
const THREAD_LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 };

/** A verifier without a thread. */
export const PROVE_ON_THE_SPOT: Verifier = {
  prove: async (payload, journalKey) => proveBatch(payload, journalKey),
  close: async () => undefined,
};

/** A verifier with a thread, begun at the first need; should it die, everything is proved on the spot from then on. */
export function openVerifier(onDied: (error: Error) => void): Verifier {
  const asked: ((proof: Proof | null) => void)[] = [];
  let worker: Worker | null = null;
  let isOver = false;
  const begin = () => {
    const begun = new Worker(new URL("./verify-thread.mjs", import.meta.url), {
      resourceLimits: THREAD_LIMITS,
    });
    // Answers come in the order of the questions.
    begun.on("message", (proof: Proof | null) => asked.shift()?.(proof));
    begun.on("error", onDied);
    begun.on("exit", () => {
      isOver = true;
      for (const answer of asked.splice(0)) answer(null);
    });
    begun.unref();
    return begun;
  };
  const ask = (question: ToProve) =>
    new Promise<Proof | null>((resolve) => {
      asked.push(resolve);
      worker ??= begin();
      worker.postMessage(question);
    });
  return {
    prove: async (payload, journalKey) => {
      const { length } = payload;
      // Longer than any batch is refused at a look; parsed, it could end a thread with so little memory.
      const isForThread = !isOver && length > ON_THE_SPOT_BYTES && length <= BATCH_BYTES_MAX;
      const proof = isForThread ? await ask({ payload, journalKey }) : null;
      // What the thread could not prove is looked at here, for the reason.
      return proof === null ? proveBatch(payload, journalKey) : ok(proof);
    },
    close: async () => {
      isOver = true;
      await worker?.terminate();
    },
  };
}
