/**
 * `faccine scanner`: writes into a serial scanner, for good, what a totem needs of it. Refuses to touch one whose commands
 * it does not know, and one that the running firmware holds.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { Outcome } from "#firmware/devices/scanner/families/talk.ts";
import { openSerialScanner, type SerialScanner } from "#firmware/devices/scanner/serial-scanner.ts";
import { SECOND_MS } from "#schemas/time.ts";
import type { TotemSettings } from "#schemas/totem-settings.ts";
import { type Command, readArgs } from "./command.ts";
import { TOTEM_SETTINGS_HELP, totemSettings } from "./totem-settings.ts";

/** What the scanner is asked at its opening comes first: of a family that answers nothing, each question's whole wait. */
const ASKED_MAX_MS = 15 * SECOND_MS;
const ASK_AGAIN_MS = 200;

const RESULTS: Readonly<Record<Outcome["result"], string>> = {
  good: "well already",
  set: "set",
  refused: "REFUSED by the scanner: is scanner.family the right one?",
  silent: "NO ANSWER: check its cable, scanner.baudRate and scanner.family",
};

export const SCANNER: Command = {
  name: "scanner",
  summary: "set up a totem's serial scanner, once",
  help: `
faccine scanner set-up [options]

Writes into the scanner of the settings (scanner.path, scanner.family, scanner.baudRate) that it reads by itself and
ends each code as a totem needs it. The scanner keeps it: once is enough, and each time wears its memory. Only the families gm65
and de2120 take commands; others are set up by the codes in their manuals.

The running firmware holds the scanner: systemctl stop faccine-totem before, start it again after.

${TOTEM_SETTINGS_HELP}`,
  run: async (args) => {
    const { values, positionals } = readArgs(args, { settings: { type: "string" } });
    if (positionals.length !== 1 || positionals[0] !== "set-up") throw new Error("say: set-up");
    const outcomes = await setUpScanner(totemSettings(values.settings).scanner);
    for (const { name, result } of outcomes) process.stdout.write(`${name}: ${RESULTS[result]}\n`);
    return outcomes.every(({ result }) => result === "good" || result === "set") ? 0 : 1;
  },
};

/** @throws Error with what to do when the scanner cannot be had, or takes no commands. */
export async function setUpScanner(
  settings: TotemSettings["scanner"],
  own: Partial<Parameters<typeof openSerialScanner>[0]> = {},
): Promise<readonly Outcome[]> {
  const { kind, family } = settings;
  if (kind !== "serial" || family === "generic") {
    const which = kind === "serial" ? "scanner.family is generic" : `scanner.kind is ${kind}`;
    throw new Error(`${which}: set it up by the codes in its manual; gm65 and de2120 take commands`);
  }
  let problem = "";
  const note = (_: string, { kind, message }: Readonly<Record<string, unknown>> = {}) => {
    const hint = kind === "busy" ? " If the firmware runs, stop it first: systemctl stop faccine-totem" : "";
    if (typeof message === "string") problem = `${message}${hint}`;
  };
  const scanner = await openSerialScanner({
    settings,
    nowMs: () => performance.now(),
    log: { info: note, warn: note, error: note },
    ...own,
  });
  try {
    if (!scanner.isReady()) throw new Error(problem);
    return await installedOnce(scanner, performance.now() + ASKED_MAX_MS);
  } finally {
    await scanner.close();
  }
}

/** Once it is not being asked any more. */
async function installedOnce(scanner: SerialScanner, untilMs: number): Promise<readonly Outcome[]> {
  for (;;) {
    try {
      return await scanner.install();
    } catch (error) {
      if (!scanner.isReady() || performance.now() > untilMs) throw error;
      await pause(ASK_AGAIN_MS);
    }
  }
}
