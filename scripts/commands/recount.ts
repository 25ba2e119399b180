/**
 * `faccine recount`: counts all stored votes again, now, and says what differs from the counters.
 */
import { recountAll } from "#gateway/rounds.ts";
import { type Command, readArgs } from "./command.ts";
import { SETTINGS_HELP, withStore } from "./gateway-store.ts";

export const RECOUNT: Command = {
  name: "recount",
  summary: "count all stored votes again and compare",
  help: `
faccine recount [options]

Counts all stored votes again, as the gateway does every night, and lists every counter that differs. Repairs nothing.
Exit code 1 when something differs.

${SETTINGS_HELP}`,
  run: async (args) => {
    const { values } = readArgs(args, { settings: { type: "string" } });
    const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const mismatches = await withStore(values.settings, (store, directory) =>
      recountAll({ store, directory, log: silent, nowMs: Date.now }),
    );
    for (const { day, serviceId, column, counted, recounted } of mismatches) {
      process.stdout.write(`${day} ${serviceId || "-"} ${column}: counter ${counted}, votes ${recounted}\n`);
    }
    process.stdout.write(
      mismatches.length === 0 ? "Everything adds up.\n" : `${mismatches.length} differ.\n`,
    );
    return mismatches.length === 0 ? 0 : 1;
  },
};
