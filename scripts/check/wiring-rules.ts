/**
 * The step "wiring rules" of the check: the totem's wiring judged on every board, one line for each breach.
 */
import { brokenWiringRules } from "#hardware/rules.ts";

const broken = brokenWiringRules();
for (const line of broken) console.log(line);
process.exitCode = broken.length === 0 ? 0 : 1;
