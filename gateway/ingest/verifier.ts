/**
 * Proves large batches in a thread of its own, so that while a backlog drains the main thread has only the storing to do.
 * Small ones, a vote just cast, are proved on the spot: handing them over would cost more.
 */
import type { KeyObject } from "node:crypto";
import { Worker } from "node:worker_threads";
import { fail, ok, type Result } from "#schemas/result.ts";
import { type Proof, proveBatch, type QuarantineReason } from "./verify.ts";
import type { Proved, ToProve } from "./verify-worker.ts";

type From = { readonly totemId: string; readonly journalKey: KeyObject };

export type Verifier = {
  readonly prove: (payload: Buffer, from: From) => Promise<Result<Proof, QuarantineReason>>;
  readonly close: () => Promise<void>;
};

/** Smaller payloads, of up to about ten votes, are proved on the spot in well under a millisecond. */
export const ON_THE_SPOT_BYTES = 4_096;

/** A verifier without a thread. */
export const PROVE_ON_THE_SPOT: Verifier = {
  prove: async (payload, from) => proveBatch(payload, from),
  close: async () => undefined,
};

/** A verifier with a thread, begun at the first need; should it die, everything is proved on the spot from then on. */
export function openVerifier(onDied: (error: Error) => void): Verifier {
  const asked: ((proved: Proved | null) => void)[] = [];
  let worker: Worker | null = null;
  let isOver = false;
  const begin = () => {
    const begun = new Worker(new URL("./verify-worker.ts", import.meta.url));
    // Answers come in the order of the questions.
    begun.on("message", (proved: Proved) => asked.shift()?.(proved));
    begun.on("error", onDied);
    begun.on("exit", () => {
      isOver = true;
      for (const answer of asked.splice(0)) answer(null);
    });
    begun.unref();
    return begun;
  };
  const ask = (question: ToProve) =>
    new Promise<Proved | null>((resolve) => {
      asked.push(resolve);
      worker ??= begin();
      worker.postMessage(question);
    });
  return {
    prove: async (payload, from) => {
      if (isOver || payload.length <= ON_THE_SPOT_BYTES) return proveBatch(payload, from);
      const { totemId, journalKey } = from;
      const proved = await ask({ payload, totemId, journalKey });
      if (proved === null) return proveBatch(payload, from);
      return typeof proved === "string" ? fail(proved) : ok(proved);
    },
    close: async () => {
      isOver = true;
      await worker?.terminate();
    },
  };
}
