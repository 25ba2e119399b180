/**
 * The gateway in the simulated world: the real ingestor over the real SQLite store, whose commits sometimes fail before
 * and sometimes after they are on the disk, and which is restarted at any moment.
 */

import { type Ingestor, openIngestor } from "#gateway/ingest/ingestor.ts";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import type { SiteRules, Store } from "#gateway/store/store.ts";
import type { Random } from "#schemas/seeded.fixture.ts";
import { publicKeyFromHex, type SigningKey, signMessage } from "#schemas/signature.ts";
import type { VirtualTime } from "./virtual-time.ts";

export type FaultGateway = {
  readonly receive: (totemId: string, payload: Buffer) => Promise<void>;
  /** Ends the program without a word to anybody and starts it again. */
  readonly restart: () => Promise<void>;
  readonly heal: () => void;
  readonly store: () => Store;
  readonly close: () => Promise<void>;
};

type Parts = {
  readonly databaseFile: string;
  readonly key: SigningKey;
  /** The journal key of each totem, in hex. */
  readonly journalKeys: ReadonlyMap<string, string>;
  readonly sites: readonly SiteRules[];
  readonly random: Random;
  readonly time: VirtualTime;
  readonly answer: (totemId: string, receipt: Buffer) => void;
};

/** Commits of which one fails, half of them after everything was stored. */
const FAILURE_CHANCE = 0.1;

export function openFaultGateway(parts: Parts): FaultGateway {
  let failures = FAILURE_CHANCE;
  const fails = () => parts.random.chance(failures);
  let store = openSqliteStore(parts.databaseFile, parts.time.nowMs());
  let ingestor = ingestorOver(parts, store, fails);
  return {
    receive: async (totemId, payload) => {
      await ingestor.offer(totemId, payload);
      await ingestor.settled();
    },
    restart: async () => {
      await store.close();
      store = openSqliteStore(parts.databaseFile, parts.time.nowMs());
      ingestor = ingestorOver(parts, store, fails);
    },
    heal: () => {
      failures = 0;
    },
    store: () => store,
    close: () => store.close(),
  };
}

function ingestorOver(parts: Parts, store: Store, fails: () => boolean): Ingestor {
  const keys = new Map([...parts.journalKeys].map(([totemId, hex]) => [totemId, publicKeyFromHex(hex)]));
  return openIngestor({
    store: {
      ...store,
      ingest: async (batches, rules) => {
        if (fails()) throw new Error("simulated: the commit did not happen");
        const outcomes = await store.ingest(batches, rules);
        if (fails()) throw new Error("simulated: the commit happened, and nobody was told");
        return outcomes;
      },
    },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    nowMs: parts.time.nowMs,
    journalKey: (totemId) => keys.get(totemId) ?? null,
    sites: () => parts.sites,
    sendReceipt: (totemId, receipt) =>
      parts.answer(totemId, Buffer.from(JSON.stringify(signMessage("receipt", receipt, parts.key)))),
    onOpened: async () => undefined,
    onCounted: () => undefined,
  });
}
