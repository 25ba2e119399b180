/**
 * What the journal is told when it deletes and when it states a day; part of its port in `ports.ts`.
 */
import type { LocalDay } from "#schemas/local-day.ts";
import type { EntryTime } from "#schemas/time.ts";

/** Until when receipted entries are kept. */
export type PruneTerms = {
  /** Trusted time: a wrong clock must not make anything look old. */
  readonly nowMs: number;
  /** How long after their receipt at most. */
  readonly keepMs: number;
  /** What was written before this moment is of a day that the gateway has closed: it goes at once. Null when none is closed. */
  readonly closedBeforeMs: number | null;
};

/** What a daily statement is made with. */
export type StatementRequest = {
  /** Trusted time: days are stated once they are over. */
  readonly time: EntryTime;
  readonly zone: string;
  /** Minutes the totem was in service, by day. */
  readonly uptimeMinutes: Readonly<Record<LocalDay, number>>;
  /** 256 random bits in hex, never used before: they hide the counts in the public part. */
  readonly seed: string;
};
