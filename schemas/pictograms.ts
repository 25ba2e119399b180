/**
 * What is printed on the pictograms, as lines on a field of 48 by 48: on the totem's plate and on the panel of a virtual one
 * the same, so that whoever learnt one knows the other.
 */
import type { PANEL_PICTOGRAMS } from "./panel.ts";

export const PICTOGRAM_FIELD = 48;

export const PICTOGRAM_LINES: Readonly<Record<(typeof PANEL_PICTOGRAMS)[number], string>> = {
  /** A receipt with its code, going down into the reader. */
  showReceipt: "M15 5h18v22H15zM20 11v10M24 11v10M28 11v10M24 31v9m-5-4.5l5 5 5-5M8 45h32",
  /** Three keys in a row and a finger under the middle one; which one is nobody's advice. */
  choose: "M3 12a6 6 0 1 1 12 0a6 6 0 1 1-12 0M18 6h12v12H18zM39 6l7 12H32zM24 44V25m-8 8l8-9 8 9",
  thankYou: "M6 24a18 18 0 1 1 36 0a18 18 0 1 1-36 0M15 24.5l6.5 7L34 17.5",
  notAccepted: "M6 24a18 18 0 1 1 36 0a18 18 0 1 1-36 0M11.5 36.5l25-25",
};
