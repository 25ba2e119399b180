/**
 * What the gateway needs from a database about alarms: those that stand, who has seen them, and their end. Part of the `Store` port.
 */
import type { AlarmCode } from "#schemas/alarms.ts";
import type { Deed } from "./account-store.ts";

/** Somebody has seen an alarm and looks after it. */
export type Acknowledgement = {
  /** An account's or a token's name, or what stands for whoever sits at the gateway itself. */
  readonly by: string;
  /** What they wrote, at most `ALARM_NOTE_MAX` characters; may be empty. */
  readonly note: string;
  readonly atMs: number;
};

export type Alarm = {
  readonly code: AlarmCode;
  /** A totem id, or empty for the gateway itself. */
  readonly subject: string;
  readonly detail: string;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly times: number;
  readonly acknowledged: Acknowledgement | null;
};

/** An alarm that is over. */
export type ClearedAlarm = Alarm & { readonly clearedMs: number };

export type AlarmStore = {
  readonly raiseAlarm: (code: AlarmCode, subject: string, detail: string, atMs: number) => Promise<void>;
  /** Its acknowledgement ends with it: should it come back, it is news again. */
  readonly clearAlarm: (code: AlarmCode, subject: string, atMs: number) => Promise<void>;
  /** The latest acknowledgement counts. False, and nothing in the log, when no such alarm stands. */
  readonly acknowledgeAlarm: (
    code: AlarmCode,
    subject: string,
    seen: Acknowledgement,
    deed: Deed,
  ) => Promise<boolean>;
  /** Those that stand, by code and subject. */
  readonly alarms: () => Promise<readonly Alarm[]>;
  /** The last ones that ended, the newest first. */
  readonly clearedAlarms: (limit: number) => Promise<readonly ClearedAlarm[]>;
};
