/**
 * What stands beside the totem: the desk where a receipt is handed out, and the workshop where cables are pulled, clocks
 * set wrong and the power cut.
 */
import { KEYS, type Key } from "#schemas/code-list.ts";
import { CLOCK_OFFSET_MAX_MS, PANEL_SCAN_MAX, type PanelState } from "#schemas/panel.ts";
import { MINUTE_MS } from "#schemas/time.ts";
import { attribute, html, type Markup } from "../../markup.ts";
import type { PageWords } from "./page-words.ts";

export function deskMarkup(state: PanelState, words: PageWords, canPrint: boolean): Markup {
  const { desk } = words.panel;
  const printer = html`<div class="field"><label for="service">${desk.service}</label>
<select id="service">${state.services.map((service) => html`<option>${service}</option>`)}</select></div>
<p id="no-services"${attribute("hidden", state.services.length > 0)}>${desk.waitingForServices}</p>
<button type="button" class="button primary" id="print">${desk.print}</button>`;
  return html`<section class="desk" id="desk" aria-labelledby="desk-title">
<h2 id="desk-title">${desk.title}</h2>
<div class="card">
${canPrint ? html`<p class="hint">${desk.hint}</p>${printer}` : html`<p>${desk.cannotPrint}</p>`}
<h3 id="receipts-title">${desk.receipts}</h3>
<p id="no-receipts">${desk.none}</p>
<ol id="receipts" class="receipts" aria-labelledby="receipts-title" hidden></ol>
<div id="glue-receipts" hidden><button type="button" class="button" id="scan-both">${desk.glue}</button>
<p class="hint">${desk.glueHint}</p></div>
<template id="receipt"><li class="receipt"><p class="receipt-head"><span class="receipt-title"></span> <span class="receipt-service"></span></p>
<input class="receipt-code" readonly><button type="button" class="button receipt-scan">${desk.scan}</button></li></template>
</div>
</section>`;
}

export function workshopMarkup(state: PanelState, words: PageWords): Markup {
  const { panel } = words;
  return html`<section class="workshop" id="workshop" aria-labelledby="workshop-title">
<h2 id="workshop-title">${panel.workshop.title}</h2>
${journal(state, words)}
${cables(state, words)}
${power(words)}
${reader(state, words)}
${clock(state, words)}
${jams(state, words)}
${personal(words)}
</section>`;
}

function journal(state: PanelState, { panel }: PageWords): Markup {
  const { journal: words } = panel;
  const figure = (name: "captured" | "acknowledged" | "pending") =>
    html`<span class="figure"><strong id="journal-${name}">${state[name]}</strong> ${words[name]}</span>`;
  return html`<section class="card" aria-labelledby="journal-title">
<h3 id="journal-title">${words.title}</h3>
<p class="sums">${figure("captured")} <span class="sign">=</span> ${figure("acknowledged")} <span class="sign">+</span> ${figure("pending")}</p>
<progress id="journal-bar" max="${Math.max(1, state.captured)}" value="${state.acknowledged}" aria-label="${words.bar}"></progress>
<p class="hint" id="journal-note">${words.now}</p>
</section>`;
}

function reader(state: PanelState, { panel }: PageWords): Markup {
  const { reader: words } = panel;
  return html`<section class="card" aria-labelledby="reader-title">
<h3 id="reader-title">${words.title}</h3>
<form id="scan-form">
${textField("scan-text", words.text)}
<button class="button primary" id="scan">${words.scan}</button>
${textField("scan-glued-text", words.glued)}
<div class="row"><button type="button" class="button" id="scan-glued">${words.scanGlued}</button>
<button type="button" class="button" id="scan-halfway">${words.halfway}</button></div>
</form>
${toggle("scan-unterminated", words.unterminated, false)}
<p id="refusal-line" class="hint"${attribute("hidden", state.refusal === null)}>${words.refusal} <code id="refusal">${state.refusal ?? ""}</code></p>
</section>`;
}

function cables(state: PanelState, { panel }: PageWords): Markup {
  const { cables: words } = panel;
  return html`<section class="card" aria-labelledby="cables-title">
<h3 id="cables-title">${words.title}</h3>
<p class="lamp-line"><span id="connected" data-connected="${String(state.connected)}">${
    state.connected ? words.connected : words.disconnected
  }</span></p>
${toggle("network-plugged", words.network, state.networkPlugged)}
${toggle("scanner-plugged", words.scanner, state.scannerPlugged)}
${toggle("headphones-plugged", words.headphones, state.headphones)}
</section>`;
}

function clock(state: PanelState, { panel }: PageWords): Markup {
  const { clock: words } = panel;
  const most = Math.floor(CLOCK_OFFSET_MAX_MS / MINUTE_MS);
  return html`<section class="card" aria-labelledby="clock-title">
<h3 id="clock-title">${words.title}</h3>
<p class="lamp-line"><span id="clock-trust" data-trusted="${String(state.clock.trusted)}">${
    state.clock.trusted ? words.trusted : words.untrusted
  }</span></p>
<form id="clock-form">
<div class="field"><label for="clock-offset">${words.offset}</label>
<input id="clock-offset" type="number" step="1" min="${-most}" max="${most}" value="${Math.round(state.clock.offsetMs / MINUTE_MS)}" required></div>
${toggle("clock-synchronized", words.synchronized, state.clock.synchronized)}
<button class="button" id="clock-set">${words.set}</button>
</form>
</section>`;
}

function jams(state: PanelState, words: PageWords): Markup {
  const { jam } = words.panel;
  return html`<details class="card" id="jams">
<summary><h3>${jam.title}</h3></summary>
<p class="hint">${jam.hint}</p>
<div class="jam-list">${KEYS.map((key) => toggle(`jam-${key}`, keyLabel(key, words), state.jammed.includes(key)))}</div>
</details>`;
}

function power({ panel }: PageWords): Markup {
  return html`<section class="card" aria-labelledby="power-title">
<h3 id="power-title">${panel.power.title}</h3>
<p class="lamp-line"><span id="power-state" data-power="on">${panel.workshop.on}</span></p>
<p class="hint">${panel.power.hint}</p>
<button type="button" class="button danger" id="cut-power">${panel.power.cut}</button>
</section>`;
}

function personal({ panel }: PageWords): Markup {
  const { personal: words } = panel;
  return html`<section class="card" aria-labelledby="personal-title">
<h3 id="personal-title">${words.title}</h3>
${toggle("allow-sound", words.sound, false)}
${toggle("allow-voice", words.voice, false)}
${toggle("allow-digits", words.digits, false)}
</section>`;
}

function toggle(id: string, label: string, checked: boolean): Markup {
  return html`<label class="toggle" for="${id}"><input type="checkbox" id="${id}" autocomplete="off"${attribute("checked", checked)}><span>${label}</span></label>`;
}

/** No spell checking and no completion: what is typed here may be a health card's code, and browsers send it away. */
function textField(id: string, label: string): Markup {
  return html`<div class="field"><label for="${id}">${label}</label>
<input id="${id}" type="text" maxlength="${PANEL_SCAN_MAX}" autocomplete="off" autocapitalize="off" spellcheck="false"></div>`;
}

function keyLabel(key: Key, { citizen, panel }: PageWords): string {
  if (key === "assist") return panel.totem.assist;
  if (key === "service") return panel.totem.service;
  return key in citizen.faces
    ? citizen.faces[key as keyof typeof citizen.faces]
    : citizen.reasons[key as keyof typeof citizen.reasons];
}
