/**
 * The self-test by a technician's hands: sound, and with two cables crossed; on a disk, because a totem whose votes would lie
 * in memory is not ready.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Measurement } from "../../bench/measurement.ts";
import { newDisk } from "../machine.ts";
import { DISK_BYTES, setUp } from "../place.ts";
import { checkedGuest } from "./checks.ts";

/** Two tests of twenty presses a second apart, the machine's start, and as much again many times over. */
const LIMIT_MS = 600_000;

export const SELF_TEST_SCENARIO: Measurement = {
  name: "self-test",
  about: "the guided self-test on bouncing keys and real lines, sound and with two cables crossed",
  run: async (_, place) => {
    const bench = await setUp(place);
    const [empty, disk] = [join(place.dir, "empty"), join(place.dir, "disk.ext4")];
    mkdirSync(empty);
    newDisk(disk, DISK_BYTES, empty);
    const machine = { ...bench, program: "self-test.ts", disk, limitMs: LIMIT_MS };
    return [
      await checkedGuest(place, machine, {
        name: "self-test: what a technician with two hands found wrong with it",
        unit: "checks",
        goal: { kind: "at most", value: 0, reason: "a report that is signed must be right" },
      }),
    ];
  },
};
