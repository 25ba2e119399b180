/**
 * The alarms of a gateway. What each means and what to do is told in `gateway/guides/alarms.md`, and in Italian beside it.
 */

export const ALARM_CODES = [
  "backup-failed",
  "batch-quarantined",
  "epoch-missing",
  "forked",
  "many-red",
  "message-quarantined",
  "month-unpublished",
  "ordinal-skipped",
  "quarantine-full",
  "recount-mismatch",
  "rolled-back",
  "statement-differs",
  "statement-refused",
  "totem-silent",
] as const;
export type AlarmCode = (typeof ALARM_CODES)[number];
