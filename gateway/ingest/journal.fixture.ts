/**
 * A totem's journal in memory, for tests of the ingest: chained, signed batches made with the contract's own functions,
 * cut as one likes. It writes what a real totem writes, and on request what a broken or hostile one would.
 */
import type { KeyObject } from "node:crypto";
import { type Canonical, canonicalText } from "#schemas/canonical.ts";
import { firstHead, nextHead, textHash } from "#schemas/chain.ts";
import type { Face, Reason } from "#schemas/code-list.ts";
import type { LostEntry, OpenedEntry, RefusalsEntry, VoteEntry } from "#schemas/entry.ts";
import { BATCH_ENTRIES_MAX } from "#schemas/limits.ts";
import { makeSigningKey, publicKeyFromHex, type SigningKey, signText } from "#schemas/signature.ts";
import type { EntryTime } from "#schemas/time.ts";
import type { SiteRules, TotemRecord } from "../store/store.ts";
import { type VerifiedBatch, verifyBatch } from "./verify.ts";

/** Monday 6 July 2026, 10:00 in Rome: an ordinary opening hour. */
export const MONDAY_MS = Date.UTC(2026, 6, 6, 8);

/** A site of two offices with three services. */
export const TOWN_HALL: SiteRules = {
  siteId: "town-hall",
  zone: "Europe/Rome",
  wording: 1,
  ticketRules: { validMinutes: 60, skewMinutes: 5 },
  officeOf: { registry: "front-office", passports: "front-office", taxes: "tax-office" },
};

type Run = { readonly epoch: string; readonly bodies: Canonical[]; readonly heads: Buffer[] };

/** A batch as it goes over the wire, with where it stands. */
export type WireBatch = {
  readonly totemId: string;
  readonly epoch: string;
  readonly first: number;
  readonly last: number;
  readonly payload: Buffer;
};

/** One totem with its journal: epochs of chained entries. */
export type TestTotem = {
  readonly record: TotemRecord;
  readonly key: SigningKey;
  readonly publicKey: KeyObject;
  /** Starts the firmware anew: a new epoch with its `opened` entry. Gives the epoch's id. */
  readonly start: (options?: Partial<OpenedEntry>, epoch?: string) => string;
  /** Appends an entry of any content to the current epoch; gives its number. */
  readonly append: (entry: Canonical) => number;
  /** A signed batch of an epoch's entries, both ends included. */
  readonly batch: (first: number, last: number, epoch?: string) => WireBatch;
  /** Everything written, in batches of at most `size`. */
  readonly batches: (size?: number) => readonly WireBatch[];
  readonly epochs: readonly { readonly epoch: string; readonly last: number; readonly head: string }[];
};

/** A time a totem with a good clock writes. */
export function trustedTime(wallMs: number, bootId = "boot-1"): EntryTime {
  return { wallMs, monotonicUs: (wallMs - MONDAY_MS + 86_400_000) * 1_000, bootId, clock: "trusted" };
}

/** The same moment on a totem whose wall clock stands at 1970. */
export function untrustedTime(wallMs: number, bootId = "boot-1"): EntryTime {
  return { ...trustedTime(wallMs, bootId), wallMs: 0, clock: "untrusted" };
}

let serial = 0;

/** A hex id no other call gives. */
export function freshHex(bytes: number): string {
  serial += 1;
  return serial.toString(16).padStart(bytes * 2, "0");
}

/** A live vote with a signed ticket; every field may be replaced. */
export function voteEntry(options: Partial<VoteEntry> & { readonly mark?: string | null } = {}): VoteEntry {
  const { mark = freshHex(16), ...fields } = options;
  const time = fields.time ?? trustedTime(MONDAY_MS);
  const face: Face = fields.face ?? "green";
  const reason: Reason | null = face === "red" ? (fields.reason ?? "none") : null;
  return {
    kind: "vote",
    time,
    id: freshHex(16),
    service: "registry",
    wording: 1,
    mode: "live",
    ticket: {
      profile: mark === null ? "none" : "signed",
      proof: mark === null ? "none" : "signature",
      issuerKeyId: mark === null ? null : "front-office-live-1",
      minute: mark === null ? null : Math.floor(MONDAY_MS / 60_000) - 10,
      mark,
    },
    flags: [],
    ...fields,
    face,
    reason,
  };
}

/** Refused scans. */
export function refusalsEntry(
  counts: RefusalsEntry["counts"],
  time: EntryTime = trustedTime(MONDAY_MS),
): RefusalsEntry {
  return { kind: "refusals", time, counts };
}

/** A declared loss. */
export function lostEntry(
  epoch: string,
  first: number,
  last: number,
  time: EntryTime = trustedTime(MONDAY_MS),
): LostEntry {
  return { kind: "lost", time, epoch, first, last, cause: "pruned" };
}

/** A totem of the town hall with an empty journal. */
export function testTotem(totemId: string, key: SigningKey = makeSigningKey()): TestTotem {
  const runs: Run[] = [];
  const current = (): Run => {
    const run = runs.at(-1);
    if (run === undefined) throw new Error("the totem has not started");
    return run;
  };
  const append = (entry: Canonical): number => {
    const { bodies, heads } = current();
    bodies.push(entry);
    heads.push(nextHead(heads.at(-1) as Buffer, textHash(canonicalText(entry))));
    return bodies.length;
  };
  const batch = (first: number, last: number, epoch = current().epoch): WireBatch => {
    const run = runs.find((r) => r.epoch === epoch) as Run;
    const body = {
      epoch,
      first,
      last,
      previousHead: hexAt(run, first - 1),
      entries: run.bodies.slice(first - 1, last),
      head: hexAt(run, last),
    };
    return { totemId, epoch, first, last, payload: signedPayload(body, key) };
  };
  return {
    key,
    publicKey: publicKeyFromHex(key.publicKeyHex),
    record: {
      totemId,
      siteId: TOWN_HALL.siteId,
      serves: null,
      publicKey: key.publicKeyHex,
      passwordSha256: "00".repeat(32),
      enrolledMs: MONDAY_MS,
    },
    start: (options = {}, epoch = freshHex(16)) => {
      const before = runs.at(-1);
      const opened: OpenedEntry = {
        kind: "opened",
        time: trustedTime(MONDAY_MS),
        ordinal: runs.length + 1,
        previousEpoch: before?.epoch ?? null,
        previousLast: before?.bodies.length ?? 0,
        previousHead: before === undefined ? null : hexAt(before, before.bodies.length),
        ...options,
      };
      runs.push({ epoch, bodies: [], heads: [firstHead(totemId, epoch, opened.previousHead)] });
      append(opened);
      return epoch;
    },
    append,
    batch,
    batches: (size = BATCH_ENTRIES_MAX) =>
      runs.flatMap(({ epoch, bodies }) =>
        Array.from({ length: Math.ceil(bodies.length / size) }, (_, index) =>
          batch(index * size + 1, Math.min(bodies.length, (index + 1) * size), epoch),
        ),
      ),
    get epochs() {
      return runs.map((run) => ({
        epoch: run.epoch,
        last: run.bodies.length,
        head: hexAt(run, run.bodies.length),
      }));
    },
  };
}

/** The bytes of a batch with a good signature, whatever it says. */
export function signedPayload(body: { readonly [key: string]: Canonical }, key: SigningKey): Buffer {
  const signature = signText("entries", canonicalText(body), key);
  return Buffer.from(canonicalText({ ...body, signature }));
}

/** A totem's batch as the store takes it. */
export function verifiedBatch(totem: TestTotem, wire: WireBatch, receivedMs = MONDAY_MS): VerifiedBatch {
  const from = { totemId: totem.record.totemId, journalKey: totem.publicKey, receivedMs };
  const batch = verifyBatch(wire.payload, from);
  if (!batch.ok) throw new Error(`the fixture made a bad batch: ${batch.problem}`);
  return batch.value;
}

function hexAt({ heads }: Run, seq: number): string {
  return (heads[seq] as Buffer).toString("hex");
}
