/**
 * `faccine alarms`: lists the alarms that stand, and clears one that somebody has looked into.
 */
import type { Alarm } from "#gateway/store/store.ts";
import { type Command, readArgs } from "./command.ts";
import { SETTINGS_HELP, withGateway } from "./gateway-store.ts";

/** In the access log, who cleared an alarm at the gateway itself. */
const AT_THE_GATEWAY = "command";

export const ALARMS: Command = {
  name: "alarms",
  summary: "list the alarms that stand, or clear one that was looked into",
  help: `
faccine alarms list [options]
faccine alarms clear CODE [SUBJECT] [options]

list   every alarm that stands, with since when, how often, and about which totem or service
clear  takes an alarm back, once you have looked into it; that you did is written down. One whose cause is still there comes back

Some clear themselves: recount-mismatch, backup-failed, month-unpublished, totem-silent, many-red, and those of a quarantine that is empty.

${SETTINGS_HELP}`,
  run: async (args) => {
    const { values, positionals } = readArgs(args, { settings: { type: "string" } });
    const [verb, code, subject = "", ...rest] = positionals;
    return withGateway(values.settings, async ({ store }) => {
      const alarms = await store.alarms();
      if (verb === "list" && code === undefined) {
        for (const alarm of alarms) process.stdout.write(`${line(alarm)}\n`);
        if (alarms.length === 0) process.stdout.write("No alarm stands.\n");
        return alarms.length === 0 ? 0 : 1;
      }
      if (verb !== "clear" || code === undefined || rest.length > 0)
        throw new Error("say: list, or clear CODE [SUBJECT]");
      const found = alarms.find((one) => one.code === code && one.subject === subject);
      if (found === undefined)
        throw new Error(
          `no alarm ${code}${subject === "" ? "" : ` about ${subject}`} stands; \`faccine alarms list\` shows them`,
        );
      const nowMs = Date.now();
      // First that it was done: a cleared alarm of which nobody knows who cleared it would be worse than one too many.
      await store.noteAccess(AT_THE_GATEWAY, `alarm cleared: ${code} ${subject}`, nowMs);
      await store.clearAlarm(found.code, subject, nowMs);
      process.stdout.write(`cleared: ${line(found)}\n`);
      return 0;
    });
  },
};

function line({ code, subject, detail, firstMs, lastMs, times }: Alarm): string {
  const when = times === 1 ? time(firstMs) : `${time(firstMs)} to ${time(lastMs)}, ${times} times`;
  return `${code}  ${subject || "gateway"}  ${when}  ${detail}`;
}

function time(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16)}Z`;
}
