/**
 * At which step, and at which of its occurrences after a start, each power cut comes. Pure: a seed gives the same plan.
 */
import { STEPS, type StepName } from "#firmware/steps.ts";
import { seeded } from "#schemas/seeded.fixture.ts";

export type Cut = { readonly step: StepName; readonly occurrence: number };

/**
 * The latest occurrence tried, so that cuts come in the start, in the first session and in later ones, and a run stays
 * short. A start prunes in two rounds: one that deletes and one that finds nothing more.
 */
const OCCURRENCE_MAX: Readonly<Record<StepName, number>> = {
  "draft:before-commit": 6,
  "draft:after-commit": 6,
  "draft:after-thanks": 6,
  "seal:before-commit": 4,
  "seal:after-commit": 4,
  "send:before-publish": 4,
  "send:after-publish": 4,
  "receipt:before-commit": 4,
  "receipt:after-commit": 4,
  "prune:before-commit": 2,
  "prune:after-commit": 2,
};

/** Every step equally often, in an order of chance. */
export function planCuts(count: number, seed: number): readonly Cut[] {
  const random = seeded(seed);
  const cuts = Array.from({ length: count }, (_, index): Cut => {
    const step = STEPS[index % STEPS.length] as StepName;
    return { step, occurrence: 1 + random.below(OCCURRENCE_MAX[step]) };
  });
  for (let last = cuts.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [cuts[last], cuts[other]] = [cuts[other] as Cut, cuts[last] as Cut];
  }
  return cuts;
}
