/**
 * Every message between totem and gateway. Downlinks are signed by the gateway's key, batches and
 * spent marks by the totem's journal key. Topics are in `topics.ts`, entries in `entry.ts`.
 */
import { CLOCK_STATES, KEYS, LANGUAGES } from "./code-list.ts";
import { SEQ_MAX } from "./entry.ts";
import { calendarDay, utcMs } from "./entry-time.ts";
import {
  BATCH_ENTRIES_MAX,
  HELLO_EPOCHS_MAX,
  OFFICES_PER_SITE_MAX,
  RECEIPT_RANGES_MAX,
  SERVICES_PER_OFFICE_MAX,
  SIBLINGS_MAX,
  TICKET_KEYS_MAX,
} from "./limits.ts";
import { plainReceipts, receiptCode, takenProfiles } from "./receipts.ts";
import {
  anyOf,
  anything,
  flag,
  hex,
  id,
  integer,
  list,
  literal,
  nullable,
  type Of,
  oneOf,
  pattern,
  record,
  shape,
  text,
} from "./shape.ts";

const epochId = () => hex(16);
const digest = () => hex(32);
const signature = () => hex(64);
const seq = () => integer(1, SEQ_MAX);
const count = () => integer(0, Number.MAX_SAFE_INTEGER);
const checkpoint = () => nullable(record({ size: count(), hash: digest() }));
/** Why an entry or a command was not taken: a short word list of our own, never text from outside. */
const reason = () => text(80);

/** Version of all shapes in this folder; a totem and a gateway of different versions say so and keep their data. */
export const SCHEMA_VERSION = 1;

const epochState = () =>
  record({
    epoch: epochId(),
    ordinal: integer(1, SEQ_MAX),
    oldestUnreceipted: integer(1, SEQ_MAX + 1),
    last: seq(),
    head: digest(),
  });

/** Sent on each connect: what the totem still holds. */
export const HELLO = shape(
  "hello",
  record({
    startCount: count(),
    schema: integer(1, 9999),
    current: nullable(epochState()),
    open: list(epochState(), HELLO_EPOCHS_MAX),
    openEpochs: count(),
    entriesPending: count(),
    bytesPending: count(),
  }),
);
export type Hello = Of<typeof HELLO>;
export type EpochState = Hello["open"][number];

/** A signed run of entries. Entries are judged one by one after the batch's signature and chain were found good. */
export const BATCH = shape(
  "entries",
  record({
    epoch: epochId(),
    first: seq(),
    last: seq(),
    previousHead: digest(),
    entries: list(
      anything("one entry, see entry.schema.json; a broken one is rejected alone"),
      BATCH_ENTRIES_MAX,
      1,
    ),
    head: digest(),
    signature: signature(),
  }),
);
export type Batch = Of<typeof BATCH>;

/** The gateway's word that it has committed: the only thing that lets a totem mark entries delivered. */
export const RECEIPT = shape(
  "receipt",
  record({
    epoch: epochId(),
    upTo: integer(0, SEQ_MAX),
    head: nullable(digest()),
    ranges: list(record({ first: seq(), last: seq() }), RECEIPT_RANGES_MAX),
    rejected: list(record({ seq: seq(), reason: reason() }), BATCH_ENTRIES_MAX),
    closedThrough: nullable(calendarDay()),
    checkpoint: checkpoint(),
    timeMs: utcMs(),
    signature: signature(),
  }),
);
export type Receipt = Of<typeof RECEIPT>;

/** Retained, and the last will. A late will with an older `startCount` cannot unseat a live totem. */
export const STATUS = shape(
  "status",
  record({
    online: flag(),
    startCount: count(),
    bootId: id(),
    versions: record({ firmware: text(40), node: text(40), sqlite: text(40), schema: integer(1, 9999) }),
  }),
);
export type Status = Of<typeof STATUS>;

/** Sent every 60 s. Per key it says how the switch is, never how often it was pressed. */
export const HEALTH = shape(
  "health",
  record({
    timeMs: utcMs(),
    uptimeMs: count(),
    queue: record({ entries: count(), bytes: count() }),
    captured: count(),
    acknowledged: count(),
    oldestUnsentMs: nullable(count()),
    disk: record({ freeBytes: count(), totalBytes: count() }),
    mount: record({ fileSystem: text(40), persistent: flag(), readOnly: flag() }),
    clock: oneOf(CLOCK_STATES),
    temperatureMilliCelsius: nullable(integer(-100_000, 200_000)),
    underVoltage: nullable(flag()),
    scanner: oneOf(["ready", "unplugged"]),
    totalPresses: count(),
    // Gaps in the kernel's numbering of key edges, since the start.
    lostEdges: count(),
    keys: list(
      record({
        key: oneOf(KEYS),
        bounce: oneOf(["clean", "bouncy"]),
        state: oneOf(["fine", "worn", "stuck"]),
      }),
      KEYS.length,
    ),
  }),
);
export type Health = Of<typeof HEALTH>;

const openingHours = () =>
  list(
    record({
      weekday: integer(1, 7),
      fromMinute: integer(0, 1_440),
      toMinute: integer(0, 1_440),
    }),
    // Three openings on each day of the week.
    21,
  );

/** What the gateway tells a totem about its site. Retained, signed, versioned; holds no secret. */
export const SETTINGS = shape(
  "settings",
  record({
    version: integer(1, SEQ_MAX),
    totemId: id(),
    siteId: id(),
    zone: text(64),
    sample: flag(),
    wording: integer(1, 9999),
    languages: list(oneOf(LANGUAGES), LANGUAGES.length, 1),
    hours: openingHours(),
    campaign: record({
      firstDay: nullable(calendarDay()),
      lastDay: nullable(calendarDay()),
      withoutTicket: flag(),
    }),
    serves: list(id(), OFFICES_PER_SITE_MAX, 1),
    offices: list(
      record({
        number: integer(0, 65_535),
        officeId: id(),
        profiles: takenProfiles(),
        plain: nullable(plainReceipts()),
        services: list(
          record({ number: integer(0, 65_535), serviceId: id(), receiptCode: nullable(receiptCode()) }),
          SERVICES_PER_OFFICE_MAX,
        ),
      }),
      OFFICES_PER_SITE_MAX,
    ),
    ticketKeys: list(
      record({
        number: integer(0, 65_535),
        issuerKeyId: id(),
        officeId: id(),
        publicKey: hex(32),
        purpose: oneOf(["live", "test"]),
      }),
      TICKET_KEYS_MAX,
    ),
    ticketRules: record({ validMinutes: integer(1, 1_440), skewMinutes: integer(0, 60) }),
    // The other totems of the site, whose word about spent tickets is believed.
    siblings: list(record({ totemId: id(), publicKey: hex(32) }), SIBLINGS_MAX),
    signature: signature(),
  }),
);
export type SiteSettings = Of<typeof SETTINGS>;

/** Site and office keys of the current day, sealed to one totem's own key. Never retained. */
export const DAY_KEYS = shape(
  "keys",
  record({
    totemId: id(),
    day: calendarDay(),
    // 32-byte site key and up to 50 office keys with their ids, sealed, in base64.
    sealed: pattern("^[A-Za-z0-9+/]*={0,2}$", 16_384, "base64"),
    signature: signature(),
  }),
);
export type DayKeys = Of<typeof DAY_KEYS>;

const commandHead = { totemId: id(), number: integer(1, SEQ_MAX), signature: signature() };

/** An order to one totem. `number` only rises; the totem keeps the last one on disk and obeys none twice. */
export const COMMAND = shape(
  "command",
  anyOf([
    record({ ...commandHead, kind: literal("identify") }),
    record({ ...commandHead, kind: literal("reload") }),
    record({ ...commandHead, kind: literal("resend"), epoch: epochId(), from: seq() }),
    record({ ...commandHead, kind: literal("collect-log") }),
    record({ ...commandHead, kind: literal("update"), version: text(40) }),
  ]),
);
export type Command = Of<typeof COMMAND>;

/** The answer to a command. */
export const REPLY = shape(
  "reply",
  record({ number: integer(1, SEQ_MAX), done: flag(), problem: nullable(reason()) }),
);
export type Reply = Of<typeof REPLY>;

/** Marks spent on one totem, for the other totems of its site. No arrival time. */
export const SPENT = shape("spent", record({ marks: list(hex(16), 20, 1), signature: signature() }));
export type Spent = Of<typeof SPENT>;
