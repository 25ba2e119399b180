/**
 * The scanner unplugged and plugged in again in the middle of a code, 200 times: on the serial port and as a keyboard.
 */
import type { Measurement, Size } from "../../bench/measurement.ts";
import { judged, type Row } from "../../bench/row.ts";
import type { UnplugJob, UnplugResult } from "../guest/unplug.ts";
import { runGuest, setUp, virtualTimeFrom } from "../place.ts";

const TIMES: Readonly<Record<Size, number>> = { full: 200, short: 10, tiny: 6 };
const LIMIT_MS = 600_000;

export const PLUGS_SCENARIO: Measurement = {
  name: "plugs",
  about: "the scanner's plug pulled in the middle of a code, as a serial port and as a keyboard",
  run: async (size, place) => {
    const bench = await setUp(place);
    const rows: Row[] = [];
    for (const kind of ["serial", "hid"] as const) {
      const { totem, folder } = await bench.totemInMemory(TIMES[size]);
      const job: UnplugJob = { env: totem.env, tickets: totem.tickets, kind };
      const result = await runGuest<UnplugResult>({
        ...bench,
        name: "unplug",
        program: "unplug.ts",
        job,
        folder,
        kernelArgs: virtualTimeFrom(Date.now()),
        limitMs: LIMIT_MS,
      });
      rows.push(...rowsOf(kind, result));
    }
    return rows;
  },
};

function rowsOf(kind: string, result: UnplugResult): readonly Row[] {
  const none = {
    kind: "at most",
    value: 0,
    reason: "half a code is nobody's, and the next whole one is",
  } as const;
  return [
    judged(
      `plugs: codes not taken after ${result.times} plugs in mid-code (${kind})`,
      result.times - result.taken,
      "votes",
      {
        goal: none,
      },
    ),
    judged(
      `plugs: files the firmware holds more than before (${kind})`,
      Math.max(0, result.filesAfter - result.filesBefore),
      "files",
      {
        goal: none,
        note: `${result.filesBefore}, then ${result.filesAfter}; ${result.memoryMb.toFixed(0)} MB resident at the end`,
      },
    ),
  ];
}
