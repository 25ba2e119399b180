/**
 * The table that a chart's figures stand in, and how the parts of a page write them. Pure.
 */
import type { ReportRow } from "../reports/rows.ts";
import { type Html, html } from "./html.ts";
import type { PageLanguage } from "./page-words.ts";

/** How a part of the page of trends names and writes things. */
export type PartAbout = {
  readonly language: PageLanguage;
  readonly nameOf: (row: ReportRow) => string;
  readonly isExact: boolean;
};

/** Opened by who wants the figures. @param subject said of the table beside its summary, so that two of them are told apart. */
export function figuresTable(
  { summary, subject }: { readonly summary: string; readonly subject: string },
  head: readonly string[],
  rows: readonly Html[],
): Html {
  return html`<details class="figures"><summary>${summary}</summary><div class="scroll" tabindex="0" role="region" aria-label="${`${summary}: ${subject}`}"><table><thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div></details>`;
}
