/**
 * What a voice tells of its failures, and when it is looked at again. Plays nothing itself.
 */
import type { DeviceFault, Log } from "../../ports.ts";
import { type BackOff, retryMs } from "../back-off.ts";
import { FaultTeller } from "../fault-teller.ts";

/** Why nothing was heard: a category, never the phrase. What is said may be the name of a chosen key. */
export type Trouble = "no-recording" | "no-player" | "player-failed" | "player-hung";

/** What was played; that a recording is missing is known without playing any. */
export type Played = "phrase" | "silence";

export type Judge = (trouble: Trouble | null, by: Played) => void;

/**
 * A voice that failed is looked at again: a loudspeaker's plug is put back within a minute of a technician's visit, and a
 * tenth of a second of silence every minute disturbs nobody.
 */
const LOOK_AGAIN: BackOff = { firstMs: 5_000, slowestMs: 60_000 };

/**
 * Tells a failure once, and its end once: one missing recording among others that play is no coming and going. While it
 * lasts, `look` is called now and then.
 */
export function openVoiceTrouble(log: Pick<Log, "warn">, isComplete: () => boolean, look: () => void) {
  const faults = new FaultTeller();
  let trouble: Trouble | null = null;
  let foundBy: Played = "silence";
  let isClosed = false;
  let failures = 0;
  let again: NodeJS.Timeout | undefined;
  /** A look while something is said comes to nothing, and so may what is said: hence the next one is set first. */
  const lookLater = () => {
    clearTimeout(again);
    again = setTimeout(
      () => {
        lookLater();
        look();
      },
      retryMs(LOOK_AGAIN, failures),
    );
  };
  return {
    /**
     * `null` is what was played to its end. A silence says nothing of a recording that could not be played: what a phrase found
     * only a phrase ends, unless a silence failed as well since.
     */
    judge: ((next, by) => {
      if (isClosed) return;
      const before = trouble;
      clearTimeout(again);
      const isUnheard = next === null && by === "silence" && foundBy === "phrase";
      const isMissing = next === null && before === "no-recording" && !isComplete();
      if (!isUnheard && !isMissing) {
        trouble = next;
        foundBy = by;
      }
      failures = trouble === null ? 0 : failures + 1;
      if (trouble !== null) lookLater();
      if (trouble !== null && trouble !== before) log.warn("voice-failed", { why: trouble });
      faults.tell("voice-failed", trouble === null ? "recovered" : "failed");
    }) satisfies Judge,
    onFault: (listener: (fault: DeviceFault) => void) => faults.onFault(listener),
    close: () => {
      isClosed = true;
      clearTimeout(again);
      faults.close();
    },
  };
}
