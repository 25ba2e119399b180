/**
 * The pages of alarms: those that stand, those somebody looks after, the last that ended and what was told to whom; and for each alarm what
 * it means and what to do, from the guide. Pure.
 */
import { ALARM_NOTE_MAX, type AlarmCode } from "#schemas/alarms.ts";
import type { Runbook, Sentence } from "../alerts/runbook.ts";
import type { Alarm, ClearedAlarm } from "../store/alarm-store.ts";
import type { Delivery } from "../store/delivery-store.ts";
import { FLEET_WORDS, type FleetWords } from "./fleet-words.ts";
import { formatsOf } from "./formats.ts";
import { type Html, html, NOTHING } from "./html.ts";
import type { PageLanguage } from "./page-words.ts";
import { shell, type Visit } from "./shell.ts";

export type AlarmsContent = {
  readonly sample: boolean;
  readonly visit: Visit;
  readonly alarms: readonly Alarm[];
  readonly cleared: readonly ClearedAlarm[];
  readonly deliveries: readonly Delivery[];
  readonly zone: string;
};

type Told = {
  readonly words: FleetWords;
  readonly when: (ms: number) => string;
  readonly language: PageLanguage;
};

/** The page of all alarms. @param token the hidden field of a session's forms; nothing for who has no session, and no form then. */
export function renderAlarms(content: AlarmsContent, language: PageLanguage, token: Html): string {
  const words = FLEET_WORDS[language];
  const told: Told = { words, language, when: (ms) => formatsOf(language).clock(ms, content.zone) };
  const open = content.alarms.filter(({ acknowledged }) => acknowledged === null);
  const seen = content.alarms.filter(({ acknowledged }) => acknowledged !== null);
  return shell(
    { ...content, title: words.alarms, style: "/fleet.css" },
    language,
    html`<h2>${words.open}</h2>
${open.length === 0 ? html`<p>${words.noAlarms}</p>` : html`<ul class="standing">${open.map((alarm) => item(alarm, told, form(alarm, told, token)))}</ul>`}
<h2>${words.seen}</h2>
${seen.length === 0 ? html`<p>${words.none}</p>` : html`<ul class="standing">${seen.map((alarm) => item(alarm, told, NOTHING))}</ul>`}
<h2>${words.cleared}</h2>
${content.cleared.length === 0 ? html`<p>${words.none}</p>` : html`<ul>${content.cleared.map((alarm) => endedItem(alarm, told))}</ul>`}
<h2>${words.told}</h2>
${content.deliveries.length === 0 ? html`<p>${words.toldNone}</p>` : html`<ul>${content.deliveries.map((message) => html`<li>${message.subject}: ${delivery(message, told)}</li>`)}</ul>`}`,
  );
}

/** What one kind of alarm means and what to do. */
export function renderRunbook(
  content: {
    readonly sample: boolean;
    readonly visit: Visit;
    readonly code: AlarmCode;
    readonly runbook: Runbook;
  },
  language: PageLanguage,
): string {
  const words = FLEET_WORDS[language];
  const { meaning, steps } = content.runbook;
  return shell(
    { ...content, title: content.code, style: "/fleet.css" },
    language,
    html`<p class="where">${sentence(meaning)}</p>
<h2>${words.whatToDo}</h2>
<ol class="steps">${steps.map((step) => html`<li>${sentence(step)}</li>`)}</ol>
<p><a href="/alarms?lang=${language}">${words.back}</a></p>`,
  );
}

function item(alarm: Alarm, told: Told, form: Html): Html {
  const { words, when } = told;
  const { firstMs, times, detail, acknowledged } = alarm;
  return html`<li>${heading(alarm, told)}
<p lang="en">${detail}</p>
<p class="note">${words.since} ${when(firstMs)}, ${words.times(times)}</p>
${
  acknowledged === null
    ? NOTHING
    : html`<p>${words.seenBy(acknowledged.by, when(acknowledged.atMs))}${acknowledged.note === "" ? "" : `: ${acknowledged.note}`}</p>`
}${form}</li>`;
}

function form({ code, subject }: Alarm, { words, language }: Told, token: Html): Html {
  if (token.text === "") return NOTHING;
  const id = `note-${code}-${subject}`;
  return html`<form method="post" action="/alarms/acknowledge?lang=${language}">${token}
<input type="hidden" name="code" value="${code}"><input type="hidden" name="subject" value="${subject}">
<label for="${id}">${words.note}</label> <input id="${id}" name="note" maxlength="${ALARM_NOTE_MAX}" autocomplete="off">
<button>${words.acknowledge}</button></form>`;
}

function heading({ code, subject }: Alarm, { words, language }: Told): Html {
  return html`<h3><a href="/alarms/${code}?lang=${language}">${code}</a>, ${subject === "" ? words.gateway : subject}</h3>`;
}

function endedItem(alarm: ClearedAlarm, { words, when, language }: Told): Html {
  const { code, subject, clearedMs } = alarm;
  return html`<li><a href="/alarms/${code}?lang=${language}">${code}</a>, ${subject === "" ? words.gateway : subject}: ${words.over(when(clearedMs))}</li>`;
}

function delivery({ channel, doneMs, nextMs, tries, error }: Delivery, { words, when }: Told): string {
  if (doneMs !== null) return words.went(channel, when(doneMs));
  return nextMs === null ? words.lost(channel, tries, error ?? "") : words.waits(channel, tries, error ?? "");
}

function sentence(pieces: Sentence): Html {
  return html`${pieces.map(({ isCode, text }) => (isCode ? html`<code>${text}</code>` : html`${text}`))}`;
}
