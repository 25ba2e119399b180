/**
 * All measurements, in the order of a vote's way.
 */
import { DRAIN } from "./drain.ts";
import { EXPORT } from "./export.ts";
import { FAULTS } from "./faults.ts";
import { FIRMWARE } from "./firmware.ts";
import { FLEET } from "./fleet.ts";
import { KILLS } from "./kills.ts";
import type { Measurement } from "./measurement.ts";
import { PRESS } from "./press.ts";
import { REPORT } from "./report.ts";

export const MEASUREMENTS: readonly Measurement[] = [
  PRESS,
  DRAIN,
  REPORT,
  EXPORT,
  FIRMWARE,
  FLEET,
  FAULTS,
  KILLS,
];
