/**
 * Obeys the gateway's commands, each once: the number of the last one is on the disk before it is carried out.
 * Refuses what a totem does only by an act at the totem itself: no command stops it from counting.
 */
import type { Command, Reply } from "#schemas/messages.ts";
import type { EntryTime } from "#schemas/time.ts";
import type { Journal } from "../ports.ts";

const KEPT_COMMAND = "command";

export type Obedience = {
  readonly journal: Journal;
  readonly time: EntryTime;
  readonly identify: () => void;
  readonly hello: () => Promise<void>;
};

/** The reply to a command, or null for one that was obeyed before. */
export async function obeyCommand(command: Command, means: Obedience): Promise<Reply | null> {
  const before = Number((await means.journal.kept(KEPT_COMMAND)) ?? 0);
  if (command.number <= before) return null;
  const noted = await means.journal.keep(KEPT_COMMAND, String(command.number));
  if (!noted.ok) return { number: command.number, done: false, problem: noted.problem };
  const problem = await carryOut(command, means);
  return { number: command.number, done: problem === null, problem };
}

async function carryOut(command: Command, means: Obedience): Promise<string | null> {
  switch (command.kind) {
    case "identify":
      means.identify();
      return null;
    case "reload":
      await means.hello();
      return null;
    case "resend": {
      const outcome = await means.journal.resendFrom(command.epoch, command.from, means.time);
      if (!outcome.ok) return outcome.problem;
      return outcome.value === "resending" ? null : outcome.value;
    }
    case "collect-log":
    case "update":
      return "not supported by this firmware";
  }
}
