/**
 * What the panel shows of a virtual totem: what a person in front of it would see and hear, and how full its journal
 * is. Every field is named here one by one, so that nothing else of the session can come along: never a scanned text,
 * never which key was pressed.
 */
import { ANSWER_TO, KEYS } from "#schemas/code-list.ts";
import type { SiteSettings } from "#schemas/messages.ts";
import { PANEL_HEARD_MAX, type PanelHeard, type PanelState } from "#schemas/panel.ts";
import type { SelfTestProgress } from "#schemas/self-test.ts";
import { phraseName } from "#schemas/voice-texts.ts";
import { CURRENT_WORDING } from "#schemas/wording.ts";
import type { JournalSums } from "../../ports.ts";
import type { View } from "../../session/view.ts";
import { voicePhraseOf } from "../../session/voice-phrase.ts";
import type { Heard } from "../simulated-indicators.ts";
import type { SimulatedTotem } from "../simulated-totem.ts";

export function panelState(parts: {
  readonly totemId: string;
  readonly view: View;
  readonly selfTestAsks: SelfTestProgress | null;
  readonly selfTestReport: boolean;
  readonly sums: JournalSums;
  readonly simulated: SimulatedTotem;
  readonly connected: boolean;
  readonly clockTrusted: boolean;
  readonly site: SiteSettings | null;
}): PanelState {
  const { simulated, sums, site, view } = parts;
  return {
    totemId: parts.totemId,
    state: view.state,
    refusal: view.refusal,
    answer: view.refusal === null ? null : ANSWER_TO[view.refusal],
    lamps: { ...view.lamps },
    pictograms: { ...view.pictograms },
    testMode: view.testMode,
    selfTest: view.selfTest,
    selfTestAsks: parts.selfTestAsks,
    selfTestReport: parts.selfTestReport,
    heard: simulated.indicators.heard().slice(-PANEL_HEARD_MAX).map(heardByBystanders),
    pending: sums.pending,
    captured: sums.captured,
    acknowledged: sums.acknowledged,
    connected: parts.connected,
    networkPlugged: simulated.network.isPlugged(),
    scannerPlugged: simulated.scanner.isReady(),
    headphones: simulated.indicators.hasHeadphones(),
    jammed: KEYS.filter((key) => simulated.keys.isJammed(key)),
    clock: {
      offsetMs: simulated.clock.offsetMs(),
      synchronized: simulated.clock.isSynchronized(),
      trusted: parts.clockTrusted,
    },
    wording: site?.wording ?? CURRENT_WORDING,
    sample: site?.sample ?? false,
    services: servicesHere(site),
  };
}

/** The voice names a key only into headphones; that it named one is all that leaves them. */
function heardByBystanders(heard: Heard): PanelHeard {
  const { number } = heard;
  if ("sound" in heard) return { number, sound: heard.sound };
  const { phrase, language } = heard;
  return { number, phrase: phrase.say === "key" ? "key" : phraseName(voicePhraseOf(phrase)), language };
}

function servicesHere(site: SiteSettings | null): string[] {
  if (site === null) return [];
  const here = site.offices.filter((office) => site.serves.includes(office.officeId));
  return [...new Set(here.flatMap((office) => office.services.map((service) => service.serviceId)))];
}
