/**
 * A share with its 95 % interval as a small SVG: the interval is the broad band, the share a stroke in it, so that few votes look as uncertain
 * as they are. Colours come from the page's style. Pure.
 *
 * Charts are drawn by hand, not by ECharts 6: loading it adds 97 MB to a gateway that may be 200 MB large and takes 2.9 s; what it draws on
 * the server holds inline styles, which the pages' policy forbids, and colours that know no dark. Measured with Node 24 on two cores.
 */
import { type Html, html } from "../html.ts";

const WIDTH = 200;
const HEIGHT = 20;

/** @param score tenths of a per cent. @param label said by screen readers instead. */
export function intervalBar(
  score: { readonly share: number; readonly low: number; readonly high: number },
  label: string,
): Html {
  const at = (tenths: number) => Math.round((tenths / 1_000) * (WIDTH - 4) * 10) / 10 + 2;
  const [low, high] = [at(score.low), at(score.high)];
  return html`<svg class="chart interval-bar" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${label}">
<path class="track" d="M2 10H${WIDTH - 2}"/><path class="ticks" d="M2 6v8M${WIDTH / 2} 6v8M${WIDTH - 2} 6v8"/>
<rect class="band" x="${low}" y="4" width="${Math.round((high - low) * 10) / 10}" height="12" rx="2"/><path class="share" d="M${at(score.share)} 1v18"/></svg>`;
}
