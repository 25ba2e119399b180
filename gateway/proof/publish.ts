/**
 * Adds to the public log what has become known of closed days, and signs how far it goes. A statement whose signature is not the
 * totem's is no statement: it is told, and what was received of its day stands as a difference.
 */
import { localDayOf } from "#schemas/local-day.ts";
import { publicKeyFromHex, type SigningKey, signMessage } from "#schemas/signature.ts";
import { isStatementGood, publicStatement } from "#schemas/statement.ts";
import type { Log } from "../log.ts";
import type { LoggedTotem } from "../store/proof-store.ts";
import type { Store } from "../store/store.ts";
import { isDifferent, linesFor } from "./totem-day.ts";

/** Totem-days asked for at once. */
const DUE_AT_ONCE = 100;
/** 256 bits, as for every secret. */
const SEED_BYTES = 32;

export type PublishParts = {
  readonly store: Store;
  readonly key: SigningKey;
  readonly zoneOf: (siteId: string) => string;
  readonly randomBytes: (size: number) => Buffer;
  readonly log: Log;
  readonly nowMs: () => number;
};

/** @returns how many lines were added. */
export async function publishLog(parts: PublishParts): Promise<number> {
  const { store, key } = parts;
  const closedThrough = await store.closedThrough();
  if (closedThrough === null) return 0;
  const before = await store.logState();
  const totems = new Map((await store.loggedTotems()).map((totem) => [totem.totemId, totem]));
  for (const totem of totems.values()) await nameTotem(parts, totem);
  for (;;) {
    const due = await store.logDue(closedThrough, DUE_AT_ONCE);
    if (due.length === 0) break;
    for (const { totemId, day } of due) {
      await publishDay(parts, totems.get(totemId)?.publicKey ?? null, totemId, day);
      // Commitments take some milliseconds a service: everything else has its turn in between.
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
  }
  const { size, hash } = await store.logState();
  const checkpoint = signMessage("checkpoint", { closedThrough, size, hash }, key);
  await store.putLogCheckpoint(size, JSON.stringify(checkpoint));
  return size - before.size;
}

/** The log names a totem and its key before anything else it says of it. */
async function nameTotem({ store, zoneOf, nowMs }: PublishParts, totem: LoggedTotem): Promise<void> {
  const { totemId, siteId, publicKey, loggedKey, enrolledMs } = totem;
  if (loggedKey === publicKey) return;
  // A key that replaces another one signs from today on.
  const fromDay = localDayOf(loggedKey === null ? enrolledMs : nowMs(), zoneOf(siteId));
  const entry = { kind: "totem", totemId, siteId, publicKey, fromDay } as const;
  await store.appendLog({ totemId, day: fromDay, isDone: false }, [{ entry, opened: null }]);
}

async function publishDay(
  { store, randomBytes, log, nowMs }: PublishParts,
  publicKey: string | null,
  totemId: string,
  day: string,
): Promise<void> {
  const known = await store.totemDay(totemId, day);
  const { statement } = known;
  const isGood =
    statement !== null &&
    publicKey !== null &&
    isStatementGood(publicStatement(totemId, statement), statement.signature, publicKeyFromHex(publicKey));
  if (statement !== null && !isGood && !known.isStatementPublished) {
    log.error("statement-not-signed", { totem: totemId, day });
    await store.raiseAlarm(
      "statement-refused",
      totemId,
      `the statement of ${day} is not signed by the totem`,
      nowMs(),
    );
  }
  const about = { ...known, statement: isGood || known.isStatementPublished ? statement : null };
  if (isDifferent(about)) {
    log.error("statement-differs", { totem: totemId, day });
    await store.raiseAlarm(
      "statement-differs",
      totemId,
      `what the totem states of ${day} is not what was received of it`,
      nowMs(),
    );
  }
  const lines = linesFor(about, () => randomBytes(SEED_BYTES).toString("hex"));
  await store.appendLog({ totemId, day, isDone: true }, lines);
}
