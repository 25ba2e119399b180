/**
 * What the programs that go through contracts share: each check is told with what was wrong, and at the end how many there
 * were, so that a list that was left out in the middle is noticed.
 */
import { check, report } from "./report.ts";

export type ContractCheck = { readonly name: string; readonly run: () => Promise<void> };

/** A stack says which line of a contract did not hold; the rest of it is the lab's. */
const DETAIL_LINES = 12;

/** Goes through a list, one check after the other. */
export async function goThrough(list: string, checks: readonly ContractCheck[]): Promise<void> {
  for (const { name, run } of checks) {
    tell(
      `${list}: ${name}`,
      await run().then(
        () => null,
        (error: unknown) => error,
      ),
    );
  }
}

/** @param problem what was wrong, or null. */
export function tell(name: string, problem: unknown): void {
  looked += 1;
  const words = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
  check(name, problem === null, problem === null ? "" : words.split("\n").slice(0, DETAIL_LINES).join("\n"));
}

/** Ends the program; threads that read devices do not keep it. @param expected how many checks the lists have. */
export function endOfContracts(expected: number): never {
  report({ contracts: { looked, expected } });
  process.exit();
}

let looked = 0;
