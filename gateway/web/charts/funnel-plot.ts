/**
 * A funnel plot as an SVG: votes to the right, the share upwards, the limits of chance as two pairs of lines, each service as a numbered mark whose
 * shape says where it lies. Pure.
 */
import { type Funnel, type FunnelPoint, limitsAt } from "../../dashboard/funnel.ts";
import { type Html, html } from "../html.ts";

const [WIDTH, HEIGHT] = [720, 380];
const [LEFT, RIGHT, TOP, BOTTOM] = [72, 16, 14, 40];
/** Points of each limit's line: smooth to the eye. */
const STEPS = 60;

/** @param labels said by screen readers, and written at the axis. */
export function funnelPlot(
  { overall, points }: Funnel,
  labels: { readonly label: string; readonly votes: string },
  number: (count: number) => string,
): Html {
  const votesMax = Math.max(...points.map(({ whole }) => whole)) * 1.08;
  const lowest = Math.min(...points.map(({ share }) => share), limitsAt(overall, votesMax / 8).low998);
  const floor = Math.max(0, Math.floor(lowest * 10 - 0.5) / 10);
  const x = (votes: number) => round(LEFT + (votes / votesMax) * (WIDTH - LEFT - RIGHT));
  const y = (share: number) =>
    round(TOP + (1 - (Math.max(share, floor) - floor) / (1 - floor)) * (HEIGHT - TOP - BOTTOM));
  const votesAt = Array.from({ length: STEPS }, (_, n) => Math.max(1, (votesMax * (n + 1)) / STEPS));
  const line = (limit: "low95" | "high95" | "low998" | "high998") =>
    votesAt
      .map((votes, n) => `${n === 0 ? "M" : "L"}${x(votes)} ${y(limitsAt(overall, votes)[limit])}`)
      .join("");
  const shares = Array.from({ length: 11 }, (_, n) => n / 10).filter((share) => share >= floor);
  return html`<svg class="chart funnel" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${labels.label}">
${shares.map((share) => html`<path class="grid" d="M${LEFT} ${y(share)}H${WIDTH - RIGHT}"/><text class="end" x="${LEFT - 8}" y="${y(share) + 4}">${Math.round(share * 100)}%</text>`)}
<text class="end" x="${WIDTH - RIGHT}" y="${HEIGHT - 8}">${labels.votes}</text>${[0, 0.25, 0.5, 0.75].map((part) => html`<text class="middle" x="${x(votesMax * part)}" y="${HEIGHT - 22}">${number(Math.round(votesMax * part))}</text>`)}
<path class="overall" d="M${LEFT} ${y(overall)}H${WIDTH - RIGHT}"/>
<path class="limit" d="${line("low95")}${line("high95")}"/><path class="limit far" d="${line("low998")}${line("high998")}"/>
${points.map((point, at) => html`<g class="mark ${point.verdict}">${mark(point, x(point.whole), y(point.share))}<text x="${x(point.whole) + 9}" y="${y(point.share) - 7}">${at + 1}</text></g>`)}</svg>`;
}

function mark({ verdict }: FunnelPoint, x: number, y: number): Html {
  if (verdict === "usual") return html`<circle cx="${x}" cy="${y}" r="5"/>`;
  if (verdict === "unusual") return html`<rect x="${x - 5}" y="${y - 5}" width="10" height="10"/>`;
  return html`<path d="M${x} ${y - 8}l8 8l-8 8l-8-8z"/>`;
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
