/**
 * Self-tests for tests of something else: over at once with a result, or broken.
 */
import type { RunningSelfTest, SelfTest } from "../ports.ts";
import { viewWhile } from "./items.ts";

/** A self-test that asks for nothing. */
export function promptSelfTest(outcome: boolean | Error): SelfTest {
  return {
    begin: (): RunningSelfTest => ({
      pressed: () => undefined,
      scanned: () => undefined,
      edge: () => undefined,
      tick: () => undefined,
      nextDeadlineMs: () => null,
      view: () => viewWhile(null),
      progress: () => null,
      giveUp: () => undefined,
      done: outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome),
    }),
  };
}
