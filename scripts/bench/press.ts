/**
 * How fast a press is answered and thanked for, and what our own software adds to the disk's share of it.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { FACES } from "#schemas/code-list.ts";
import { openBareInsert } from "./bare-insert.ts";
import type { Measurement, Place, Size } from "./measurement.ts";
import { pause } from "./program.ts";
import { type Goal, judged, type Row, told } from "./row.ts";
import { percentile, ratio } from "./statistics.ts";
import { type Answers, openTimedTotem } from "./timed-totem.ts";

/** A thousand presses put ten above the 99th percentile. */
const PRESSES: Readonly<Record<Size, number>> = { full: 1_000, short: 300, tiny: 3 };
/** Before the first one that counts: what the first people of a day meet is compiled code too. */
const WARM_UP: Readonly<Record<Size, number>> = { full: 30, short: 30, tiny: 0 };
/** Keys are pressed in turn, each again after 3 of these: a finger stays 90 ms, and 10 ms end the press. */
const BETWEEN_MS = 40;

const ANSWER_GOAL: Goal = {
  kind: "at most",
  value: 30,
  reason: "30 ms after debounce; from about 100 ms on people take the click for somebody else's",
};
const COMMIT_GOAL: Goal = {
  kind: "at most",
  value: 30,
  reason: "thanks come with the click or they are not seen by somebody who turns away",
};
const SHARE_GOAL: Goal = {
  kind: "at most",
  value: 2,
  reason: "the disk is the totem's, everything beyond a bare insert is ours",
};

/** As long as a vote's text in the journal. */
const ROW_TEXT = "x".repeat(480);

export const PRESS: Measurement = {
  name: "press",
  about: "key edge to click and lamp, and to draft committed and thanks shown (simulated devices)",
  run: async (size, place) => rowsOf(await measure(size, place)),
};

type Measured = { readonly answers: readonly Answers[]; readonly bareMs: readonly number[] };

async function measure(size: Size, { dir, say }: Place): Promise<Measured> {
  const dataDir = join(dir, "totem");
  mkdirSync(dataDir);
  const totem = await openTimedTotem(dataDir);
  const bare = openBareInsert(dir);
  const answers: Answers[] = [];
  const bareMs: number[] = [];
  const count = PRESSES[size];
  try {
    for (let number = -WARM_UP[size]; number < count; number++) {
      await totem.greet();
      await pause(BETWEEN_MS);
      const answer = await totem.press(FACES[(number + WARM_UP[size]) % FACES.length] ?? "green");
      // Interleaved: both meet the same disk in the same mood.
      const insertMs = bare.timed(ROW_TEXT);
      if (number < 0) continue;
      answers.push(answer);
      bareMs.push(insertMs);
      if (number % 100 === 99) say(`${number + 1} of ${count} presses`);
    }
  } finally {
    await totem.close();
    bare.close();
  }
  return { answers, bareMs };
}

function rowsOf({ answers, bareMs }: Measured): readonly Row[] {
  const thanked = answers.map(({ thankedMs }) => thankedMs);
  const answered = answers.map(({ answeredMs }) => answeredMs);
  const devices = "simulated devices; a real kernel's GPIO is measured in the lab";
  const [ours, limit] = [percentile(thanked, 99), percentile(bareMs, 99)];
  return [
    judged("key edge to click and lamp, p99", percentile(answered, 99), "ms", {
      goal: ANSWER_GOAL,
      note: devices,
    }),
    judged("key edge to draft committed and thanks shown, p99", ours, "ms", {
      goal: COMMIT_GOAL,
      note: `${devices}; median ${percentile(thanked, 50).toFixed(2)} ms`,
    }),
    told(
      "limit: bare one-row insert, synchronous=FULL, p99",
      limit,
      "ms",
      `median ${percentile(bareMs, 50).toFixed(2)} ms; one after each press, same disk`,
    ),
    judged("press to thanks against a bare insert, p99 to p99", ratio(ours, limit), "x", {
      goal: SHARE_GOAL,
    }),
  ];
}
