/**
 * The page that checks a proof as HTML, in Italian and English: a static file that works wherever it is put beside a proof. Pure.
 */
import { framed } from "./frame.ts";
import { html } from "./html.ts";
import type { PageLanguage } from "./page-words.ts";

type Words = {
  readonly title: string;
  readonly intro: string;
  readonly trust: string;
  readonly address: string;
  readonly key: string;
  readonly keyHelp: string;
  readonly start: string;
  readonly idle: string;
  readonly other: string;
  readonly skip: string;
  readonly noScript: string;
  readonly progress: string;
  /** Told by the script, with its figures filled in. */
  readonly told: Readonly<
    Record<
      | "running"
      | "log"
      | "month"
      | "month-wrong"
      | "late"
      | "missing"
      | "holds"
      | "wrong"
      | "other-key"
      | "failed",
      string
    >
  >;
};

const WORDS: Readonly<Record<PageLanguage, Words>> = {
  it: {
    title: "Verifica dei risultati",
    intro:
      "Questa pagina ricalcola, nel tuo browser, i risultati pubblicati a partire dalle firme dei totem: chi li pubblica non può aver tolto un voto, cambiato una faccina o dimenticato una giornata senza che si veda.",
    trust:
      "Se non ti fidi di chi ti dà questa pagina, usa lo stesso controllo da un'altra fonte, o il comando faccine verify.",
    address: "Indirizzo della prova",
    key: "Chiave del gateway, se la conosci",
    keyHelp: "64 cifre esadecimali. Senza, si usa quella pubblicata con la prova.",
    start: "Verifica",
    idle: "Non ancora verificato.",
    other: "English",
    skip: "Vai al contenuto",
    noScript: "La verifica è un calcolo e serve JavaScript. Senza, usa il comando faccine verify.",
    progress: "Avanzamento",
    told: {
      running: "Verifica in corso…",
      log: "Registro: {lines} righe, {statements} giornate di totem firmate.",
      month: "{month}: {figures} cifre dimostrate.",
      "month-wrong": "{month}: delle {figures} cifre non tutte sono dimostrate.",
      late: "{month}: {votes} voti arrivati dopo la pubblicazione, in nessuna delle sue cifre.",
      missing: "Nessuna dichiarazione di {silent}.",
      holds: "Tutto ciò che si può verificare torna.",
      wrong: "Non torna: {count} discordanze.",
      "other-key": "La prova è di un altro gateway: la sua chiave è {key}.",
      failed: "La prova non si può leggere.",
    },
  },
  en: {
    title: "Check the results",
    intro:
      "This page works out the published results anew, in your browser, from the totems' signatures: whoever publishes them cannot have dropped a vote, changed a face or forgotten a day without its showing.",
    trust:
      "If you do not trust who gives you this page, run the same check from elsewhere, or the command faccine verify.",
    address: "Address of the proof",
    key: "The gateway's key, if you know it",
    keyHelp: "64 hexadecimal digits. Without it, the one that is published beside the proof is used.",
    start: "Check",
    idle: "Not checked yet.",
    other: "Italiano",
    skip: "Go to the content",
    noScript: "The check is arithmetic and needs JavaScript. Without it, use the command faccine verify.",
    progress: "Progress",
    told: {
      running: "Checking…",
      log: "Log: {lines} lines, {statements} signed totem-days.",
      month: "{month}: {figures} figures proved.",
      "month-wrong": "{month}: of {figures} figures not all are proved.",
      late: "{month}: {votes} votes came after it was published and are in none of its figures.",
      missing: "Nothing was stated by {silent}.",
      holds: "Everything that can be checked holds.",
      wrong: "It does not hold: {count} findings.",
      "other-key": "The proof is of another gateway: its key is {key}.",
      failed: "The proof cannot be read.",
    },
  },
};

/** The page's file in each language. */
export const VERIFY_PAGES: Readonly<Record<PageLanguage, string>> = { it: "index.html", en: "en.html" };

export function verifyPage(language: PageLanguage): string {
  const words = WORDS[language];
  const other = language === "it" ? "en" : "it";
  const told = Object.entries(words.told).map(([name, text]) => html` data-${name}="${text}"`);
  const { title, skip } = words;
  const head = html`<link rel="stylesheet" href="page.css">
<link rel="stylesheet" href="verify.css">
<link rel="icon" href="data:,">
<script type="module" src="page.js"></script>`;
  const nav = html`<a href="${VERIFY_PAGES[other]}" lang="${other}" hreflang="${other}">${words.other}</a>`;
  return framed(
    { language, title, head, skip, nav, sample: null, attributes: told },
    html`<p>${words.intro}</p>
<p class="note">${words.trust}</p>
<noscript><p class="bad">${words.noScript}</p></noscript>
<form id="check">
<label for="address">${words.address}</label>
<input id="address" type="url" required maxlength="2000">
<label for="key">${words.key}</label>
<input id="key" maxlength="64" pattern="[0-9a-f]{64}" spellcheck="false" aria-describedby="key-help">
<p class="note" id="key-help">${words.keyHelp}</p>
<button type="submit">${words.start}</button>
</form>
<p id="verdict" role="status">${words.idle}</p>
<progress id="progress" aria-label="${words.progress}" hidden></progress>
<ul id="found"></ul>`,
  );
}
