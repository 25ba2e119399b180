/**
 * Named moments on a vote's way, published on a diagnostics channel. Nobody listens in service; a test that kills the
 * power at one of them subscribes from outside, so the firmware needs no test doors.
 */
import { channel } from "node:diagnostics_channel";

export const STEPS = [
  "draft:before-commit",
  "draft:after-commit",
  "draft:after-thanks",
  "seal:before-commit",
  "seal:after-commit",
  "send:before-publish",
  "send:after-publish",
  "receipt:before-commit",
  "receipt:after-commit",
  "prune:before-commit",
  "prune:after-commit",
] as const;
export type StepName = (typeof STEPS)[number];

/** The channel's name, for whoever subscribes from outside. */
export const STEPS_CHANNEL = "faccine:step";

const steps = channel(STEPS_CHANNEL);

/** Says that the firmware has come to this moment. */
export function reached(step: StepName): void {
  if (steps.hasSubscribers) steps.publish(step);
}
