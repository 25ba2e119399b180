/**
 * The command `faccine`: one verb each, in `commands/`. Started by `faccine.mjs` on the pinned Node.
 */

import { ACCOUNT } from "./commands/account.ts";
import { ALARMS } from "./commands/alarms.ts";
import { BACKUP, RESTORE } from "./commands/backup.ts";
import type { Command } from "./commands/command.ts";
import { DELIVERIES } from "./commands/deliveries.ts";
import { DPO_REPORT } from "./commands/dpo-report.ts";
import { EXPORT } from "./commands/export.ts";
import { INSTALL } from "./commands/install.ts";
import { ISSUER } from "./commands/issuer.ts";
import { LINK } from "./commands/link.ts";
import { GATEWAY, TOTEM } from "./commands/programs.ts";
import { RECOUNT } from "./commands/recount.ts";
import { SCANNER } from "./commands/scanner.ts";
import { SELF_TEST } from "./commands/self-test.ts";
import { SERVED } from "./commands/served.ts";
import { TICKET } from "./commands/ticket.ts";
import { TOKEN } from "./commands/token.ts";
import { VERIFY } from "./commands/verify.ts";
import { VOICE } from "./commands/voice.ts";
import { WATCH } from "./commands/watch.ts";

const COMMANDS: readonly Command[] = [
  GATEWAY,
  TOTEM,
  INSTALL,
  ISSUER,
  LINK,
  TICKET,
  ACCOUNT,
  TOKEN,
  SERVED,
  EXPORT,
  RECOUNT,
  BACKUP,
  RESTORE,
  ALARMS,
  DELIVERIES,
  DPO_REPORT,
  SCANNER,
  SELF_TEST,
  VERIFY,
  VOICE,
  WATCH,
];

// Whoever reads only the first lines has read enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});
process.exitCode = await main(process.argv.slice(2));

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(help());
    return 0;
  }
  const command = COMMANDS.find((one) => one.name === name);
  if (command === undefined) {
    process.stderr.write(`faccine: there is no command "${name}"; \`faccine --help\` lists them\n`);
    return 2;
  }
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(`${command.help.trim()}\n`);
    return 0;
  }
  try {
    return await command.run(args);
  } catch (error) {
    process.stderr.write(`faccine ${name}: ${(error as Error).message}\n`);
    return 1;
  }
}

function help(): string {
  const lines = COMMANDS.map((command) => `  ${command.name.padEnd(10)} ${command.summary}`);
  return `Usage: faccine COMMAND …\n\n${lines.join("\n")}\n\n\`faccine COMMAND --help\` tells more.\n`;
}
