/**
 * `faccine dpo-report`: what a gateway holds, since when and until when, for whoever answers for the data.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { backupFolder, backupsIn } from "#gateway/backup/backup-files.ts";
import { dayKeyFile } from "#gateway/tickets/day-key-store.ts";
import { parseDayKeys } from "#schemas/day-keys.ts";
import type { GatewaySettings } from "#schemas/gateway-settings.ts";
import { RETENTION } from "#schemas/retention.ts";
import { type Command, readArgs } from "./command.ts";
import { SETTINGS_HELP, withGateway } from "./gateway-store.ts";

export const DPO_REPORT: Command = {
  name: "dpo-report",
  summary: "say what the gateway holds, since when and until when",
  help: `
faccine dpo-report [options]

Lists every row of the retention table: what it is, how much of it this gateway holds now, since when, how long it is kept and why.
What the totems hold is listed too, without amounts. Holds no figure of any vote.

  --json             the same as JSON
${SETTINGS_HELP}`,
  run: async (args) => {
    const { values } = readArgs(args, { settings: { type: "string" }, json: { type: "boolean" } });
    const rows = await withGateway(values.settings, async ({ store, settings }) => {
      const held = new Map((await store.held()).map((one) => [one.id as string, one]));
      held.set("gateway-day-keys", { id: "gateway-day-keys", ...dayKeysIn(settings.dataDir) });
      held.set("gateway-backups", { id: "gateway-backups", ...backupsOf(settings) });
      return RETENTION.map((row) => ({ ...row, now: held.get(row.id) ?? null }));
    });
    if (values.json === true) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    else for (const row of rows) process.stdout.write(`${linesOf(row).join("\n")}\n\n`);
    return 0;
  },
};

type ReportedRow = (typeof RETENTION)[number] & {
  readonly now: { readonly rows: number; readonly oldestDay: string | null } | null;
};

function linesOf({ id, what, keptDays, from, why, now }: ReportedRow): readonly string[] {
  const since = now?.oldestDay === null || now === null ? "" : `, the oldest of ${now.oldestDay}`;
  return [
    `${id}: ${what}`,
    ...(now === null ? [] : [`  held now: ${now.rows}${since}`]),
    `  kept: ${keptDays === null ? from : `${keptDays} days from ${from}`}`,
    `  why: ${why}`,
  ];
}

function backupsOf(settings: GatewaySettings): { readonly rows: number; readonly oldestDay: string | null } {
  const days = backupsIn(backupFolder(settings)).map((folder) => basename(folder));
  return { rows: days.length, oldestDay: days.at(-1) ?? null };
}

function dayKeysIn(dataDir: string): { readonly rows: number; readonly oldestDay: string | null } {
  const file = dayKeyFile(dataDir);
  const read = existsSync(file) ? parseDayKeys(readFileSync(file, "utf8")) : null;
  const days = read?.ok ? read.value.map(({ fromDay }) => fromDay).toSorted() : [];
  return { rows: days.length, oldestDay: days[0] ?? null };
}
