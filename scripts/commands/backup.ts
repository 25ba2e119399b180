/**
 * `faccine backup`: makes and lists the gateway's backups; `faccine restore` puts one back.
 */
import { resolve } from "node:path";
import { backupFolder, backupsIn, makeBackup, readBackup } from "#gateway/backup/backup-files.ts";
import { restoreBackup } from "#gateway/backup/restore.ts";
import { copyProblem } from "#gateway/store/sqlite/database-copy.ts";
import { holdDataFolder } from "#gateway/store/sqlite/hold-data-folder.ts";
import { type Command, readArgs } from "./command.ts";
import { gatewaySettings, SETTINGS_HELP, withGateway } from "./gateway-store.ts";

export const BACKUP: Command = {
  name: "backup",
  summary: "make a backup of the gateway, or list and check those there are",
  help: `
faccine backup make [options]
faccine backup list [options]

The running gateway makes one every night, before a day closes and after; a day of which there is none stays open. A backup is a
folder with the database and the gateway's keys: copy it to another machine, and keep it as safe as the gateway itself. Of all votes it
holds no more than counts by the hour, and no key of the day: it need not be destroyed when days close.

make  one of now, in the place of one of today
list  all of them, the newest first, every file read and compared with what was saved

${SETTINGS_HELP}`,
  run: async (args) => {
    const { values, positionals } = readArgs(args, { settings: { type: "string" } });
    const [verb, ...rest] = positionals;
    if (rest.length > 0 || (verb !== "make" && verb !== "list")) throw new Error("say: make, or list");
    if (verb === "list") return list(backupFolder(gatewaySettings(values.settings)));
    const made = await withGateway(values.settings, ({ store, settings }) =>
      makeBackup({ store, settings, nowMs: Date.now }, null),
    );
    process.stdout.write(`${made}\n`);
    return 0;
  },
};

export const RESTORE: Command = {
  name: "restore",
  summary: "put a backup of the gateway back",
  help: `
faccine restore FOLDER [options]

Puts the backup in FOLDER where the settings say that the gateway's data are, after every file of it was compared with what was saved.
What lies there is set aside under another name. The gateway must not run. Then start it: totems send again what the backup does not
know, and get new keys of the day.

${SETTINGS_HELP}`,
  run: async (args) => {
    const { values, positionals } = readArgs(args, { settings: { type: "string" } });
    const [folder, ...rest] = positionals;
    if (folder === undefined || rest.length > 0) throw new Error("say: faccine restore FOLDER");
    const { dataDir } = gatewaySettings(values.settings);
    const giveBack = holdDataFolder(dataDir);
    try {
      const stamp = `before-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}`;
      const restored = await restoreBackup(resolve(folder), dataDir, { stamp, problemOf: copyProblem });
      if (!restored.ok) throw new Error(restored.problem);
      const { backup, setAside } = restored.value;
      process.stdout.write(
        `restored what was known at ${new Date(backup.madeMs).toISOString()}; days are closed up to ${backup.closedThrough ?? "none"}\n`,
      );
      for (const path of setAside) process.stdout.write(`set aside: ${path}\n`);
      return 0;
    } finally {
      giveBack();
    }
  },
};

async function list(folder: string): Promise<number> {
  const all = backupsIn(folder);
  if (all.length === 0) throw new Error(`${folder}: there is no backup yet`);
  let isGood = true;
  for (const one of all) {
    const read = await readBackup(one);
    isGood &&= read.ok;
    const bytes = read.ok ? read.value.files.reduce((sum, file) => sum + file.bytes, 0) : 0;
    process.stdout.write(
      read.ok
        ? `${one}  ${(bytes / 1e6).toFixed(1)} MB  days closed up to ${read.value.closedThrough ?? "none"}\n`
        : `${one}  NOT GOOD: ${read.problem}\n`,
    );
  }
  return isGood ? 0 : 1;
}
