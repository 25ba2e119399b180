/**
 * Checks a whole proof: its log, the months, what is said of late votes. Pure.
 */
import { checkLate } from "./check-late.ts";
import { checkLog, type Finding } from "./check-log.ts";
import { checkMonth } from "./check-month.ts";
import type { ReadProof } from "./read-proof.ts";

export type CheckedProof = {
  readonly findings: readonly Finding[];
  readonly missing: ReturnType<typeof checkLog>["missing"];
  /** By month, in the order of the proof. */
  readonly ofMonths: readonly (readonly Finding[])[];
};

export function checkProof({ log, months, late }: ReadProof): CheckedProof {
  const { findings, missing } = checkLog(log);
  const ofMonths = months.map((month) => checkMonth(month, log));
  return { findings: [...findings, ...ofMonths.flat(), ...checkLate(late, months, log)], missing, ofMonths };
}
