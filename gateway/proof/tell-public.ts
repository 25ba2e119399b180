/**
 * Says in the public log what became known of the days that were closed, writes the proof of it to where it is served from, and publishes the
 * months whose day has come.
 */
import type { GatewaySettings } from "#schemas/gateway-settings.ts";
import type { Directory } from "../directory.ts";
import { monthFiles } from "../publication/month-files.ts";
import { publishMonths } from "../publication/write-publication.ts";
import { type PublishParts, publishLog } from "./publish.ts";
import { proofFolder, writeProof } from "./write-proof.ts";

export async function tellPublic(
  parts: Omit<PublishParts, "zoneOf"> & {
    readonly settings: GatewaySettings;
    readonly directory: Directory;
  },
): Promise<void> {
  const { settings, directory, log } = parts;
  await publishLog({ ...parts, zoneOf: (siteId) => directory.site(siteId)?.zone ?? "UTC" });
  const proof = await writeProof(parts, proofFolder(settings.dataDir));
  log.info("proof-written", { lines: proof.lines, months: proof.months.length });
  for (const problem of proof.problems) log.error("proof-does-not-hold", { problem });
  const { months, problems } = await publishMonths({ ...parts, files: monthFiles(parts) });
  log.info("months-published", { months: months.length });
  for (const problem of problems) log.error("month-not-as-proved", { problem });
}
