/**
 * The panel's page: desk, totem and workshop side by side. Rendered with the state of the moment, so that it says
 * something true before, or without, its script.
 */
import type { PanelState } from "#schemas/panel.ts";
import { attribute, html } from "../../markup.ts";
import { type PanelLanguage, pageWords } from "./page-words.ts";
import { totemMarkup } from "./totem-markup.ts";
import { deskMarkup, workshopMarkup } from "./workshop-markup.ts";

export function panelPage(parts: {
  readonly language: PanelLanguage;
  readonly state: PanelState;
  readonly canPrint: boolean;
}): string {
  const { language, state } = parts;
  const words = pageWords(state.wording, language);
  const { panel } = words;
  const other = panel.otherLanguage;
  return html`<!doctype html>
<html lang="${language}" data-wording="${words.wording}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${panel.title} ${state.totemId} · Faccine</title>
<link rel="icon" href="/panel.svg" type="image/svg+xml">
${["panel", "controls", "totem", "keys", "fittings"].map(
  (name) => html`<link rel="stylesheet" href="/${name}.css">
`,
)}<script type="module" src="/panel.js"></script>
</head>
<body>
<header>
<div class="top">
<h1><span class="brand">Faccine</span> ${panel.title}</h1>
<a class="language" href="?lang=${other.code}" hreflang="${other.code}" lang="${other.code}" title="${other.label}">${other.name}</a>
</div>
<p class="sample" id="sample" data-sample${attribute("hidden", !state.sample)}><strong>${panel.sample}</strong>: ${panel.sampleNote}</p>
<noscript><p class="note">${panel.noScript} <a href="?lang=${language}">${panel.reload}</a></p></noscript>
</header>
<main class="room">
${deskMarkup(state, words, parts.canPrint)}
${totemMarkup(state, words)}
${workshopMarkup(state, words)}
</main>
<p id="notice" class="notice" role="alert"></p>
</body>
</html>
`.html;
}
