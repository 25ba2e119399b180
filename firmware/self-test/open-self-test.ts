/**
 * Joins the self-test to one totem: its checks, its machine and the places its report goes to.
 */

import type { SiteSettings } from "#schemas/messages.ts";
import type { ReadinessReport } from "#schemas/self-test.ts";
import type { TotemSettings } from "#schemas/totem-settings.ts";
import { voiceLanguagesOf } from "#schemas/voice-texts.ts";
import type { Clock, Indicators, Journal, Log, WatchableKeys } from "../ports.ts";
import { automaticChecks } from "./automatic-checks.ts";
import { type GuidedSelfTest, guidedSelfTest } from "./guided-self-test.ts";
import { machineOf } from "./machine.ts";
import { writeReport } from "./report-files.ts";

export type OpenSelfTestParts = {
  readonly settings: Pick<
    TotemSettings,
    "totemId" | "siteId" | "dataDir" | "minFreeBytes" | "devices" | "board" | "voice"
  >;
  readonly clock: Clock;
  readonly keys: WatchableKeys;
  readonly indicators: Indicators;
  readonly journal: Journal;
  readonly log: Log;
  readonly site: () => SiteSettings | null;
  readonly isConnected: () => boolean;
  readonly versions: ReadinessReport["versions"];
};

export function openSelfTest(parts: OpenSelfTestParts): GuidedSelfTest {
  const { settings, clock, log } = parts;
  return guidedSelfTest({
    ...parts,
    // A virtual totem's voice is its panel: there is always something to judge.
    hasVoice: settings.devices === "simulated" || settings.voice.on,
    language: () => voiceLanguagesOf(parts.site()?.languages ?? [])[0],
    checks: () => automaticChecks({ ...parts, ...settings }),
    report: async ({ startedMs, tookMs, ready, items, bounce }) => {
      const report: ReadinessReport = {
        totemId: settings.totemId,
        siteId: settings.siteId,
        ready,
        startedMs,
        tookMs,
        clock: clock.entryTime().clock,
        versions: parts.versions,
        machine: machineOf(settings.devices === "board" ? settings.board.chipLabel : null),
        items: [...items],
        bounce,
      };
      return { report, files: writeReport(report, { dataDir: settings.dataDir, log }) };
    },
  });
}
