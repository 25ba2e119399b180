/**
 * An installation or its opposite from beginning to end: looks, plans, says the plan, does it, writes down what it did.
 */
import { readApplication } from "./application.ts";
import { applySteps, type Target, writeManifest } from "./apply.ts";
import type { Facts, Step } from "./facts.ts";
import { gatherFacts } from "./gather-facts.ts";
import { manifestAfter, planInstall } from "./plan.ts";
import { machineProblems, whyNotInstallable } from "./problems.ts";
import type { Role } from "./roles.ts";
import { planUninstall } from "./uninstall-plan.ts";

/** What was asked for. */
export type Order = {
  readonly role: Role;
  /** The clone or release that is installed. */
  readonly source: string;
  /** "/" is this machine. */
  readonly root: string;
  readonly isDry: boolean;
  /** A settings file's text, or null for the first one. */
  readonly givenSettings: string | null;
};

export type Terminal = { readonly say: (line: string) => void; readonly complain: (line: string) => void };

/** @returns the exit code. @throws with what failed under way; running it again goes on from there. */
export function install(order: Order, terminal: Terminal): number {
  const { facts, target } = look(order, terminal);
  const steps = planInstall(facts);
  if (isStopped(whyNotInstallable(facts), steps, order, terminal)) return 1;
  tell(facts, steps, terminal);
  if (order.isDry) return closing(steps, "Nothing was done: this was a dry run.", terminal);
  const made = applySteps(steps, target);
  writeManifest(manifestAfter(facts, steps, made), facts.role.name, target);
  return closing(steps, afterInstall(facts, steps), terminal);
}

/** @param purge votes, settings and the user go too. @returns the exit code. */
export function uninstall(order: Order, purge: boolean, terminal: Terminal): number {
  const { facts, target } = look(order, terminal);
  const steps = planUninstall(facts, purge);
  if (isStopped(machineProblems(facts), steps, order, terminal)) return 1;
  tell(facts, steps, terminal);
  if (order.isDry) {
    terminal.say("Nothing was done: this was a dry run.");
    return 0;
  }
  applySteps(steps, target);
  terminal.say(
    "Faccine is no longer installed. Settings of the board and of systemd end when the machine starts again.",
  );
  return 0;
}

function look(order: Order, { say }: Terminal): { readonly facts: Facts; readonly target: Target } {
  const { role, source, root } = order;
  const application = readApplication(source);
  const facts = gatherFacts({ ...order, application });
  return { facts, target: { root, source, application, role, isRoot: facts.machine.isRoot, say } };
}

/** Says what stands in the way; a dry run says as well what would be done once it does not. */
function isStopped(
  problems: readonly string[],
  steps: readonly Step[],
  { isDry }: Order,
  { say, complain }: Terminal,
): boolean {
  for (const problem of problems) complain(problem);
  if (problems.length > 0 && isDry) for (const line of stepLines(steps)) say(line);
  return problems.length > 0;
}

function tell({ machine, live, source, role }: Facts, steps: readonly Step[], { say }: Terminal): void {
  const where = live ? (machine.board ?? "this machine") : "a root file system in a folder";
  say(`${role.name} ${source.release} on ${where} (${machine.architecture})`);
  if (!live && !machine.isRoot) say("not root: owners are left as they are; set them when the image is made");
  for (const line of stepLines(steps)) say(line);
}

const STATE_WIDTH = "nothing to do".length;

function stepLines(steps: readonly Step[]): readonly string[] {
  return steps.map(({ state, what, why }) => `  ${state.padEnd(STATE_WIDTH)}  ${what}: ${why}`);
}

function afterInstall({ role, live }: Facts, steps: readonly Step[]): string {
  if (steps.every(({ state }) => state !== "to do")) return "Nothing to do.";
  const settings = `Settings: ${role.settingsFile}.`;
  if (!live) return `Installed. ${settings}`;
  return `Installed. ${settings} Start the machine again once: its watchdog, log and board settings change only then.`;
}

/** What somebody else has in the way makes the end a bad one, after everything else was done. */
function closing(steps: readonly Step[], words: string, { say }: Terminal): number {
  const kept = steps.filter(({ state }) => state === "kept");
  say(words);
  if (kept.length === 0) return 0;
  say(`Left alone, because it is not ours: ${kept.map(({ what }) => what).join(", ")}`);
  return 1;
}
