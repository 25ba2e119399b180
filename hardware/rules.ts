/**
 * The rules a totem's wiring has to keep, each with a name and a reason, on every board. They judge the data; they neither
 * mend nor draw it. To add one: write it in `rules/`, add it to the list, plant a fault for it in `rules.test.ts`.
 */
import { BOARDS, RESERVED } from "./boards.ts";
import type { Machine } from "./circuit.ts";
import { WIRING } from "./nets.ts";
import { KINDS, PARTS } from "./parts.ts";
import { connectionRules } from "./rules/connections.ts";
import { CURRENT_RULES } from "./rules/currents.ts";
import { LEVEL_RULES } from "./rules/levels.ts";
import type { Rule } from "./rules/rule.ts";

export const RULES: readonly Rule[] = [...connectionRules(RESERVED), ...LEVEL_RULES, ...CURRENT_RULES];

export type Breach = { readonly rule: string; readonly problem: string; readonly reason: string };

/** Every rule that a machine breaks, once for each way in which it does. */
export function breachesOf(machine: Machine): readonly Breach[] {
  return RULES.flatMap(({ name, reason, problems }) =>
    problems(machine).map((problem) => ({ rule: name, problem, reason })),
  );
}

/** The totem as it is described, on each board. */
export const MACHINES: readonly Machine[] = BOARDS.map((board) => ({
  wiring: WIRING,
  parts: PARTS,
  kinds: KINDS,
  board,
}));

/** One line for each breach: `wiring.ts, Raspberry Pi 5: pin-used-once: pin GPIO4 is used twice. Two keys on …` */
export function brokenWiringRules(machines: readonly Machine[] = MACHINES): readonly string[] {
  return machines.flatMap((machine) =>
    breachesOf(machine).map(
      ({ rule, problem, reason }) =>
        `hardware/wiring.ts on ${machine.board.name}: ${rule}: ${problem}. ${reason}`,
    ),
  );
}
