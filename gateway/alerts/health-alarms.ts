/**
 * Which alarms a totem's health calls for, and which of those that stand are over. Pure. Speaks of switches, disks and clocks, never of
 * what was pressed. One that was raised stands until its cause has been away for a while, so that a loose plug is one alarm and not fifty.
 */
import type { AlarmCode } from "#schemas/alarms.ts";
import type { Health } from "#schemas/messages.ts";
import { HOUR_MS, MINUTE_MS } from "#schemas/time.ts";
import type { Alarm } from "../store/alarm-store.ts";
import type { TotemStatus } from "../store/store.ts";

type Told = { readonly code: AlarmCode; readonly detail: string };

/** Alarms that stand or fall with health: no other code is raised or cleared here. */
export const HEALTH_ALARMS: readonly AlarmCode[] = [
  "clock-off",
  "clock-untrusted",
  "disk-nearly-full",
  "key-stuck",
  "key-worn",
  "queue-growing",
  "scanner-unplugged",
  "storage-unsafe",
  "too-hot",
  "under-voltage",
];

/** Five reports that did not come: what an older one said may be over, and a silent totem has an alarm of its own. */
const FRESH_MS = 5 * MINUTE_MS;
/** As long without a sign of it, and an alarm is over. */
const CALM_MS = 10 * MINUTE_MS;
/** A totem with a network is done with a day's backlog in minutes: votes that wait this long will not go by themselves. */
const UNSENT_MS = HOUR_MS;
/** After a start the first receipt or NTP sets the clock within minutes. */
const UNTRUSTED_MS = HOUR_MS;
/** Less than half of what a ticket's time is forgiven (`CLOCK_SKEW_MINUTES`): to be told before good tickets are refused. */
const CLOCK_OFF_MS = 2 * MINUTE_MS;
/** The firmware stops voting openly when there is no room; a tenth leaves weeks to act. */
const DISK_FREE_MIN = 0.1;
/** From 80 °C on a Raspberry Pi slows itself down (Raspberry Pi documentation, "Frequency management and thermal control"). */
const HOT_MILLI_CELSIUS = 80_000;

/** What is to be raised and cleared for one totem. @param standing alarms that stand, of whatever code and subject. */
export function healthAlarms(
  totem: Pick<TotemStatus, "totemId" | "health" | "healthMs">,
  standing: readonly Alarm[],
  nowMs: number,
): { readonly raise: readonly Told[]; readonly clear: readonly AlarmCode[] } {
  const { totemId, health, healthMs } = totem;
  if (health === null || healthMs === null || nowMs - healthMs > FRESH_MS) return { raise: [], clear: [] };
  const raise = told(health, healthMs);
  const clear = standing.filter(
    ({ code, subject, lastMs }) =>
      subject === totemId &&
      HEALTH_ALARMS.includes(code) &&
      !raise.some((one) => one.code === code) &&
      nowMs - lastMs >= CALM_MS,
  );
  return { raise, clear: clear.map(({ code }) => code) };
}

/** The gateway's own disk, by the same measure; empty while there is room. */
export function diskAlarm(disk: { readonly freeBytes: number; readonly totalBytes: number }): string | null {
  const { freeBytes, totalBytes } = disk;
  if (totalBytes === 0 || freeBytes >= totalBytes * DISK_FREE_MIN) return null;
  return `${mebibytes(freeBytes)} of ${mebibytes(totalBytes)} MiB are free`;
}

/** True when an alarm that stands has had no sign for long enough. */
export function isCalm({ lastMs }: Pick<Alarm, "lastMs">, nowMs: number): boolean {
  return nowMs - lastMs >= CALM_MS;
}

function told(health: Health, healthMs: number): readonly Told[] {
  const { clock, uptimeMs, mount, temperatureMilliCelsius: heat, oldestUnsentMs, queue } = health;
  const disk = diskAlarm(health.disk);
  const keys = (state: "worn" | "stuck") =>
    health.keys.filter((one) => one.state === state).map(({ key }) => key);
  const [stuck, worn] = [keys("stuck"), keys("worn")];
  const offMs = Math.abs(health.timeMs - healthMs);
  const signs: readonly (Told | null)[] = [
    clock === "trusted" && offMs >= CLOCK_OFF_MS
      ? { code: "clock-off", detail: `its clock is ${Math.round(offMs / MINUTE_MS)} minutes off` }
      : null,
    clock === "untrusted" && uptimeMs >= UNTRUSTED_MS
      ? { code: "clock-untrusted", detail: "nothing has set its clock since it was started" }
      : null,
    disk === null ? null : { code: "disk-nearly-full", detail: disk },
    stuck.length === 0 ? null : { code: "key-stuck", detail: `stuck and left out: ${stuck.join(", ")}` },
    worn.length === 0 ? null : { code: "key-worn", detail: `worn: ${worn.join(", ")}` },
    oldestUnsentMs !== null && oldestUnsentMs >= UNSENT_MS
      ? {
          code: "queue-growing",
          detail: `${queue.entries} entries wait, the oldest for ${Math.floor(oldestUnsentMs / MINUTE_MS)} minutes`,
        }
      : null,
    health.scanner === "unplugged"
      ? { code: "scanner-unplugged", detail: "no receipt can be scanned there" }
      : null,
    mount.readOnly || !mount.persistent
      ? {
          code: "storage-unsafe",
          detail: `votes lie on ${mount.fileSystem}, ${mount.readOnly ? "which cannot be written" : "gone with the power"}`,
        }
      : null,
    heat !== null && heat >= HOT_MILLI_CELSIUS
      ? { code: "too-hot", detail: `${Math.round(heat / 1_000)} °C` }
      : null,
    health.underVoltage === true ? { code: "under-voltage", detail: "its power supply is too weak" } : null,
  ];
  return signs.filter((sign) => sign !== null);
}

function mebibytes(bytes: number): number {
  return Math.floor(bytes / 1_048_576);
}
