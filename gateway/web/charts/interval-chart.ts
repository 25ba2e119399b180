/**
 * Shares over periods as an SVG: for each period the 95 % interval as a bar and the share as a stroke; where nothing may be shown, nothing. Pure.
 */
import { type Html, html } from "../html.ts";

const [WIDTH, HEIGHT] = [720, 210];
const [LEFT, RIGHT, TOP, BOTTOM] = [72, 10, 14, 34];
/** Names under the axis: more would run into each other. On a phone every other one is left out. */
const NAMES_MAX = 6;

export type IntervalPoint = {
  readonly name: string;
  readonly score: { readonly share: number; readonly low: number; readonly high: number } | null;
};

/** @param label said by screen readers, who find the figures in the table below. */
export function intervalChart(points: readonly IntervalPoint[], label: string): Html {
  const step = (WIDTH - LEFT - RIGHT) / Math.max(1, points.length);
  const y = (tenths: number) => round(TOP + (1 - tenths / 1_000) * (HEIGHT - TOP - BOTTOM));
  const wide = Math.min(22, step * 0.6);
  const every = Math.ceil(points.length / NAMES_MAX);
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${label}">
${[0, 500, 1_000].map((tenths) => html`<path class="grid" d="M${LEFT} ${y(tenths)}H${WIDTH - RIGHT}"/><text class="end" x="${LEFT - 8}" y="${y(tenths) + 4}">${tenths / 10}%</text>`)}
${points.map(({ name, score }, at) => {
  const x = LEFT + step * (at + 0.5);
  const text =
    at % every === 0
      ? html`<text class="middle${(at / every) % 2 === 1 ? " more" : ""}" x="${round(x)}" y="${HEIGHT - 10}">${name}</text>`
      : html``;
  if (score === null) return text;
  return html`<rect class="band" x="${round(x - wide / 2)}" y="${y(score.high)}" width="${round(wide)}" height="${round(Math.max(2, y(score.low) - y(score.high)))}" rx="2"/><path class="share" d="M${round(x - wide / 2)} ${y(score.share)}h${round(wide)}"/>${text}`;
})}</svg>`;
}

/** A tenth of a pixel is enough. */
function round(number: number): number {
  return Math.round(number * 10) / 10;
}
