/**
 * The times and limits of a session, as settings with their defaults and the reason of each number.
 */
import { integer, record, type Static } from "./shape.ts";

const ms = (minimum: number, maximum: number) => integer(minimum, maximum);

export const SESSION_SETTINGS = record({
  awaitingFaceMs: ms(5_000, 300_000),
  reasonMs: ms(3_000, 120_000),
  thanksMs: ms(1_000, 30_000),
  refusedMs: ms(1_000, 30_000),
  repeatThanksMs: ms(1_000, 60_000),
  assistFactor: integer(1, 10),
  lockOutMs: ms(50, 5_000),
  releaseMs: ms(1, 200),
  stuckMs: ms(2_000, 60_000),
  floodPressesPerMinute: integer(5, 200),
  changesMax: integer(0, 10),
  testModeMs: ms(60_000, 3_600_000),
  savingMs: ms(1_000, 60_000),
});
export type SessionSettings = Static<typeof SESSION_SETTINGS>;

export const SESSION_DEFAULTS: SessionSettings = {
  // Long enough to read five words and walk a step; a forgotten session must not serve the next person.
  awaitingFaceMs: 30_000,
  // Reading four reasons takes a first-time user about ten seconds; twice that.
  reasonMs: 20_000,
  // Thanks must be seen by somebody already turning away.
  thanksMs: 3_000,
  refusedMs: 3_000,
  // People show the code twice when they are not sure it was read.
  repeatThanksMs: 10_000,
  // EN 301 549 asks for adjustable times; four times is the design's choice.
  assistFactor: 4,
  // EN 301 549 clause 5.8: same key lock-out adjustable up to at least 0.5 s.
  lockOutMs: 500,
  // A release counts once the contact was open this long. Good switches bounce for 6.2 ms at most, worn ones chatter
  // for longer when they are let go, long after the lock-out of a slow press; no finger is back within 50 ms.
  releaseMs: 50,
  // Nobody leans on a key for ten seconds; a jammed one does.
  stuckMs: 10_000,
  // One press every three seconds for a whole minute is no citizen.
  floodPressesPerMinute: 20,
  // Changing one's mind is allowed, playing with it is not.
  changesMax: 3,
  // A technician who walks away must not leave a totem that counts nothing.
  testModeMs: 900_000,
  // Consumer SD cards stall for up to 5 s while they collect garbage; twice that means the journal is gone.
  savingMs: 10_000,
};
