/**
 * What the gateway needs from a database for its public log (promise 9). Part of the `Store` port.
 */
import type { LogEntry } from "#schemas/public-log.ts";
import type { NewLine, Opened, TotemDay } from "../proof/totem-day.ts";

/** How far the log goes. */
export type LogState = { readonly size: number; readonly hash: string };

/** A line of the log as it is published. */
export type LogLine = { readonly no: number; readonly entry: LogEntry; readonly head: string };

/** What a line's commitments hide: the seed and the exact counts. */
export type OpenedLine = { readonly no: number; readonly entry: LogEntry; readonly opened: Opened };

/** A totem as the log has to name it. */
export type LoggedTotem = {
  readonly totemId: string;
  readonly siteId: string;
  readonly publicKey: string;
  readonly enrolledMs: number;
  /** The key the log names last; null while it does not name the totem. */
  readonly loggedKey: string | null;
};

/** What is published of a month, frozen when its proof was made: votes that come later are in neither. */
export type FrozenMonth = {
  readonly month: string;
  readonly revision: number;
  /** The figures, as JSON, and both profiles of the month's file. */
  readonly figures: string;
  readonly csv: string;
  readonly csvExcelIt: string;
};

export type ProofStore = {
  readonly loggedTotems: () => Promise<readonly LoggedTotem[]>;
  /** Totem-days up to a day of which the log may have to say more, the oldest first. */
  readonly logDue: (
    throughDay: string,
    limit: number,
  ) => Promise<readonly { readonly totemId: string; readonly day: string }[]>;
  readonly totemDay: (totemId: string, day: string) => Promise<TotemDay>;
  /** Adds lines about a totem; with a day, the log has then said what there was to say of it. */
  readonly appendLog: (
    about: { readonly totemId: string; readonly day: string; readonly isDone: boolean },
    lines: readonly NewLine[],
  ) => Promise<void>;
  readonly logState: () => Promise<LogState>;
  readonly logLines: (fromNo: number, limit: number) => Promise<readonly LogLine[]>;
  /** Everything that can be opened of some days. */
  readonly openedLines: (span: {
    readonly fromDay: string;
    readonly toDay: string;
  }) => Promise<readonly OpenedLine[]>;
  readonly putLogCheckpoint: (size: number, text: string) => Promise<void>;
  /** The latest published proof of a month, signed, as JSON; null before it was published. */
  readonly monthProof: (month: string) => Promise<string | null>;
  readonly putMonthProof: (month: string, revision: number, text: string) => Promise<void>;
  /** The latest revision; null before a month was proved. */
  readonly frozenMonth: (month: string) => Promise<FrozenMonth | null>;
  readonly freezeMonth: (frozen: FrozenMonth) => Promise<void>;
  /** The signed checkpoints, as JSON, the oldest first. */
  readonly logCheckpoints: () => Promise<readonly string[]>;
};
