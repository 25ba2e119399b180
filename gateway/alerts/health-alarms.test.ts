import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AlarmCode } from "#schemas/alarms.ts";
import { KEYS } from "#schemas/code-list.ts";
import type { Health } from "#schemas/messages.ts";
import { HOUR_MS, MINUTE_MS } from "#schemas/time.ts";
import type { Alarm } from "../store/alarm-store.ts";
import { diskAlarm, HEALTH_ALARMS, healthAlarms } from "./health-alarms.ts";

const NOW_MS = Date.UTC(2026, 10, 27, 9);
const WELL: Health = {
  ...{ timeMs: NOW_MS, uptimeMs: 5 * HOUR_MS, queue: { entries: 0, bytes: 0 }, captured: 7, acknowledged: 7 },
  ...{ oldestUnsentMs: null, disk: { freeBytes: 500, totalBytes: 1_000 } },
  ...{ mount: { fileSystem: "ext4", persistent: true, readOnly: false }, clock: "trusted" },
  ...{
    temperatureMilliCelsius: 51_200,
    underVoltage: false,
    scanner: "ready",
    totalPresses: 9,
    lostEdges: 0,
  },
  keys: KEYS.map((key) => ({ key, bounce: "clean", state: "fine" })),
};
const keyed = (key: string, state: "worn" | "stuck"): Partial<Health> => ({
  keys: WELL.keys.map((one) => (one.key === key ? { ...one, state } : one)),
});
const look = (health: Partial<Health>, standing: readonly Alarm[] = [], nowMs = NOW_MS) =>
  healthAlarms({ totemId: "totem-1", health: { ...WELL, ...health }, healthMs: NOW_MS }, standing, nowMs);
const standing = (code: AlarmCode, lastMs: number, subject = "totem-1"): Alarm => ({
  ...{ code, subject, detail: "", firstMs: lastMs, lastMs, times: 1, acknowledged: null },
});

/** What is wrong, just not wrong enough, the alarm and what it says. */
const TROUBLES: readonly (readonly [AlarmCode, Partial<Health>, Partial<Health>, string])[] = [
  [
    "clock-off",
    { timeMs: NOW_MS - 2 * MINUTE_MS },
    { timeMs: NOW_MS - 2 * MINUTE_MS + 1 },
    "its clock is 2 minutes off",
  ],
  [
    "clock-untrusted",
    { clock: "untrusted", uptimeMs: HOUR_MS },
    { clock: "untrusted", uptimeMs: HOUR_MS - 1 },
    "nothing has set its clock since it was started",
  ],
  [
    "disk-nearly-full",
    { disk: { freeBytes: 2 ** 20, totalBytes: 2 ** 24 } },
    { disk: { freeBytes: 2 ** 20, totalBytes: 10 * 2 ** 20 } },
    "1 of 16 MiB are free",
  ],
  ["key-stuck", keyed("red", "stuck"), {}, "stuck and left out: red"],
  ["key-worn", keyed("wait", "worn"), {}, "worn: wait"],
  [
    "queue-growing",
    { oldestUnsentMs: 90 * MINUTE_MS, queue: { entries: 12, bytes: 9 } },
    { oldestUnsentMs: HOUR_MS - 1, queue: { entries: 12, bytes: 9 } },
    "12 entries wait, the oldest for 90 minutes",
  ],
  ["scanner-unplugged", { scanner: "unplugged" }, {}, "no receipt can be scanned there"],
  [
    "storage-unsafe",
    { mount: { fileSystem: "tmpfs", persistent: false, readOnly: false } },
    {},
    "votes lie on tmpfs, gone with the power",
  ],
  ["too-hot", { temperatureMilliCelsius: 80_000 }, { temperatureMilliCelsius: 79_999 }, "80 °C"],
  ["under-voltage", { underVoltage: true }, { underVoltage: null }, "its power supply is too weak"],
];

describe("a totem's health", () => {
  it("that is good calls for nothing", () => {
    expect(look({})).toEqual({ raise: [], clear: [] });
  });

  it.each(TROUBLES)("raises %s, and not a moment too early", (code, bad, almost, detail) => {
    expect(look(bad).raise).toEqual([{ code, detail }]);
    expect(look(almost).raise).toEqual([]);
  });

  it("has a trouble here for every alarm it can raise", () => {
    expect(TROUBLES.map(([code]) => code)).toEqual(HEALTH_ALARMS);
  });

  it("tells of a disk that became read-only", () => {
    const mount = { fileSystem: "ext4", persistent: true, readOnly: true };
    expect(look({ mount }).raise).toMatchObject([
      { code: "storage-unsafe", detail: expect.stringMatching(/cannot be written/) },
    ]);
  });

  it("that is old says nothing, good or bad", () => {
    const bad = standing("too-hot", 0);
    const late = NOW_MS + 5 * MINUTE_MS + 1;
    expect(look({ scanner: "unplugged" }, [bad], late)).toEqual({ raise: [], clear: [] });
    expect(healthAlarms({ totemId: "totem-1", health: null, healthMs: null }, [bad], NOW_MS)).toEqual({
      raise: [],
      clear: [],
    });
  });

  it("clears an alarm ten minutes after its last sign, and only its own", () => {
    const calm = NOW_MS - 10 * MINUTE_MS;
    expect(look({}, [standing("too-hot", calm)]).clear).toEqual(["too-hot"]);
    expect(look({}, [standing("too-hot", calm + 1)]).clear).toEqual([]);
    expect(look({}, [standing("too-hot", calm, "totem-2"), standing("forked", calm)]).clear).toEqual([]);
  });

  it("never clears what it raises, whatever comes together", () => {
    fc.assert(
      fc.property(
        fc.subarray([...TROUBLES]),
        fc.subarray([...HEALTH_ALARMS]),
        fc.integer({ min: 0, max: 60 }),
        (troubles, codes, minutesAgo) => {
          const health = Object.assign({}, ...troubles.map(([, bad]) => bad)) as Partial<Health>;
          const { raise, clear } = look(
            health,
            codes.map((code) => standing(code, NOW_MS - minutesAgo * MINUTE_MS)),
          );
          expect(clear.filter((code) => raise.some((one) => one.code === code))).toEqual([]);
          expect(new Set(raise.map(({ code }) => code)).size).toBe(raise.length);
        },
      ),
    );
  });
});

it("a disk of which nothing is known is not full", () => {
  expect(diskAlarm({ freeBytes: 0, totalBytes: 0 })).toBeNull();
});
