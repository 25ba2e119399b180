/**
 * All scenarios of the lab, in the order in which they are run.
 */
import type { Measurement } from "../bench/measurement.ts";
import { CLOCK_SCENARIO } from "./scenarios/clock.ts";
import { CONTRACTS_SCENARIO } from "./scenarios/contracts.ts";
import { CUTS_SCENARIO } from "./scenarios/cuts.ts";
import { LATENCY_SCENARIO } from "./scenarios/latency.ts";
import { NETWORK_SCENARIO } from "./scenarios/network.ts";
import { PLUGS_SCENARIO } from "./scenarios/plugs.ts";
import { PRESSES_SCENARIO } from "./scenarios/presses.ts";
import { SELF_TEST_SCENARIO } from "./scenarios/self-test.ts";
import { WEEKS_SCENARIO } from "./scenarios/weeks.ts";

export const SCENARIOS: readonly Measurement[] = [
  CONTRACTS_SCENARIO,
  PRESSES_SCENARIO,
  SELF_TEST_SCENARIO,
  LATENCY_SCENARIO,
  CUTS_SCENARIO,
  NETWORK_SCENARIO,
  PLUGS_SCENARIO,
  CLOCK_SCENARIO,
  WEEKS_SCENARIO,
];
