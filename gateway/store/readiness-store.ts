/**
 * The part of the store about self-tests: what totems reported of their machines.
 */
import type { ReadinessReport } from "#schemas/self-test.ts";

/** A report, and when it came. */
export type KeptReadiness = { readonly receivedMs: number; readonly report: ReadinessReport };

export type ReadinessStore = {
  /** Keeps a report once, however often it is sent; of each totem the latest that came. */
  readonly noteReadiness: (report: ReadinessReport, atMs: number) => Promise<void>;
  /** The latest that came first; null for a totem that is not registered. */
  readonly readiness: (totemId: string) => Promise<readonly KeptReadiness[] | null>;
};
