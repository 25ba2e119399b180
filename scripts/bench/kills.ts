/**
 * Votes lost, doubled or invented when the real firmware is killed again and again (SIGKILL), at every named step of a
 * vote's way, while it talks to the real gateway.
 */
import type { KillsResult } from "../kills/run-kills.ts";
import { runKills } from "../kills/run-kills.ts";
import type { Measurement, Size } from "./measurement.ts";
import { type Goal, judged, type Row, told } from "./row.ts";

const CUTS: Readonly<Record<Size, number>> = { full: 1_000, short: 50, tiny: 2 };
/** The same cuts each time, so that a failure can be looked at again. */
const SEED = 2;
/** Words of what did not add up, told in a note. */
const PROBLEMS_TOLD = 3;

const KILLS_GOAL: Goal = { kind: "at most", value: 0, reason: "promises 1, 2 and 3 know no exception" };

export const KILLS: Measurement = {
  name: "kills",
  about: "votes lost, doubled or invented when the firmware is killed at every step of a vote's way",
  run: async (size, { dir, say }) => {
    const kills = CUTS[size];
    const onProgress = (done: number) => {
      if (done % Math.ceil(kills / 10) === 0) say(`${done} of ${kills} power cuts`);
    };
    return killRows(await runKills({ kills, seed: SEED, folder: dir, onProgress }));
  },
};

/** What the cuts found, added up. */
export function killRows(result: KillsResult): readonly Row[] {
  const { lost, doubled, ghosts, changed, ticketsWrong, problems } = result;
  const wrong = { lost, doubled, invented: ghosts, changed, "with a wrong ticket": ticketsWrong };
  const words = Object.entries(wrong)
    .filter(([, marks]) => marks.length > 0)
    .map(([name, marks]) => `${marks.length} ${name}`);
  const faults = Object.values(wrong).reduce((sum, marks) => sum + marks.length, problems.length);
  const note =
    faults === 0
      ? "thanked for means counted once; cut off before its commit means no vote; all sums agree"
      : [...words, ...problems.slice(0, PROBLEMS_TOLD)].join("; ");
  return [
    judged(
      `votes lost, doubled, invented or changed by ${result.kills} power cuts of the real firmware`,
      faults,
      "votes",
      { goal: KILLS_GOAL, note },
    ),
    told("votes thanked for between these power cuts", result.thanked, "votes"),
  ];
}
