/**
 * How long everything is kept (promise 5): one row for each thing that sleeps on a disk, enforced by the program that
 * holds it and tested row by row. What has no row here is kept for as long as the installation lives.
 */

export type RetentionRow = {
  readonly id: string;
  readonly holder: "totem" | "gateway";
  readonly what: string;
  /** Days after `from`; null where something else than time ends it. */
  readonly keptDays: number | null;
  readonly from: string;
  readonly why: string;
};

/** Thirteen months, so that a month can be compared with the same month a year earlier. */
const THIRTEEN_MONTHS_DAYS = 400;

export const RETENTION = [
  {
    id: "totem-draft",
    holder: "totem",
    what: "the vote of the running session",
    keptDays: null,
    from: "sealed into the journal when the session ends, at the latest at the next start",
    why: "until then the citizen may change it",
  },
  {
    id: "totem-entries",
    holder: "totem",
    what: "journal entries the gateway has receipted",
    keptDays: 7,
    from: "the receipt, at most: those of a day that the gateway has closed go as soon as the totem hears of it",
    why: "a gateway restored from a backup asks for them again; setting keepReceiptedDays",
  },
  {
    id: "totem-marks",
    holder: "totem",
    what: "marks of tickets used at this totem",
    keptDays: 7,
    from: "the vote, by trusted time",
    why: "a ticket is good for an hour; a week covers a clock that could not be trusted",
  },
  {
    id: "totem-day-keys",
    holder: "totem",
    what: "the key of the day, under which marks are made, and those of offices that print short tickets",
    keptDays: null,
    from: "destroyed when the last ticket of the day is over, by a clock that has gone evenly for an hour",
    why: "from then on nobody can tell which ticket a mark was made of",
  },
  {
    id: "totem-damaged",
    holder: "totem",
    what: "journal files that were found damaged, set aside as they were; at most a hundred",
    keptDays: null,
    from: "taken away by whoever repairs the totem",
    why: "they may hold the only copy of a vote",
  },
  {
    id: "totem-reports",
    holder: "totem",
    what: "readiness reports of the self-test, the latest fifty",
    keptDays: null,
    from: "taken by the report that comes fifty tests later",
    why: "they say how the totem was each time its case was opened, and nothing of anybody who voted",
  },
  {
    id: "gateway-votes",
    holder: "gateway",
    what: "votes as they came, with time, place in the journal, ticket's minute and mark; counts by the hour stay",
    keptDays: null,
    from: "the third morning after the vote's day, when that closes; one that arrives later, at once",
    why: "until then a conflict or a clock set afterwards may change what becomes of it",
  },
  {
    id: "gateway-batches",
    holder: "gateway",
    what: "batches as they were received; one with a vote of a closed day goes when that closes",
    keptDays: 7,
    from: "receipt",
    why: "to look into a dispute while the totem still holds the same entries",
  },
  {
    id: "gateway-uncertain-refusals",
    holder: "gateway",
    what: "refused scans of a totem without the time, beside their counters",
    keptDays: 7,
    from: "receipt",
    why: "the totem still sends what tells its clock; then they stay counted where they are",
  },
  {
    id: "gateway-day-keys",
    holder: "gateway",
    what: "the same keys of the day, to seal them to totems and to issue short tickets; in no backup",
    keptDays: null,
    from: "destroyed as on the totems",
    why: "a totem that is set up today needs today's key, and never one of before",
  },
  {
    id: "gateway-marks",
    holder: "gateway",
    what: "bare marks of accepted votes, without link or time",
    keptDays: THIRTEEN_MONTHS_DAYS,
    from: "the vote's day",
    why: "recognises a second vote that arrives late",
  },
  {
    id: "gateway-listed",
    holder: "gateway",
    what: "bare marks of receipts that a queue system says it gave out",
    keptDays: null,
    from: "the closing of the day after theirs",
    why: "a vote may arrive before the list that proves its receipt, or after it",
  },
  {
    id: "gateway-backups",
    holder: "gateway",
    what: "nightly copies of everything here but day keys, with of all votes no more than counts by the hour",
    keptDays: null,
    from: "taken by the copy that is so many nights later; setting backup.keep, seven",
    why: "a disk may fail, and a mistake may be noticed days later",
  },
  {
    id: "gateway-quarantine",
    holder: "gateway",
    what: "payloads that could not be verified, and entries that broke their shape: until the next day closes; the reason, the sender and the hash of a payload",
    keptDays: 90,
    from: "receipt",
    why: "long enough to find out who sent them",
  },
  {
    id: "gateway-hour-counts",
    holder: "gateway",
    what: "counters by hour; the counters by day stay",
    keptDays: THIRTEEN_MONTHS_DAYS,
    from: "the hour's day",
    why: "patterns of the day are compared with last year's, not longer",
  },
  {
    id: "gateway-watch",
    holder: "gateway",
    what: "how the votes of a closed day came, a few counts by service; only while a worker agreement is recorded",
    keptDays: THIRTEEN_MONTHS_DAYS,
    from: "the day",
    why: "signs of gaming are looked for by comparison with what is usual",
  },
  {
    id: "gateway-events",
    holder: "gateway",
    what: "faults, modes, destroyed keys and losses reported by totems; statements, the public log and published figures stay",
    keptDays: THIRTEEN_MONTHS_DAYS,
    from: "receipt",
    why: "a totem's history of repairs",
  },
  {
    id: "gateway-readiness",
    holder: "gateway",
    what: "readiness reports of totems' self-tests, of each totem the latest fifty; its last one stays",
    keptDays: THIRTEEN_MONTHS_DAYS,
    from: "receipt",
    why: "a totem's history of repairs",
  },
  {
    id: "gateway-access",
    holder: "gateway",
    what: "the log of who signed in, failed to, read exact figures, or changed an account or a token; by the name of the account or token",
    keptDays: THIRTEEN_MONTHS_DAYS,
    from: "the deed",
    why: "promise 10, and the Garante's order on system administrators (27 November 2008): six months at least, unchangeable",
  },
  {
    id: "gateway-accounts",
    holder: "gateway",
    what: "people's accounts: name, role, hash of the password; one that is not disabled stays",
    keptDays: THIRTEEN_MONTHS_DAYS,
    from: "disabling",
    why: "the log of accesses names them",
  },
  {
    id: "gateway-sessions",
    holder: "gateway",
    what: "sessions of people, hashed: whose, since when, when last seen; good for twelve hours at most; in no backup",
    keptDays: 1,
    from: "the sign-in",
    why: "a restart of the gateway signs nobody out",
  },
  {
    id: "gateway-links",
    holder: "gateway",
    what: "one-time links that nobody used, hashed; in no backup",
    keptDays: 1,
    from: "the end of the time they were good for",
    why: "whoever comes late is told that the link is over",
  },
  {
    id: "gateway-tokens",
    holder: "gateway",
    what: "expired and revoked access tokens, hashed",
    keptDays: THIRTEEN_MONTHS_DAYS,
    from: "expiry or revocation",
    why: "the access log names them",
  },
  {
    id: "gateway-alarms",
    holder: "gateway",
    what: "alarms that were cleared",
    keptDays: THIRTEEN_MONTHS_DAYS,
    from: "clearing",
    why: "to see whether something comes back",
  },
  {
    id: "gateway-deliveries",
    holder: "gateway",
    what: "messages about alarms that were sent or given up",
    keptDays: THIRTEEN_MONTHS_DAYS,
    from: "being written",
    why: "to show who was told of what, and when",
  },
  {
    id: "gateway-recounts",
    holder: "gateway",
    what: "results of nightly recounts",
    keptDays: THIRTEEN_MONTHS_DAYS,
    from: "the recount",
    why: "to show that the figures added up all year",
  },
] as const satisfies readonly RetentionRow[];

export type RetentionId = (typeof RETENTION)[number]["id"];

/** The term of a row that ends by time. @throws for one that does not: a defect of the caller. */
export function keptDays(id: RetentionId): number {
  const row = RETENTION.find((r) => r.id === id);
  if (row === undefined || row.keptDays === null) throw new Error(`${id} does not end by time`);
  return row.keptDays;
}
