/**
 * `faccine deliveries`: who was told of which alarm, and a test message.
 */
import { channelsOf } from "#gateway/alerts/plan.ts";
import type { Delivery } from "#gateway/store/delivery-store.ts";
import { type Command, readArgs } from "./command.ts";
import { SETTINGS_HELP, withGateway } from "./gateway-store.ts";

/** Lines of the list: what happened in the last days. */
const SHOWN = 50;

export const DELIVERIES: Command = {
  name: "deliveries",
  summary: "list who was told of which alarm, or send a test",
  help: `
faccine deliveries list [options]
faccine deliveries test [options]

The running gateway tells of alarms where the setting \`alerts\` says: a webhook, mail, or both. What cannot be sent is tried for some days.

list  the latest ${SHOWN}, the newest first, each with what became of it
test  lets the gateway send a test message on every channel within a minute; \`list\` then tells how it went

${SETTINGS_HELP}`,
  run: async (args) => {
    const { values, positionals } = readArgs(args, { settings: { type: "string" } });
    const [verb, ...rest] = positionals;
    if (rest.length > 0 || (verb !== "list" && verb !== "test")) throw new Error("say: list, or test");
    return withGateway(values.settings, async ({ store, settings }) => {
      if (verb === "list") {
        for (const one of await store.deliveries(SHOWN)) process.stdout.write(`${line(one)}\n`);
        return 0;
      }
      const channels = channelsOf(settings.alerts);
      if (channels.length === 0) throw new Error("the setting alerts names neither webhook nor mail");
      const createdMs = Date.now();
      for (const channel of channels) {
        const about = { key: `test ${createdMs}`, channel, createdMs, nextMs: createdMs };
        const text =
          channel === "webhook"
            ? JSON.stringify({ kind: "test" })
            : "Prova: il gateway sa scrivere qui. / A test.";
        await store.queueDelivery({ ...about, subject: "Faccine: test", body: text });
      }
      process.stdout.write(`test messages wait: ${channels.join(", ")}\n`);
      return 0;
    });
  },
};

function line({ createdMs, channel, subject, doneMs, nextMs, tries, error }: Delivery): string {
  const became =
    doneMs !== null
      ? `sent ${time(doneMs)}`
      : nextMs === null
        ? `GIVEN UP after ${tries} tries: ${error ?? ""}`
        : `waits until ${time(nextMs)}${error === null ? "" : `, ${tries} tries: ${error}`}`;
  return `${time(createdMs)}  ${channel.padEnd(7)}  ${subject}  ${became}`;
}

function time(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16)}Z`;
}
