/**
 * What the gateway needs from a database, in the gateway's own words. Every adapter passes `store.suite.ts`. Methods
 * that change something are one transaction each: when the promise resolves, it is on the disk.
 */
import type { Health } from "#schemas/messages.ts";
import type { Range } from "#schemas/ranges.ts";
import type { Sums } from "#schemas/sums.ts";
import type { VerifiedBatch } from "../ingest/verify.ts";
import type { CountColumn } from "../rollups/counts.ts";
import type { AccessStore } from "./access-store.ts";
import type { AccountStore } from "./account-store.ts";
import type { AlarmStore } from "./alarm-store.ts";
import type { ClosingStore } from "./closing-store.ts";
import type { DeliveryStore } from "./delivery-store.ts";
import type { HeldStore } from "./held-store.ts";
import type { LateStore } from "./late-store.ts";
import type { ListedStore } from "./listed-store.ts";
import type { ProofStore } from "./proof-store.ts";
import type { ReadinessStore } from "./readiness-store.ts";
import type { WatchStore } from "./watch-store.ts";

/** An office's service as counters know it. Empty ids stand for what a refused scan could not tell. */
export type Place = {
  readonly siteId: string;
  readonly officeId: string;
  readonly serviceId: string;
};

/** What an ingest needs to know of the directory. */
export type SiteRules = {
  readonly siteId: string;
  readonly zone: string;
  readonly wording: number;
  readonly ticketRules: { readonly validMinutes: number; readonly skewMinutes: number };
  /** Office of each service of the site. */
  readonly officeOf: Readonly<Record<string, string>>;
};

export type TotemRecord = {
  readonly totemId: string;
  readonly siteId: string;
  /** Offices whose tickets it takes; null for all of its site. */
  readonly serves: readonly string[] | null;
  readonly publicKey: string;
  readonly passwordSha256: string;
  readonly enrolledMs: number;
};

export type TotemStatus = {
  readonly totemId: string;
  readonly siteId: string;
  readonly online: boolean;
  readonly startCount: number;
  readonly seenMs: number | null;
  readonly health: Health | null;
  /** When that health was heard. */
  readonly healthMs: number | null;
  /** Entries of every kind the totem is known to have written, as far as its batches told. */
  readonly captured: number;
  readonly sums: Sums;
};

export type Checkpoint = { readonly size: number; readonly hash: string };

/** An entry of a verified batch that broke its shape. */
export type Rejected = { readonly seq: number; readonly reason: string };

export type IngestOutcome =
  | {
      readonly kind: "stored";
      /** Entries that had not been held before. */
      readonly fresh: number;
      readonly watermark: Watermark;
      readonly rejected: readonly Rejected[];
      readonly checkpoint: Checkpoint;
      readonly closedThrough: string | null;
    }
  /** It contradicts what is held. */
  | { readonly kind: "fork" }
  /** Too many gaps before it: it is taken once they are filled. */
  | { readonly kind: "scattered" };

/** What a receipt says of an epoch. */
export type Watermark = {
  readonly epoch: string;
  readonly upTo: number;
  readonly head: string | null;
  readonly ranges: readonly Range[];
};

/** An epoch as hello and the storage checks look at it. */
export type KnownEpoch = Watermark & {
  readonly ordinal: number | null;
  readonly previousEpoch: string | null;
  readonly previousLast: number;
  readonly previousHead: string | null;
  /** A later epoch that is held names it as its predecessor. */
  readonly succeeded: boolean;
  /** Its latest rejected entries: a totem that missed the receipt must still learn of them. */
  readonly rejected: readonly Rejected[];
};

export type Quarantined = {
  /** Whose room it takes: a registered totem's own, or the one room (empty) that all strangers share. */
  readonly pool: string;
  readonly totemId: string;
  readonly reason: string;
  readonly sha256: string;
  readonly payload: Buffer;
  readonly receivedMs: number;
};

export type { AlarmCode } from "#schemas/alarms.ts";

export type ServedCount = {
  readonly officeId: string;
  readonly serviceId: string;
  readonly day: string;
  readonly served: number;
};

/** Served counts of several days added up. */
export type ServedSum = Omit<ServedCount, "day"> & {
  /** The span's position. */
  readonly slot: number;
};

/** One counter row of a report. */
export type PeriodCounts = {
  /** Hour number for hours, day number for days, the span's position for spans. */
  readonly slot: number;
  readonly siteId: string;
  readonly officeId: string;
  readonly serviceId: string;
  readonly wording: number;
  readonly counts: Readonly<Record<CountColumn, number>>;
};

/** Local days from `fromDay` on, `toDay` not included. */
export type DaySpan = { readonly fromDay: string; readonly toDay: string };

/** A counter that does not say what counting again says. */
export type Mismatch = {
  /** Empty for the sums of a totem, whose id then stands before the column. */
  readonly day: string;
  readonly serviceId: string;
  readonly column: string;
  readonly counted: number;
  readonly recounted: number;
};

export type RecountResult = {
  readonly atMs: number;
  readonly days: number;
  readonly mismatches: readonly Mismatch[];
};

export type Store = AccessStore &
  AccountStore &
  AlarmStore &
  ClosingStore &
  DeliveryStore &
  HeldStore &
  LateStore &
  ListedStore &
  ProofStore &
  ReadinessStore &
  WatchStore & {
    readonly registerTotem: (totem: TotemRecord) => Promise<void>;
    readonly totems: () => Promise<readonly TotemRecord[]>;
    readonly totemStatuses: () => Promise<readonly TotemStatus[]>;
    /** Keeps what a totem said about being there; an older `startCount` changes nothing and gives false. */
    readonly noteStatus: (
      totemId: string,
      online: boolean,
      startCount: number,
      atMs: number,
    ) => Promise<boolean>;
    readonly noteHealth: (totemId: string, health: Health, atMs: number) => Promise<void>;
    /** The next number for a command to this totem. */
    readonly nextCommandNumber: (totemId: string) => Promise<number>;
    /** The version of a totem's settings: rises when `sha256` changes, at least to that minute, also after a restore. */
    readonly settingsVersion: (totemId: string, sha256: string, nowMs: number) => Promise<number>;

    /** Stores verified batches and everything that follows from them in one transaction. */
    readonly ingest: (
      batches: readonly VerifiedBatch[],
      rules: readonly SiteRules[],
    ) => Promise<readonly IngestOutcome[]>;
    readonly checkpoint: () => Promise<Checkpoint>;
    /** In the order in which they were first heard of. */
    readonly knownEpochs: (totemId: string) => Promise<readonly KnownEpoch[]>;
    /** Keeps a payload that could not be verified, once per pool and hash, while there is room. */
    readonly quarantine: (payload: Quarantined) => Promise<"kept" | "known" | "full">;

    readonly countIssued: (place: Place, wording: number, atMs: number, zone: string) => Promise<void>;
    readonly putServed: (counts: readonly ServedCount[], atMs: number) => Promise<void>;
    readonly served: (span: DaySpan) => Promise<readonly ServedCount[]>;
    /** Served counts added up over each span, in the order of span, office, service. */
    readonly servedSpans: (spans: readonly DaySpan[]) => Promise<readonly ServedSum[]>;

    /**
     * Counter rows by hour or day, in the order of slot, site, office, service, wording: whole slots from a slot on,
     * about `limit` rows; `next` is where to go on, null at the end.
     */
    readonly countRows: (
      by: "hour" | "day",
      span: DaySpan,
      page: { readonly fromSlot: number | null; readonly limit: number },
    ) => Promise<{ readonly rows: readonly PeriodCounts[]; readonly next: number | null }>;
    /** Counters added up over each span, in the order of span, site, office, service, wording. */
    readonly countSpans: (spans: readonly DaySpan[]) => Promise<readonly PeriodCounts[]>;
    /** Counts votes again, day by day, and compares with the counters by hour and by day. Repairs nothing. */
    readonly recount: (span: DaySpan) => Promise<readonly Mismatch[]>;
    /** Counts entries and votes of each totem again, all totems' sums against all counters, and months. Repairs nothing. */
    readonly recountTotems: () => Promise<readonly Mismatch[]>;
    readonly noteRecount: (result: RecountResult) => Promise<void>;
    readonly lastRecount: () => Promise<RecountResult | null>;
    /** First and last local day on which anything was voted or counted, or null. */
    readonly votedDays: () => Promise<{ readonly first: string; readonly last: string } | null>;

    readonly enforceRetention: (nowMs: number) => Promise<Readonly<Record<string, number>>>;
    readonly close: () => Promise<void>;
  };
