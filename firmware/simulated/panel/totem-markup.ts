/**
 * The machine itself: what stands in the office, from the pictograms down to the reader, in the order the voice reads
 * it. The service key is inside the case, never among the citizen's keys.
 */
import { FACES, type Key, REASON_KEYS } from "#schemas/code-list.ts";
import { PANEL_PICTOGRAMS, type PanelLamp, type PanelState } from "#schemas/panel.ts";
import { attribute, html, type Markup } from "../../markup.ts";
import { statusSentence } from "./browser/shown.ts";
import {
  ASSIST_DRAWING,
  FACE_DRAWINGS,
  PICTOGRAM_DRAWINGS,
  REASON_DRAWINGS,
  SERVICE_DRAWING,
} from "./drawings.ts";
import type { PageWords } from "./page-words.ts";

export function totemMarkup(state: PanelState, words: PageWords): Markup {
  const { citizen, panel } = words;
  return html`<section class="office" aria-labelledby="totem-title">
<h2 id="totem-title">${panel.totem.title} <span class="id">${state.totemId}</span></h2>
<p id="status" class="status" role="status" aria-atomic="true">${statusSentence(state, words)}</p>
<div id="totem" class="totem" data-power="on" data-state="${state.state}" data-refusal="${state.refusal ?? ""}" data-test-mode="${String(state.testMode)}">
<div class="head">
<p class="question" id="question">${citizen.question}</p>
<p class="plate test-plate" id="test-mode"${attribute("hidden", !state.testMode)}>${citizen.testMode}</p>
</div>
${pictograms(state, words)}
<div class="keys faces" role="group" aria-labelledby="question">
${FACES.map((face) =>
  key(face, {
    kind: "face-key",
    name: citizen.faces[face],
    drawing: FACE_DRAWINGS[face],
    lamp: state.lamps[face],
    words,
  }),
)}
</div>
<div class="hood">
<p class="engraving" id="reason-question">${citizen.reasonQuestion}</p>
<div class="keys reasons" role="group" aria-labelledby="reason-question">
${REASON_KEYS.map((reason) =>
  key(reason, {
    kind: "reason-key",
    name: citizen.reasons[reason],
    drawing: REASON_DRAWINGS[reason],
    lamp: state.lamps[reason],
    words,
  }),
)}
</div>
</div>
${lowerPart(state, words)}
<p class="plate" data-sample${attribute("hidden", !state.sample)}>${panel.sample}</p>
</div>
${heard(words)}
${insideTheCase(state, words)}
</section>`;
}

function pictograms(state: PanelState, { citizen, panel }: PageWords): Markup {
  return html`<ul class="pictograms" aria-label="${panel.totem.pictograms}">
${PANEL_PICTOGRAMS.map((name) => {
  const lamp = state.pictograms[name];
  return html`<li class="pictogram" id="pictogram-${kebab(name)}" data-pictogram="${name}" data-lamp="${lamp}">${PICTOGRAM_DRAWINGS[name]}<span>${citizen.pictograms[name]}</span><span class="unseen" id="lamp-${kebab(name)}">${panel.lamps[lamp]}</span></li>`;
})}
</ul>`;
}

function key(
  name: Exclude<Key, "service">,
  parts: {
    readonly kind: "face-key" | "reason-key" | "assist-key";
    readonly name: string;
    readonly drawing: Markup;
    readonly lamp: PanelLamp;
    readonly words: PageWords;
  },
): Markup {
  const { kind, drawing, lamp, words } = parts;
  return html`<div class="mount"><button type="button" class="key ${kind}" id="key-${name}" data-key="${name}" data-lamp="${lamp}" aria-describedby="lamp-${name}"><span class="cap">${drawing}</span><span class="label">${parts.name}</span></button><span class="unseen" id="lamp-${name}">${words.panel.lamps[lamp]}</span></div>`;
}

function lowerPart(state: PanelState, words: PageWords): Markup {
  const { panel } = words;
  return html`<div class="lower">
<div class="assist">
${key("assist", { kind: "assist-key", name: panel.totem.assist, drawing: ASSIST_DRAWING, lamp: state.lamps.assist, words })}
<p class="engraving">${panel.totem.assistHint}</p>
</div>
<div class="grille" aria-hidden="true"></div>
<div class="scanner" id="scanner" data-plugged="${String(state.scannerPlugged)}">
<div class="slot" aria-hidden="true"></div>
<p class="engraving">${panel.totem.scanner}: <span id="scanner-state">${
    state.scannerPlugged ? panel.totem.scannerReady : panel.totem.scannerUnplugged
  }</span></p>
</div>
</div>`;
}

/** The buzzer and the voice in writing. Below the machine, so that a long sentence moves no key under a finger. */
function heard({ panel }: PageWords): Markup {
  return html`<div class="heard">
<p><span class="what">${panel.totem.sound}</span> <span id="sound">–</span></p>
<p><span class="what">${panel.totem.voice}</span> <span id="voice" aria-live="polite">–</span></p>
</div>`;
}

function insideTheCase(state: PanelState, { language, panel }: PageWords): Markup {
  return html`<details class="case" id="case">
<summary>${panel.totem.case}</summary>
<div class="inside">
<p>${panel.totem.caseHint}</p>
<button type="button" class="button service-key" id="key-service" data-key="service">${SERVICE_DRAWING}<span>${panel.totem.service} <small>${panel.totem.serviceHint}</small></span></button>
<p id="self-test-report"${attribute("hidden", !state.selfTestReport)}><a id="self-test-report-link"${state.selfTestReport ? html` href="/panel/self-test-report?lang=${language}"` : ""} target="_blank">${panel.totem.report}</a></p>
</div>
</details>`;
}

/** Ids are written like every other name on the page. */
function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
}
