/**
 * Tells the gateway what the last self-test found: at once when it can be reached, and on each connect. There is no
 * receipt for it, so it is said again until a newer one takes its place; the gateway knows the same report again.
 */
import { READINESS_REPORT, type ReadinessReport } from "#schemas/self-test.ts";
import type { Journal, Log } from "../ports.ts";
import type { Wire } from "./sender.ts";

/** Where the report is kept over a restart: self-tests are made before a totem has a network, too. */
export const KEPT_READINESS = "readiness";

export type ReadinessParts = {
  readonly journal: Pick<Journal, "keep" | "kept">;
  readonly wire: Wire;
  readonly log: Pick<Log, "error">;
};

/** Keeps a new report and sends it, if there is somebody to send it to. */
export async function tellReadiness(
  { journal, wire, log }: ReadinessParts,
  report: ReadinessReport,
): Promise<void> {
  const text = JSON.stringify(report);
  const kept = await journal.keep(KEPT_READINESS, text);
  if (!kept.ok) log.error("readiness-not-kept", { cause: kept.problem });
  if (wire.isReady()) wire.publish("readiness", text);
}

/** Sends the kept report. One of an older firmware, which the gateway would not understand, stays where it is. */
export async function repeatReadiness({ journal, wire }: ReadinessParts): Promise<void> {
  const text = await journal.kept(KEPT_READINESS);
  if (text === null || !wire.isReady()) return;
  if (READINESS_REPORT.parse(JSON.parse(text)).ok) wire.publish("readiness", text);
}
