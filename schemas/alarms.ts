/**
 * The alarms of a gateway. What each means and what to do is told in `gateway/guides/alarms.md`, and in Italian beside it.
 */

export const ALARM_CODES = [
  "backup-failed",
  "batch-quarantined",
  "clock-off",
  "clock-untrusted",
  "disk-nearly-full",
  "epoch-missing",
  "forked",
  "key-stuck",
  "key-worn",
  "many-red",
  "message-quarantined",
  "month-unpublished",
  "ordinal-skipped",
  "quarantine-full",
  "queue-growing",
  "recount-mismatch",
  "rolled-back",
  "scanner-unplugged",
  "statement-differs",
  "statement-refused",
  "storage-unsafe",
  "too-hot",
  "totem-silent",
  "under-voltage",
] as const;
export type AlarmCode = (typeof ALARM_CODES)[number];

/** Longest note with which somebody says that they look after an alarm: a sentence, and a ticket's number. */
export const ALARM_NOTE_MAX = 200;
