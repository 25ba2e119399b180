/**
 * A bar of judgements as an SVG: three parts, told apart by place, shade and hatching, not by colour alone; above them the interval of the first
 * part. Pure.
 */
import { type Html, html, NOTHING } from "../web/html.ts";

const WIDTH = 300;
const HEIGHT = 26;

export type Bar = {
  readonly green: number;
  readonly yellow: number;
  readonly red: number;
  /** Tenths of a per cent. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** Said by screen readers instead. */
  readonly label: string;
};

/** The bar; nothing when there is no vote to show. */
export function barSvg({ green, yellow, red, interval, label }: Bar): Html {
  const valid = green + yellow + red;
  if (valid === 0) return NOTHING;
  const wide = (votes: number) => (votes / valid) * WIDTH;
  const [first, second] = [wide(green), wide(yellow)];
  const at = (tenths: number) => round((tenths / 1_000) * WIDTH);
  return html`<svg class="bar" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${label}">
<rect class="green" x="0" y="8" width="${round(first)}" height="18"/><rect class="yellow" x="${round(first)}" y="8" width="${round(second)}" height="18"/><rect class="red" x="${round(first + second)}" y="8" width="${round(WIDTH - first - second)}" height="18"/>
${
  interval === null
    ? NOTHING
    : html`<path class="interval" d="M${at(interval.low)} 1v6M${at(interval.low)} 4H${at(interval.high)}M${at(interval.high)} 1v6"/>`
}
</svg>`;
}

/** Two decimals are a hundredth of a pixel: the same bytes on every machine. */
function round(number: number): string {
  return String(Math.round(number * 100) / 100);
}
