/**
 * A fault planted on purpose: preloaded into the firmware, it makes the journal say "committed" a moment before it
 * commits. Whoever checks power cuts must find the votes that are lost by it.
 */
import { JournalFile } from "#firmware/journal/journal-file.ts";
import { ok } from "#schemas/result.ts";

/** Long enough that the thanks are seen before the commit begins. */
const EARLY_MS = 100;

const commit = JournalFile.prototype.commitDraft;
JournalFile.prototype.commitDraft = function (vote) {
  setTimeout(() => commit.call(this, vote), EARLY_MS);
  return ok(null);
};
