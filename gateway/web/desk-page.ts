/**
 * The desk's pages as HTML: sign in, a button for each service, the receipt to print. Pure.
 */
import { DESK_WORDS, RECEIPT_WORDS } from "./desk-words.ts";
import { html, NOTHING } from "./html.ts";
import type { PageLanguage } from "./page-words.ts";
import { shell } from "./shell.ts";

type About = { readonly sample: boolean };

/** Where to sign in. */
export function renderDeskSignIn(
  about: About & { readonly isWrong: boolean },
  language: PageLanguage,
): string {
  const words = DESK_WORDS[language];
  return shell(
    { ...about, title: words.signInTitle, style: "/desk.css" },
    language,
    html`<p>${words.signInText}</p>
${about.isWrong ? html`<p class="bad" role="alert" id="wrong">${words.wrongCode}</p>` : NOTHING}
<form class="desk" method="post" action="/desk/sign-in?lang=${language}">
<label for="code">${words.code}</label>
<input id="code" name="code" type="password" autocomplete="current-password" required maxlength="200" spellcheck="false"${
      about.isWrong ? html` aria-invalid="true" aria-describedby="wrong"` : NOTHING
    }>
<button type="submit">${words.signIn}</button>
</form>`,
  );
}

export type DeskContent = About & {
  readonly office: string;
  readonly services: readonly { readonly serviceId: string; readonly name: string }[];
  /** Sent back with the service that is pressed: the same one twice is one receipt. */
  readonly key: string;
  readonly isRefused: boolean;
};

/** A button for each service. */
export function renderDesk(content: DeskContent, language: PageLanguage): string {
  const words = DESK_WORDS[language];
  return shell(
    { sample: content.sample, title: words.title(content.office), style: "/desk.css" },
    language,
    html`<p>${words.explain}</p>
${content.isRefused ? html`<p class="bad" role="alert">${words.notIssued}</p>` : NOTHING}
<form class="services" method="post" action="/desk/receipt?lang=${language}">
<input type="hidden" name="key" value="${content.key}">
${content.services.map(
  ({ serviceId, name }) =>
    html`<button type="submit" name="service" value="${serviceId}"><small>${words.served}</small> ${name}</button>`,
)}
</form>
<form method="post" action="/desk/sign-out?lang=${language}"><button type="submit" class="quiet">${words.signOut}</button></form>`,
  );
}

export type ReceiptContent = About & {
  readonly administration: string;
  readonly office: string;
  readonly service: string;
  /** The code as an SVG. */
  readonly drawing: string;
  readonly untilMs: number;
  readonly zone: string;
};

/** The receipt, and the way on to the next one. */
export function renderReceipt(content: ReceiptContent, language: PageLanguage): string {
  const words = DESK_WORDS[language];
  const { administration, office, service, drawing, untilMs, zone } = content;
  const until = new Intl.DateTimeFormat("it-IT", { timeStyle: "short", timeZone: zone }).format(
    new Date(untilMs),
  );
  const { question, how, until: goodUntil } = RECEIPT_WORDS;
  return shell(
    { sample: content.sample, title: words.receiptTitle, style: "/desk.css", script: "/desk.js" },
    language,
    html`<p class="onscreen">${words.printNow}</p>
<section class="receipt">
<p class="office">${administration}<br>${office}</p>
<p class="service">${service}</p>
<p class="question" lang="it">${question.it}</p><p lang="en">${question.en}</p>
<img src="data:image/svg+xml;base64,${Buffer.from(drawing).toString("base64")}" alt="">
<p lang="it">${how.it} ${goodUntil.it} ${until}.</p>
<p lang="en">${how.en} ${goodUntil.en} ${until}.</p>
</section>
<p class="onscreen"><a class="next" href="/desk?lang=${language}">${words.next}</a></p>`,
  );
}
