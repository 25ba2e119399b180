/**
 * The readiness report as a page to print and sign: one file that needs nothing else. Pure.
 */
import { BOUNCE_BINS_MS, type ReadinessReport, type SelfTestItemResult } from "#schemas/self-test.ts";
import { SECOND_MS } from "#schemas/time.ts";
import type { VoiceLanguage } from "#schemas/voice-texts.ts";
import { html, type Markup } from "../markup.ts";
import { itemName, keyName, REPORT_WORDS, type ReportWords, resultNote } from "./report-words.ts";

const STYLE: Markup = {
  html: `body{font:11pt/1.4 system-ui,sans-serif;color:#17324d;margin:2rem auto;max-width:48rem;padding:0 1rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:1.5rem 0 .3rem;break-after:avoid}
.verdict{display:inline-block;margin:.8rem 0;padding:.3rem .9rem;border:3px solid;font-weight:700;font-size:1.3rem}
.ready{color:#006b3f}.not-ready{color:#a8000f}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:0}dt{color:#455a6f}dd{margin:0;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;font-size:.92em}th,td{text-align:left;padding:.15rem .5rem;border-bottom:1px solid #c5cfd9;vertical-align:top}
td.number,th.number{text-align:right}tr{break-inside:avoid}tr.failed td{font-weight:700;color:#a8000f}tr.skipped td,tr.noted td{font-style:italic}
.sign{display:grid;grid-template-columns:1fr 1fr 1fr;gap:2rem;margin-top:3.5rem;break-inside:avoid}.sign span{border-top:1px solid;padding-top:.2rem}
.wide{overflow-x:auto}.wide:focus-visible{outline:3px solid #0066cc}
@media print{.wide{overflow:visible}body{margin:0;max-width:none;font-size:9.5pt}}`,
};

/** The page in one language. Times are UTC: the paper says so. */
export function reportHtml(report: ReadinessReport, language: VoiceLanguage): string {
  const words = REPORT_WORDS[language];
  const verdict = report.ready
    ? html`<p class="verdict ready">${words.ready}</p>`
    : html`<p class="verdict not-ready">${words.notReady}</p>`;
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${words.title} ${report.totemId}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${words.title}</h1>
${verdict}
${facts(report, words)}
${items(report.items, language, words)}
${bounce(report.bounce, language, words)}
<div class="sign"><span>${words.name}</span><span>${words.date}</span><span>${words.signature}</span></div>
</main>
</body>
</html>
`.html;
}

function facts(report: ReadinessReport, words: ReportWords): Markup {
  const { machine, versions } = report;
  const rows: readonly (readonly [string, string])[] = [
    [words.totem, report.totemId],
    [words.site, report.siteId],
    [words.started, `${timeOf(report.startedMs)} UTC`],
    [words.took, secondsOf(report.tookMs, words)],
    [words.clock, words.clocks[report.clock]],
    [words.board, machine.model ?? words.unknown],
    [words.serial, machine.serial ?? words.unknown],
    [words.kernel, `${machine.kernel}, ${machine.architecture}`],
    [words.chip, machine.chipLabel ?? words.unknown],
    [
      words.versions,
      `Faccine ${versions.firmware}, Node ${versions.node}, SQLite ${versions.sqlite}, schema ${versions.schema}`,
    ],
  ];
  return html`<dl>${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

function items(results: readonly SelfTestItemResult[], language: VoiceLanguage, words: ReportWords): Markup {
  return html`<h2>${words.items}</h2>
<div class="wide" tabindex="0" role="region" aria-label="${words.items}"><table><thead><tr><th>${words.item}</th><th>${words.result}</th><th>${words.note}</th><th class="number">${words.took}</th></tr></thead><tbody>
${results.map(
  (
    one,
  ) => html`<tr class="${one.result}"><td>${itemName(one.item, language)}</td><td>${words.results[one.result]}</td><td>${resultNote(one, language)}</td><td class="number">${secondsOf(one.tookMs, words)}</td></tr>
`,
)}</tbody></table></div>`;
}

function bounce(found: ReadinessReport["bounce"], language: VoiceLanguage, words: ReportWords): Markup {
  if (found === null) return html`<h2>${words.bounce}</h2><p>${words.noBounce}</p>`;
  return html`<h2>${words.bounce}</h2>
<p>${words.bounceHint}</p>
<div class="wide" tabindex="0" role="region" aria-label="${words.bounce}"><table><thead><tr><th>${words.key}</th><th class="number">${words.overAll}</th>${BOUNCE_BINS_MS.map(
    (ms, index) => html`<th class="number">${binName(ms, index, words)}</th>`,
  )}</tr></thead><tbody>
${found.map(
  ({
    key,
    changes,
    counts,
  }) => html`<tr><td>${keyName(key, language)}</td><td class="number">${changes}</td>${counts.map((count) => html`<td class="number">${count}</td>`)}</tr>
`,
)}</tbody></table></div>`;
}

/** The last bin holds whatever took longer than the one before. */
function binName(ms: number, index: number, { upTo, over }: ReportWords): string {
  if (ms === 0) return "0";
  const isLast = index === BOUNCE_BINS_MS.length - 1;
  return isLast ? `${over} ${BOUNCE_BINS_MS.at(-2)}` : `${upTo} ${ms}`;
}

function secondsOf(ms: number, { decimal }: ReportWords): string {
  return `${(ms / SECOND_MS).toFixed(1).replace(".", decimal)} s`;
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}
