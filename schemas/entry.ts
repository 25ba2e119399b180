/**
 * Entries: what a totem writes into its journal and sends to the gateway. An entry's key
 * (totem, epoch, seq) is not inside it: the batch that carries it says where it stands.
 * A vote holds no person, no ticket text and nothing that names the desk's operator.
 */
import { FACES, MODES, PROFILES, PROOFS, PROOFS_OF, REASONS, REFUSALS, VOTE_FLAGS } from "./code-list.ts";
import { calendarDay, ENTRY_TIME } from "./entry-time.ts";
import { FAULT_CODES } from "./fault-codes.ts";
import { MINUTE_MAX } from "./limits.ts";
import { isLocalDay } from "./local-day.ts";
import { fail, type Result } from "./result.ts";
import {
  anyOf,
  hex,
  id,
  integer,
  list,
  literal,
  nullable,
  type Of,
  oneOf,
  record,
  type ShapeProblem,
  shape,
} from "./shape.ts";

/** Entries number from 1; this many would take a totem a thousand years. */
export const SEQ_MAX = 2_147_483_647;
/** A count inside an entry or statement. */
const COUNT_MAX = 1_000_000_000;
/** Lines of a refusal entry: ten reasons for a handful of services within one minute. */
export const REFUSAL_LINES_MAX = 64;
/** Epochs of one statement: a totem restarting every ten minutes all day long. */
export const STATEMENT_EPOCHS_MAX = 144;
/** Lines of a statement: as many as fit into one batch beside the most epochs, or it could never be sent. */
export const STATEMENT_LINES_MAX = 256;

const epochId = () => hex(16);
const seq = () => integer(1, SEQ_MAX);
const digest = () => hex(32);

/** Where a vote's right to count comes from; nothing here leads back to the printed code once the site key is gone. */
export const TICKET_TRACE = record({
  profile: oneOf(PROFILES),
  proof: oneOf(PROOFS),
  issuerKeyId: nullable(id()),
  minute: nullable(integer(0, MINUTE_MAX)),
  mark: nullable(hex(16)),
});

export const OPENED = shape(
  "entry-opened",
  record({
    kind: literal("opened"),
    time: ENTRY_TIME,
    ordinal: integer(1, SEQ_MAX),
    previousEpoch: nullable(epochId()),
    previousLast: integer(0, SEQ_MAX),
    previousHead: nullable(digest()),
  }),
);

export const VOTE = shape(
  "entry-vote",
  record({
    kind: literal("vote"),
    time: ENTRY_TIME,
    id: hex(16),
    service: nullable(id()),
    wording: integer(1, 9999),
    face: oneOf(FACES),
    reason: nullable(oneOf(REASONS)),
    mode: oneOf(MODES),
    ticket: TICKET_TRACE,
    flags: list(oneOf(VOTE_FLAGS), VOTE_FLAGS.length),
  }),
);

export const REFUSAL_COUNTS = shape(
  "entry-refusals",
  record({
    kind: literal("refusals"),
    time: ENTRY_TIME,
    counts: list(
      record({ reason: oneOf(REFUSALS), service: nullable(id()), count: integer(1, COUNT_MAX) }),
      REFUSAL_LINES_MAX,
      1,
    ),
  }),
);

export const STATEMENT = shape(
  "entry-statement",
  record({
    kind: literal("statement"),
    time: ENTRY_TIME,
    day: calendarDay(),
    epochs: list(
      record({ epoch: epochId(), first: seq(), last: seq(), head: digest() }),
      STATEMENT_EPOCHS_MAX,
    ),
    counts: list(
      record({
        service: nullable(id()),
        wording: integer(1, 9999),
        face: oneOf(FACES),
        reason: nullable(oneOf(REASONS)),
        profile: oneOf(PROFILES),
        mode: oneOf(MODES),
        count: integer(1, COUNT_MAX),
      }),
      STATEMENT_LINES_MAX,
    ),
    refusals: list(record({ reason: oneOf(REFUSALS), count: integer(1, COUNT_MAX) }), REFUSALS.length),
    uptimeMinutes: integer(0, 1_500),
    checkpoint: nullable(record({ size: integer(0, Number.MAX_SAFE_INTEGER), hash: digest() })),
    // What the day's commitments are opened with, see `statement.ts`; for the gateway, never for the public.
    seed: hex(32),
    // Of the totem's journal key, over the part that anybody may see.
    signature: hex(64),
  }),
);

/** What broke, or works again. An `opened` entry ends every fault before it: what is still broken then is told again. */
export const FAULT = shape(
  "entry-fault",
  record({
    kind: literal("fault"),
    time: ENTRY_TIME,
    code: oneOf(FAULT_CODES),
    state: oneOf(["failed", "recovered"]),
    part: nullable(id()),
  }),
);

export const MODE_CHANGE = shape(
  "entry-mode",
  record({
    kind: literal("mode"),
    time: ENTRY_TIME,
    mode: oneOf(["live", "test", "sealed", "unsealed"]),
  }),
);

export const KEY_DESTROYED = shape(
  "entry-keys",
  record({
    kind: literal("keys"),
    time: ENTRY_TIME,
    key: oneOf(["site", "office"]),
    keyId: id(),
    day: calendarDay(),
    state: literal("destroyed"),
  }),
);

export const LOST = shape(
  "entry-lost",
  record({
    kind: literal("lost"),
    time: ENTRY_TIME,
    epoch: epochId(),
    first: seq(),
    last: seq(),
    cause: oneOf(["pruned", "unknown-epoch", "damaged"]),
  }),
);

/** The shape of each kind of entry. */
export const ENTRY_SHAPES = {
  opened: OPENED,
  vote: VOTE,
  refusals: REFUSAL_COUNTS,
  statement: STATEMENT,
  fault: FAULT,
  mode: MODE_CHANGE,
  keys: KEY_DESTROYED,
  lost: LOST,
} as const;

export type EntryKind = keyof typeof ENTRY_SHAPES;
export const ENTRY_KINDS = Object.keys(ENTRY_SHAPES) as EntryKind[];

export type OpenedEntry = Of<typeof OPENED>;
export type VoteEntry = Of<typeof VOTE>;
export type RefusalsEntry = Of<typeof REFUSAL_COUNTS>;
export type StatementEntry = Of<typeof STATEMENT>;
export type FaultEntry = Of<typeof FAULT>;
export type ModeEntry = Of<typeof MODE_CHANGE>;
export type KeysEntry = Of<typeof KEY_DESTROYED>;
export type LostEntry = Of<typeof LOST>;
export type Entry = Of<(typeof ENTRY_SHAPES)[EntryKind]>;

export type TicketTrace = VoteEntry["ticket"];

/** All kinds in one shape, for documents; parsing goes through `parseEntry`, whose problems are sharper. */
export const ENTRY = shape("entry", anyOf(Object.values(ENTRY_SHAPES).map((kind) => kind.schema)));

/** Reads one entry, refusing what its shape cannot say, such as a reason on a face that is not red. */
export function parseEntry(value: unknown): Result<Entry, ShapeProblem> {
  const kind = (value as { kind?: unknown } | null)?.kind;
  const known = ENTRY_KINDS.find((k) => k === kind);
  if (known === undefined) {
    return fail({ shape: "entry", where: "/kind", expected: `must be one of ${ENTRY_KINDS.join(", ")}` });
  }
  const parsed = (ENTRY_SHAPES[known].parse as (v: unknown) => Result<Entry, ShapeProblem>)(value);
  if (!parsed.ok) return parsed;
  const broken = brokenRule(parsed.value);
  return broken === null ? parsed : fail({ shape: `entry-${known}`, ...broken });
}

type BrokenRule = { readonly where: string; readonly expected: string };

function brokenRule(entry: Entry): BrokenRule | null {
  switch (entry.kind) {
    case "vote":
      return brokenVote(entry);
    case "opened":
      return (entry.previousEpoch === null) === (entry.previousHead === null)
        ? null
        : { where: "/previousHead", expected: "must be null for a totem's first epoch only" };
    case "lost":
      return entry.first <= entry.last ? null : { where: "/last", expected: "must not be before first" };
    case "statement":
      if (!isLocalDay(entry.day)) return { where: "/day", expected: "must be in the calendar" };
      return entry.epochs.every(({ first, last }) => first <= last)
        ? null
        : { where: "/epochs", expected: "must not end before they begin" };
    case "keys":
      return isLocalDay(entry.day) ? null : { where: "/day", expected: "must be in the calendar" };
    case "refusals":
    case "fault":
    case "mode":
      return null;
  }
}

function brokenVote({ face, reason, flags, ticket }: VoteEntry): BrokenRule | null {
  if ((face === "red") !== (reason !== null)) {
    return { where: "/reason", expected: "must be null unless the face is red" };
  }
  if (new Set(flags).size !== flags.length) return { where: "/flags", expected: "must not repeat a flag" };
  if ((ticket.profile === "none") !== (ticket.mark === null)) {
    return { where: "/ticket/mark", expected: "must be null only for a vote without a ticket" };
  }
  const proofs: readonly string[] = PROOFS_OF[ticket.profile];
  return proofs.includes(ticket.proof)
    ? null
    : { where: "/ticket/proof", expected: `must be ${proofs.join(" or ")} for this profile` };
}
