/**
 * What a totem needs from the world, and nothing about how it is had. Real and simulated devices implement these and
 * pass the same contract tests.
 */
import type { Key, Mode } from "#schemas/code-list.ts";
import type { KeyScope } from "#schemas/day-keys.ts";
import type { Entry, VoteEntry } from "#schemas/entry.ts";
import type { FaultCode } from "#schemas/fault-codes.ts";
import type { LocalDay } from "#schemas/local-day.ts";
import type { DayKeys, EpochState, Receipt, SiteSettings } from "#schemas/messages.ts";
import type { Range } from "#schemas/ranges.ts";
import type { Result } from "#schemas/result.ts";
import type { SealedKeys } from "#schemas/sealed-keys.ts";
import type { ReadinessReport, SelfTestProgress } from "#schemas/self-test.ts";
import type { EntryTime } from "#schemas/time.ts";
import type { VoiceLanguage } from "#schemas/voice-texts.ts";
import type { PruneTerms, StatementRequest } from "./journal-terms.ts";
import type { JournalFailure, Judgement, Phrase, Sound } from "./session/events.ts";
import type { View } from "./session/view.ts";
import type { TicketKeys } from "./tickets/reading.ts";

/** Stops what an `on...` call started. */
export type Unsubscribe = () => void;

/** Time: monotonic for waiting, wall for records. */
export type Clock = {
  /** Monotonic milliseconds, never back. */
  readonly nowMs: () => number;
  /** The four facts stored with an entry. */
  readonly entryTime: () => EntryTime;
  /** Calls back once at a monotonic time. A later call replaces the earlier one; null only cancels. */
  readonly wakeAt: (atMs: number | null, wake: () => void) => void;
  /** A signed receipt's time: it sets a clock that nothing else has set in this boot. */
  readonly timeReceived: (timeMs: number) => void;
};

/** A key's level changed. `initial` is true for a key found active when the lines were first read. */
export type KeyEdge = {
  readonly key: Key;
  readonly active: boolean;
  readonly atMs: number;
  readonly initial: boolean;
};

/** A device's own trouble, or its end. `part` names which one, where there are several. */
export type DeviceFault = {
  readonly code: FaultCode;
  readonly state: "failed" | "recovered";
  readonly part: string | null;
};

export type Keys = {
  readonly onEdge: (listener: (edge: KeyEdge) => void) => Unsubscribe;
  /** Tells at once what is broken already. */
  readonly onFault: (listener: (fault: DeviceFault) => void) => Unsubscribe;
  /** Edges the kernel dropped since the start, seen as gaps in its numbering. */
  readonly lostEdges: () => number;
};

/** Keys whose kernel debounce can be switched off for a while, to see how worn their contacts are. */
export type WatchableKeys = Keys & {
  /** Until unsubscribed, `onEdge` tells every edge of the contacts themselves. */
  readonly watchContacts?: () => Unsubscribe;
};

/** What the scanner has to say: a text it read, or that it came or went. Texts are judged and forgotten at once. */
export type ScannerEvent =
  | { readonly type: "scanned"; readonly text: string }
  /** A code longer than any ticket: its text was never kept. */
  | { readonly type: "overlong"; readonly length: number }
  | { readonly type: "unplugged" }
  | { readonly type: "plugged" };

export type Scanner = {
  readonly isReady: () => boolean;
  readonly onEvent: (listener: (event: ScannerEvent) => void) => Unsubscribe;
};

/** Lamps, pictograms, buzzer and voice. */
export type Indicators = {
  readonly show: (view: View) => void;
  readonly play: (sound: Sound) => void;
  readonly say: (phrase: Phrase, language: VoiceLanguage) => void;
  /** Tells at once when headphones are in already. */
  readonly onHeadphones: (listener: (plugged: boolean) => void) => Unsubscribe;
  /** Tells at once what is broken already. */
  readonly onFault: (listener: (fault: DeviceFault) => void) => Unsubscribe;
};

/** What speaks to people; it fails alone, and nothing waits for it. A new phrase cuts the one being said. */
export type Voice = {
  readonly say: (phrase: Phrase, language: VoiceLanguage) => void;
  /** Tells at once what is broken already. */
  readonly onFault: (listener: (fault: DeviceFault) => void) => Unsubscribe;
  readonly close: () => Promise<void>;
};

export type JournalResult<T> = Result<T, JournalFailure>;

/** How full the journal is: captured = acknowledged + pending, over entries of every kind (promise 6). */
export type JournalSums = {
  readonly captured: number;
  readonly acknowledged: number;
  readonly pending: number;
  readonly pendingBytes: number;
  /** Wall time of the oldest entry not yet receipted, or null. */
  readonly oldestPendingMs: number | null;
  /** Epochs that are not closed; `openEpochs` lists only the oldest of very many. */
  readonly openEpochs: number;
};

/** Where sending stands in one epoch: `received` are the runs of entries the gateway has receipted, in order. */
export type EpochProgress = EpochState & { readonly received: readonly Range[] };

/** A signed batch ready for the wire. */
export type SignedBatch = {
  readonly epoch: string;
  readonly first: number;
  readonly last: number;
  readonly text: string;
};

/** What applying a receipt did. */
export type ReceiptOutcome = {
  readonly acknowledged: number;
  readonly headMismatch: boolean;
  /** Entries the gateway refused inside a verified batch. */
  readonly rejected: readonly { seq: number; reason: string }[];
};

/** The totem's durable memory. Every promise is kept only once it has resolved with `ok`. */
export type Journal = {
  /** Stores the vote as it stands and spends its ticket, in one transaction; replaces its own earlier form. */
  readonly commitDraft: (vote: VoteEntry) => Promise<JournalResult<null>>;
  /** Moves the stored draft into the chain; `ok` also when there was none. */
  readonly sealDraft: (time: EntryTime) => Promise<JournalResult<null>>;
  readonly append: (entry: Entry) => Promise<JournalResult<null>>;
  readonly probe: () => Promise<JournalResult<null>>;
  readonly isSpent: (mark: string) => Promise<boolean>;
  readonly sums: () => Promise<JournalSums>;
  /** The oldest epochs that are not closed, at most as many as a hello names, and the newest one last. */
  readonly openEpochs: () => Promise<readonly EpochProgress[]>;
  readonly readBatch: (epoch: string, from: number, to: number) => Promise<SignedBatch | null>;
  readonly applyReceipt: (receipt: Receipt) => Promise<JournalResult<ReceiptOutcome>>;
  /** Entries of an epoch from `from` on are to be sent again; what is no longer held becomes a `lost` entry. */
  readonly resendFrom: (
    epoch: string,
    from: number,
    time: EntryTime,
  ) => Promise<JournalResult<"resending" | "unknown-epoch">>;
  /**
   * Deletes receipted entries and marks whose term is over, a bounded number at once, and says how many entries: until it is 0
   * there may be more.
   */
  readonly prune: (terms: PruneTerms) => Promise<JournalResult<number>>;
  /**
   * Writes the signed statement of the first day that has none yet, and gives the day: until it gives null there may be more. What is
   * not stated is not deleted.
   */
  readonly stateNextDay: (request: StatementRequest) => Promise<JournalResult<LocalDay | null>>;
  /** Small durable values: the last obeyed command, the last signed settings, the latest trusted time. */
  readonly keep: (name: string, value: string) => Promise<JournalResult<null>>;
  readonly kept: (name: string) => Promise<string | null>;
  readonly close: () => Promise<void>;
};

/** The keys of the day, kept through restarts. */
export type DayKeyring = TicketKeys & {
  /** Keys of a day from the gateway. @param today null without the time. @returns false when they are not taken. */
  readonly take: (keys: SealedKeys, day: LocalDay, today: LocalDay | null) => boolean;
  /** Destroys the keys of all days before one. @throws when that cannot be written. */
  readonly destroyBefore: (day: LocalDay) => void;
  /** Of each scope the first day there is a key of. */
  readonly oldestDays: () => ReadonlyMap<KeyScope, LocalDay>;
};

/** The way to the gateway. */
export type Uplink = {
  /** The journal has entries that it had not when last asked. */
  readonly entriesWaiting: () => void;
  readonly isConnected: () => boolean;
  /** A ticket was taken here: the other totems of the site must refuse it. */
  readonly ticketSpent: (mark: string) => void;
  readonly publishHealth: (health: object) => void;
  /** What a self-test found, now or as soon as the gateway can be reached, also after a restart. */
  readonly tellReadiness: (report: ReadinessReport) => void;
  readonly close: () => Promise<void>;
};

/** What the world tells the totem through the uplink. */
export type UplinkListener = {
  readonly onSettings: (settings: SiteSettings) => void;
  /** The gateway's word that it comes from the gateway and is for this totem; what it seals is still sealed. */
  readonly onKeys: (keys: DayKeys) => Promise<void>;
  readonly onTime: (timeMs: number) => void;
  /** Something on the topic of a totem of this site, not looked at yet. */
  readonly onSpent: (totemId: string, payload: Buffer) => void;
  readonly onFault: (code: FaultCode, part: string | null) => void;
  readonly onConnection: (connected: boolean) => void;
  readonly onIdentify: () => void;
};

/** A log line is an event's name and fields; never a choice, never a scanned text. */
export type Log = {
  readonly info: (event: string, fields?: Readonly<Record<string, unknown>>) => void;
  readonly warn: (event: string, fields?: Readonly<Record<string, unknown>>) => void;
  readonly error: (event: string, fields?: Readonly<Record<string, unknown>>) => void;
};

/** A self-test on its way. It is told what happens at the totem, and says what is to be lit. */
export type RunningSelfTest = {
  readonly pressed: (key: Key) => void;
  /** A code was read; its text goes nowhere. */
  readonly scanned: (length: number) => void;
  readonly edge: (edge: KeyEdge) => void;
  readonly tick: () => void;
  readonly nextDeadlineMs: () => number | null;
  readonly view: () => View;
  readonly progress: () => SelfTestProgress | null;
  /** Gives up: what was not tested is not in the report. */
  readonly giveUp: () => void;
  /** Whether it passed, once its report is written. */
  readonly done: Promise<boolean>;
};

export type SelfTest = {
  /** `onChange` is called when what is lit or waited for has changed. */
  readonly begin: (onChange: () => void) => RunningSelfTest;
};

/** How a scanned text is judged; the text goes no further. */
export type TicketJudge = {
  readonly judge: (text: string, at: { readonly time: EntryTime; readonly mode: Mode }) => Promise<Judgement>;
};
