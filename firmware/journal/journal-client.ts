/**
 * The journal as the totem sees it: promises, whether it runs in this thread (tests) or in its worker (service).
 */
import { once } from "node:events";
import { MessageChannel, Worker } from "node:worker_threads";
import { type Endpoint, type Remote, wrap } from "comlink";
import type { Journal } from "../ports.ts";
import type { JournalFile } from "./journal-file.ts";
import type { JournalWorkerData, Opened } from "./journal-worker.ts";

/** A journal in its worker, ready, with what opening it found. */
export type StartedJournal = Opened & { readonly journal: Journal };

/**
 * Starts the worker and waits until the journal is open.
 * @param onDeath called when the worker ends by itself: the totem cannot go on and must be started again.
 */
export async function startJournal(
  data: JournalWorkerData,
  onDeath: (error: Error) => void,
): Promise<StartedJournal> {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(new URL("./journal-thread.mjs", import.meta.url), {
    workerData: { ...data, port: port2 },
    transferList: [port2],
  });
  let over = false;
  const died = (error: Error) => {
    if (over) return;
    over = true;
    onDeath(error);
  };
  // `once` rejects when the worker fails while opening.
  const [opened] = (await once(worker, "message")) as [Opened];
  worker.on("error", died);
  worker.on("exit", (code) => died(new Error(`the journal's worker ended with code ${code}`)));
  const remote = wrap<JournalFile>(port1 as unknown as Endpoint);
  const close = async () => {
    if (over) return;
    await remote.close();
    over = true;
    port1.close();
    await worker.terminate();
  };
  return { ...opened, journal: journalOver(remote, close) };
}

/** The same journal in this thread: for tests and tools that read a totem's data folder. */
export function journalHere(file: JournalFile): Journal {
  return journalOver(file, () => file.close());
}

function journalOver(file: JournalFile | Remote<JournalFile>, close: () => void | Promise<void>): Journal {
  return {
    commitDraft: async (vote) => file.commitDraft(vote),
    sealDraft: async (time) => file.sealDraft(time),
    append: async (entry) => file.append(entry),
    probe: async () => file.probe(),
    isSpent: async (mark) => file.isSpent(mark),
    sums: async () => file.sums(),
    openEpochs: async () => file.openEpochs(),
    readBatch: async (epoch, from, to) => file.readBatch(epoch, from, to),
    applyReceipt: async (receipt) => file.applyReceipt(receipt),
    resendFrom: async (epoch, from, time) => file.resendFrom(epoch, from, time),
    prune: async (terms) => file.prune(terms),
    stateNextDay: async (request) => file.stateNextDay(request),
    keep: async (name, value) => file.keep(name, value),
    kept: async (name) => file.kept(name),
    close: async () => close(),
  };
}
