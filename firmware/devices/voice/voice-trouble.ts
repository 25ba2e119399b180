/**
 * What a voice tells of its failures, and when it is looked at again. Plays nothing itself.
 */
import type { DeviceFault, Log } from "../../ports.ts";
import { type BackOff, retryMs } from "../back-off.ts";
import { FaultTeller } from "../fault-teller.ts";

/** Why nothing was heard: a category, never the phrase. What is said may be the name of a chosen key. */
export type Trouble = "no-recording" | "no-player" | "player-failed" | "player-hung";

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
    /** `null` is a phrase, or a silence, that was played to its end. */
    judge: (next: Trouble | null) => {
      const before = trouble;
      clearTimeout(again);
      if (before === "no-recording" && next === null && !isComplete()) trouble = before;
      else trouble = next;
      failures = trouble === null ? 0 : failures + 1;
      if (trouble !== null) lookLater();
      if (trouble !== null && trouble !== before) log.warn("voice-failed", { why: trouble });
      faults.tell("voice-failed", trouble === null ? "recovered" : "failed");
    },
    onFault: (listener: (fault: DeviceFault) => void) => faults.onFault(listener),
    close: () => {
      clearTimeout(again);
      faults.close();
    },
  };
}
