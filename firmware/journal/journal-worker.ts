/**
 * Runs the journal in a thread of its own: a card that stalls for seconds must not stop clicks, lamps and keepalives.
 */
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { type Endpoint, expose } from "comlink";
import { readSigningKey } from "#schemas/signature.ts";
import { holdDataFolder } from "./hold-data-folder.ts";
import { openJournal } from "./open-journal.ts";

/** What the worker is started with. */
export type JournalWorkerData = {
  readonly dataDir: string;
  readonly totemId: string;
  readonly epoch: string;
  readonly keyPem: string;
  readonly nowMs: number;
};

/** The worker's first message: what opening the journal found. */
export type Opened = { readonly setAside: string | null; readonly sqliteVersion: string };

const { port, ...data } = workerData as JournalWorkerData & { readonly port: MessagePort };
const release = holdDataFolder(data.dataDir);
// Held as long as the thread lives: whatever nobody refers to could be closed by the garbage collector.
process.on("exit", release);
const { journal, setAside, sqliteVersion } = openJournal({
  ...data,
  key: readSigningKey(data.keyPem),
  // Thrown outside any call, so that the worker dies and the totem is started again.
  onDamage: (error) =>
    setImmediate(() => {
      throw error;
    }),
});
expose(journal, port as unknown as Endpoint);
parentPort?.postMessage({ setAside, sqliteVersion } satisfies Opened);
