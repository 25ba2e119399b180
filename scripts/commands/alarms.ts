/**
 * `faccine alarms`: lists the alarms that stand, says that somebody looks after one, and clears one that was looked into.
 */

import type { Deed } from "#gateway/store/account-store.ts";
import type { Alarm } from "#gateway/store/alarm-store.ts";
import type { Store } from "#gateway/store/store.ts";
import { ALARM_NOTE_MAX } from "#schemas/alarms.ts";
import { type Command, readArgs } from "./command.ts";
import { SETTINGS_HELP, withGateway } from "./gateway-store.ts";

/** In the access log, who did it at the gateway itself. */
const AT_THE_GATEWAY = "command";

export const ALARMS: Command = {
  name: "alarms",
  summary: "list the alarms that stand, say that you look after one, or clear it",
  help: `
faccine alarms list [options]
faccine alarms acknowledge CODE [SUBJECT] [--note TEXT] [options]
faccine alarms clear CODE [SUBJECT] [options]

list         every alarm that stands, with since when, how often, about which totem or service, and who looks after it
acknowledge  says that somebody looks after it: nobody is reminded of it any more. It stands until its cause is gone
clear        takes an alarm back, once you have looked into it; that you did is written down. One whose cause is still there comes back

  --note TEXT  what you do about it, at most ${ALARM_NOTE_MAX} characters

Some clear themselves: recount-mismatch, backup-failed, month-unpublished, totem-silent, many-red, those of a quarantine that is empty, and
those about a totem's health, ten minutes after its last sign.

${SETTINGS_HELP}`,
  run: async (args) => {
    const { values, positionals } = readArgs(args, {
      settings: { type: "string" },
      note: { type: "string" },
    });
    const [verb = "", code, subject = "", ...rest] = positionals;
    return withGateway(values.settings, async ({ store }) => {
      if (verb === "list" && code === undefined) return list(await store.alarms());
      if (!["acknowledge", "clear"].includes(verb) || code === undefined || rest.length > 0)
        throw new Error("say: list, acknowledge CODE [SUBJECT], or clear CODE [SUBJECT]");
      const alarm = standing(await store.alarms(), code, subject);
      if (verb === "clear") await clear(store, alarm);
      else await acknowledge(store, alarm, values.note ?? "");
      return 0;
    });
  },
};

/** Prints them. @returns the exit code: 1 when one stands, so that a script can ask. */
function list(alarms: readonly Alarm[]): number {
  for (const alarm of alarms) process.stdout.write(`${line(alarm)}\n`);
  if (alarms.length === 0) process.stdout.write("No alarm stands.\n");
  return alarms.length === 0 ? 0 : 1;
}

function standing(alarms: readonly Alarm[], code: string, subject: string): Alarm {
  const found = alarms.find((one) => one.code === code && one.subject === subject);
  if (found !== undefined) return found;
  const about = subject === "" ? "" : ` about ${subject}`;
  throw new Error(`no alarm ${code}${about} stands; \`faccine alarms list\` shows them`);
}

async function clear(store: Store, alarm: Alarm): Promise<void> {
  const { code, subject } = alarm;
  const nowMs = Date.now();
  // First that it was done: a cleared alarm of which nobody knows who cleared it would be worse than one too many.
  await store.noteDeed(deedOf("alarm-cleared", alarm, nowMs));
  await store.clearAlarm(code, subject, nowMs);
  process.stdout.write(`cleared: ${line(alarm)}\n`);
}

async function acknowledge(store: Store, alarm: Alarm, note: string): Promise<void> {
  if (note.length > ALARM_NOTE_MAX)
    throw new Error(`--note has ${note.length} characters: at most ${ALARM_NOTE_MAX} are kept`);
  const { code, subject } = alarm;
  const acknowledged = { by: AT_THE_GATEWAY, note, atMs: Date.now() };
  const deed = deedOf("alarm-acknowledged", alarm, acknowledged.atMs);
  await store.acknowledgeAlarm(code, subject, acknowledged, deed);
  process.stdout.write(`acknowledged: ${line({ ...alarm, acknowledged })}\n`);
}

function deedOf(kind: "alarm-cleared" | "alarm-acknowledged", { code, subject }: Alarm, atMs: number): Deed {
  return { atMs, kind, byId: "", byName: AT_THE_GATEWAY, what: `${code} ${subject}`.trim() };
}

function line({ code, subject, detail, firstMs, lastMs, times, acknowledged }: Alarm): string {
  const when = times === 1 ? time(firstMs) : `${time(firstMs)} to ${time(lastMs)}, ${times} times`;
  const seen = acknowledged === null ? "" : `  seen by ${acknowledged.by}: ${acknowledged.note || "no note"}`;
  return `${code}  ${subject || "gateway"}  ${when}  ${detail}${seen}`;
}

function time(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16)}Z`;
}
