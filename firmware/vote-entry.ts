/**
 * The journal's form of a vote: what the citizen chose, with the time and wording it answered. Pure.
 */
import type { Mode } from "#schemas/code-list.ts";
import type { VoteEntry } from "#schemas/entry.ts";
import type { EntryTime } from "#schemas/time.ts";
import type { Draft } from "./session/events.ts";

/** A draft as the journal stores it. */
export function voteEntryOf(
  draft: Draft,
  at: { readonly time: EntryTime; readonly wording: number; readonly mode: Mode },
): VoteEntry {
  const { profile, proof, issuerKeyId, minute, mark, service } = draft.ticket;
  return {
    kind: "vote",
    time: at.time,
    id: draft.voteId,
    service,
    wording: at.wording,
    face: draft.face,
    reason: draft.reason,
    mode: at.mode,
    ticket: { profile, proof, issuerKeyId, minute, mark },
    flags: [...draft.flags],
  };
}
