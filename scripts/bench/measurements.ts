/**
 * All measurements, in the order of a vote's way.
 */
import { DRAIN } from "./drain.ts";
import { EXPORT } from "./export.ts";
import { FAULTS } from "./faults.ts";
import { FIRMWARE } from "./firmware.ts";
import { FLEET } from "./fleet.ts";
import { JUDGE } from "./judge.ts";
import { KILLS } from "./kills.ts";
import type { Measurement } from "./measurement.ts";
import { PAGES_MEASUREMENT } from "./pages.ts";
import { PRESS } from "./press.ts";
import { PROOF } from "./proof.ts";
import { PUBLICATION } from "./publication.ts";
import { REPORT } from "./report.ts";

export const MEASUREMENTS: readonly Measurement[] = [
  JUDGE,
  PRESS,
  DRAIN,
  REPORT,
  EXPORT,
  PAGES_MEASUREMENT,
  PROOF,
  PUBLICATION,
  FIRMWARE,
  FLEET,
  FAULTS,
  KILLS,
];
