/**
 * Everything a totem can report as broken or recovered. A code is never reused for something else; the runbooks and
 * the fleet page are checked against this list.
 */

export const FAULT_CODES = [
  /** A key was active for longer than the limit; it is masked until released. */
  "key-stuck",
  /** More presses a minute on one key than a person makes; votes meanwhile carry the flag. */
  "key-flood",
  /** The scanner's port vanished. */
  "scanner-unplugged",
  /** The key lines or the keypad could not be had, or were lost; nobody can vote until they are back. */
  "keys-unreachable",
  /** The kernel dropped edges because nobody read them in time: a press may be missing. */
  "edges-lost",
  /** The lamps' and the buzzer's lines could not be had, or were lost; votes still count. */
  "lamps-unreachable",
  /** The voice cannot be heard; everything else works. */
  "voice-failed",
  /** The journal could not commit; the totem said so openly and took no vote. */
  "journal-failed",
  /** The journal file was damaged; it was set aside and a new one begun. */
  "journal-damaged",
  /** The data file system is full. */
  "disk-full",
  /** The data folder is on a file system that a power cut empties. */
  "volatile-data",
  /** The wall clock cannot be believed: neither NTP nor a signed receipt has set it in this boot. */
  "clock-untrusted",
  /** The gateway rejected an entry inside a verified batch. */
  "entry-rejected",
  /** A receipt named another chain head than the journal's. */
  "head-mismatch",
  /** A signed downlink (settings, command, receipt) failed its check. */
  "downlink-refused",
] as const;
export type FaultCode = (typeof FAULT_CODES)[number];
