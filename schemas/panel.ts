/**
 * What a virtual totem's panel takes and shows over HTTP (CONTRACT section 6). Only for simulated devices.
 */
import { KEYS } from "./code-list.ts";
import { flag, integer, type Of, oneOf, optional, record, shape, text } from "./shape.ts";
import { DAY_MS } from "./time.ts";

/** Longest text the panel's scanner slot reads: longer than any ticket, so that an overlong code can be tried. */
const SCAN_MAX = 4_096;

/** Two years either way, for clocks that are very wrong. */
const CLOCK_OFFSET_MAX_MS = 731 * DAY_MS;

export const PANEL_SCAN = shape(
  "panel-scan",
  record({ code: text(SCAN_MAX), glued: optional(text(SCAN_MAX)), unterminated: optional(flag()) }),
);
export const PANEL_PRESS = shape("panel-press", record({ key: oneOf(KEYS) }));
export const PANEL_TICKET = shape("panel-ticket", record({ service: text(40) }));
export const PANEL_NETWORK = shape("panel-network", record({ plugged: flag() }));
export const PANEL_SCANNER = shape("panel-scanner", record({ plugged: flag() }));
export const PANEL_HEADPHONES = shape("panel-headphones", record({ plugged: flag() }));
export const PANEL_JAM = shape("panel-jam", record({ key: oneOf(KEYS), jammed: flag() }));
export const PANEL_CLOCK = shape(
  "panel-clock",
  record({ offsetMs: integer(-CLOCK_OFFSET_MAX_MS, CLOCK_OFFSET_MAX_MS), synchronized: flag() }),
);
export const PANEL_POWER = shape("panel-power", record({ cut: flag() }));

export type PanelScan = Of<typeof PANEL_SCAN>;
