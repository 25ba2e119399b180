/**
 * How much of a whole something is, as a small SVG beside its figure. Pure.
 */
import { type Html, html } from "../html.ts";

const WIDTH = 160;

/** Said by nobody: the figure stands beside it. */
export function partBar(part: number, whole: number): Html {
  const wide = whole === 0 ? 0 : Math.round((part / whole) * WIDTH * 10) / 10;
  return html`<svg class="chart part-bar" viewBox="0 0 ${WIDTH} 12" width="${WIDTH}" height="12" aria-hidden="true" focusable="false"><path class="track" d="M0 11.5H${WIDTH}"/><rect class="band" x="0" y="1" width="${wide}" height="9"/></svg>`;
}
