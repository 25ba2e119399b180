/**
 * What the panel shows of a virtual totem: what a person in front of it would see, and what its journal holds. Never a
 * scanned text, never which key was pressed.
 */

import { KEYS } from "#schemas/code-list.ts";
import type { SiteSettings } from "#schemas/messages.ts";
import type { JournalSums } from "../../ports.ts";
import type { View } from "../../session/view.ts";
import type { SimulatedTotem } from "../simulated-totem.ts";

export type PanelState = Omit<View, never> & {
  readonly totemId: string;
  readonly pending: number;
  readonly captured: number;
  readonly acknowledged: number;
  readonly heard: ReturnType<SimulatedTotem["indicators"]["heard"]>;
  readonly connected: boolean;
  readonly networkPlugged: boolean;
  readonly scannerPlugged: boolean;
  readonly headphones: boolean;
  readonly jammed: readonly string[];
  readonly clock: { readonly offsetMs: number; readonly synchronized: boolean; readonly trusted: boolean };
  readonly wording: number;
  readonly sample: boolean;
  readonly services: readonly string[];
};

export function panelState(parts: {
  readonly totemId: string;
  readonly view: View;
  readonly sums: JournalSums;
  readonly simulated: SimulatedTotem;
  readonly connected: boolean;
  readonly clockTrusted: boolean;
  readonly site: SiteSettings | null;
}): PanelState {
  const { simulated, sums, site } = parts;
  return {
    ...parts.view,
    totemId: parts.totemId,
    pending: sums.pending,
    captured: sums.captured,
    acknowledged: sums.acknowledged,
    heard: simulated.indicators.heard(),
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
    wording: site?.wording ?? 1,
    sample: site?.sample ?? false,
    services: servicesHere(site),
  };
}

function servicesHere(site: SiteSettings | null): readonly string[] {
  if (site === null) return [];
  return site.offices
    .filter((office) => site.serves.includes(office.officeId))
    .flatMap((office) => office.services.map((service) => service.serviceId));
}
