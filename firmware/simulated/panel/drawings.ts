/**
 * What is engraved on the keys and printed on the pictograms, as line drawings that take the colour of their place.
 * The faces differ in eyes and mouth, so that nobody needs their colours to tell them apart.
 */
import type { Face, ReasonKey } from "#schemas/code-list.ts";
import { PICTOGRAM_FIELD, PICTOGRAM_LINES } from "#schemas/pictograms.ts";
import { html, type Markup } from "../../markup.ts";

export const FACE_DRAWINGS: Readonly<Record<Face, Markup>> = {
  green: drawing(64, html`<path d="M16 27q5.5-8 11 0M37 27q5.5-8 11 0M14 38q18 21 36 0"/>`),
  yellow: drawing(
    64,
    html`<circle class="dot" cx="22" cy="25" r="4"/><circle class="dot" cx="42" cy="25" r="4"/><path d="M17 43h30"/>`,
  ),
  red: drawing(
    64,
    html`<path d="M13 23l11-6M51 23l-11-6"/><circle class="dot" cx="22" cy="29" r="4"/><circle class="dot" cx="42" cy="29" r="4"/><path d="M17 50q15-17 30 0"/>`,
  ),
};

export const REASON_DRAWINGS: Readonly<Record<ReasonKey, Markup>> = {
  wait: drawing(24, html`<circle cx="12" cy="12" r="9"/><path d="M12 6.5V12l4 2.5"/>`),
  staff: drawing(24, html`<circle cx="12" cy="7.5" r="4"/><path d="M4 21c0-4.5 3.5-7 8-7s8 2.5 8 7z"/>`),
  return: drawing(24, html`<path d="M4 4v5.5h5.5M4.5 9.5A8.3 8.3 0 1 1 4 14.5"/>`),
  outcome: drawing(24, html`<path d="M6 2.5h8l4.5 4.5v14.5H6zM9.5 11.5l5.5 5.5M15 11.5L9.5 17"/>`),
};

export const PICTOGRAM_DRAWINGS = Object.fromEntries(
  Object.entries(PICTOGRAM_LINES).map(([name, lines]) => [
    name,
    drawing(PICTOGRAM_FIELD, html`<path d="${lines}"/>`),
  ]),
) as Readonly<Record<keyof typeof PICTOGRAM_LINES, Markup>>;

export const ASSIST_DRAWING: Markup = drawing(
  24,
  html`<circle class="dot" cx="12" cy="4.5" r="2.2"/><path d="M4.5 9l7.5 1.5L19.5 9M12 10.5v4l-4 6.5M12 14.5l4 6.5"/>`,
);

export const SERVICE_DRAWING: Markup = drawing(
  24,
  html`<circle cx="7.5" cy="12" r="4.5"/><path d="M12 12h9.5M18 12v4M21.5 12v3"/>`,
);

function drawing(side: number, lines: Markup): Markup {
  return html`<svg class="drawing" viewBox="0 0 ${side} ${side}" aria-hidden="true" focusable="false">${lines}</svg>`;
}
