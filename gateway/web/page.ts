/**
 * The page of today as HTML. Pure: everything it shows is passed in.
 */
import type { StatusAnswer } from "#schemas/api.ts";
import { localDayOf } from "#schemas/local-day.ts";
import type { RecountResult } from "../store/store.ts";
import { type Html, html, NOTHING } from "./html.ts";
import {
  PAGE_WORDS,
  type PageLanguage,
  type PageWords,
  SHOWN_COLUMNS,
  type ShownColumn,
} from "./page-words.ts";
import { shell, type Visit } from "./shell.ts";

export type { PageLanguage } from "./page-words.ts";

export type PageContent = {
  readonly sample: boolean;
  readonly visit: Visit;
  readonly status: StatusAnswer;
  readonly recount: RecountResult | null;
  readonly nowMs: number;
  readonly zone: string;
};

type Row = Pick<StatusAnswer["totems"][number], "captured" | "pending" | "sums">;

/** What there is to see at once. */
export function renderPage(content: PageContent, language: PageLanguage): string {
  const words = PAGE_WORDS[language];
  const { status } = content;
  return shell(
    { ...content, title: words.title },
    language,
    html`${sumsBox(content, words, language)}
<p><a href="?lang=${language}">${words.reload}</a></p>
<h2>${words.votes}</h2>
${status.totems.length === 0 ? html`<p>${words.noTotems}</p>` : totemTable(content, words, language)}
${status.liveStep > 1 ? html`<p class="note">${words.step(status.liveStep)}</p>` : NOTHING}
<h2>${words.alarms}</h2>
${alarmList(status, words)}`,
  );
}

function sumsBox({ status, recount, zone }: PageContent, words: PageWords, language: PageLanguage): Html {
  const recounted = recountSentence(recount, words, (ms) => moment(ms, zone, language));
  if (status.addsUp)
    return html`<p class="sums good" role="status"><strong>✓ ${words.addsUp}</strong> ${recounted}</p>`;
  return html`<div class="sums bad" role="alert"><p><strong>✗ ${words.doesNotAddUp}</strong></p>
<ul>${status.problems.map((problem) => html`<li>${problem}</li>`)}</ul><p>${recounted}</p></div>`;
}

function recountSentence(
  recount: RecountResult | null,
  words: PageWords,
  when: (ms: number) => string,
): string {
  if (recount === null) return words.notRecounted;
  return recount.days === 0
    ? words.recountedNone(when(recount.atMs))
    : words.recounted(when(recount.atMs), recount.days);
}

function totemTable({ status, zone, nowMs }: PageContent, words: PageWords, language: PageLanguage): Html {
  const cells = (row: Row) =>
    SHOWN_COLUMNS.map((column) => html`<td>${figure(shown(column, row), language)}</td>`);
  const known = status.totems.map((totem) => totem.pending).filter((pending) => pending !== null);
  const total: Row = {
    captured: status.totems.reduce((sum, totem) => sum + totem.captured, 0),
    pending: known.length === 0 ? null : known.reduce((sum, pending) => sum + pending, 0),
    sums: status.total,
  };
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${words.votes}"><table>
<thead><tr><th scope="col">${words.totem}</th><th scope="col">${words.state}</th><th scope="col">${words.seen}</th>
${SHOWN_COLUMNS.map((column) => html`<th scope="col">${words.columns[column]}</th>`)}</tr></thead>
<tbody>${status.totems.map(
    (totem) => html`<tr><th scope="row">${totem.totemId}</th>
<td class="${totem.online ? "online" : "offline"}">${totem.online ? `● ${words.online}` : `○ ${words.offline}`}</td>
<td>${totem.seenMs === null ? words.never : heard(totem.seenMs, { nowMs, zone, language })}</td>${cells(totem)}</tr>`,
  )}</tbody>
<tfoot><tr><th scope="row">${words.total}</th><td></td><td></td>${cells(total)}</tr></tfoot>
</table></div>`;
}

function shown(column: ShownColumn, row: Row): number | null {
  if (column === "captured" || column === "pending") return row[column];
  return column === "valid" ? row.sums.accepted + row.sums.late : row.sums[column];
}

function alarmList(status: StatusAnswer, words: PageWords): Html {
  if (status.alarms.length === 0) return html`<p>${words.noAlarms}</p>`;
  return html`<ul>${status.alarms.map(
    (alarm) =>
      html`<li><code>${alarm.code}</code> ${alarm.subject} ${alarm.detail} (${words.times(alarm.times)})</li>`,
  )}</ul>`;
}

function figure(count: number | null, language: PageLanguage): string {
  return count === null ? "–" : new Intl.NumberFormat(language).format(count);
}

/** When a totem was last heard: the hour alone for today, so that the table stays narrow. */
function heard(
  ms: number,
  at: { readonly nowMs: number; readonly zone: string; readonly language: PageLanguage },
): string {
  const { nowMs, zone, language } = at;
  if (localDayOf(ms, zone) !== localDayOf(nowMs, zone)) return moment(ms, zone, language);
  const options = { timeStyle: "short", timeZone: zone } as const;
  return new Intl.DateTimeFormat("en-GB", options).format(ms);
}

function moment(ms: number, zone: string, language: PageLanguage): string {
  return new Intl.DateTimeFormat(language === "it" ? "it-IT" : "en-GB", {
    dateStyle: "short",
    timeStyle: "short",
    timeZone: zone,
  }).format(ms);
}
