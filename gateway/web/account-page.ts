/**
 * One's own account, and the log of accesses, as HTML. Pure.
 */
import type { LoggedDeed, SessionRecord } from "../store/account-store.ts";
import { ACCOUNT_WORDS, type AccountProblem } from "./account-words.ts";
import { ADMIN_WORDS, type AdminWords } from "./admin-words.ts";
import { formatsOf } from "./formats.ts";
import { type Html, html, NOTHING } from "./html.ts";
import type { PageLanguage } from "./page-words.ts";
import { shell, type Visit } from "./shell.ts";
import { alert, passwordFields } from "./sign-in-page.ts";

export type AdminAbout = {
  readonly sample: boolean;
  readonly visit: Visit;
  readonly readAt: string;
  readonly zone: string;
};

const STYLE = "/account.css";

/** @param about.own null for who has no account. */
export function renderAccount(
  about: AdminAbout & {
    readonly token: Html;
    readonly own: {
      readonly who: string;
      readonly sessions: readonly SessionRecord[];
      readonly thisOne: string;
    } | null;
    /** What is said to who has none. */
    readonly without: string;
    readonly problem: AccountProblem | null;
    readonly isDone: boolean;
  },
  language: PageLanguage,
): string {
  const words = ADMIN_WORDS[language];
  const { own, token, problem } = about;
  const leave = html`<form class="row" method="post" action="/sign-out?lang=${language}">${token}<button type="submit" class="quiet">${words.signOut}</button></form>`;
  const body =
    own === null
      ? html`<p>${about.without}</p>${leave}`
      : html`<p>${own.who}</p>
${about.isDone ? html`<p class="good" role="status">${words.passwordSet}</p>` : NOTHING}
${leave}
<h2>${words.newPassword}</h2>
${problem === null ? NOTHING : alert(ACCOUNT_WORDS[language].problems[problem])}
<form class="account" method="post" action="/account/password?lang=${language}">${token}
<label for="old">${words.oldPassword}</label>
<input id="old" name="old" type="password" autocomplete="current-password" required maxlength="512"${problem === "old-wrong" ? html` aria-invalid="true" aria-describedby="wrong"` : NOTHING}>
${passwordFields(ACCOUNT_WORDS[language], problem !== null && problem !== "old-wrong")}
<p class="note">${words.endsOthers}</p>
<button type="submit">${ACCOUNT_WORDS[language].save}</button></form>
<h2>${words.sessions}</h2>
${sessionTable(own, { words, token, zone: about.zone }, language)}`;
  return shell({ ...about, title: words.accountTitle, style: STYLE }, language, body);
}

function sessionTable(
  own: { readonly sessions: readonly SessionRecord[]; readonly thisOne: string },
  { words, token, zone }: { readonly words: AdminWords; readonly token: Html; readonly zone: string },
  language: PageLanguage,
): Html {
  const { clock } = formatsOf(language);
  const rows = own.sessions.map(
    ({ sha256, createdMs, seenMs }) =>
      html`<tr><th scope="row">${sha256 === own.thisOne ? words.thisOne : words.another}</th><td>${clock(createdMs, zone)}</td><td>${clock(seenMs, zone)}</td></tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${words.sessions}"><table class="list">
<thead><tr><td></td><th scope="col">${words.since}</th><th scope="col">${words.seen}</th></tr></thead><tbody>${rows}</tbody></table></div>
<form class="row" method="post" action="/account/sessions?lang=${language}">${token}<button type="submit" class="quiet">${words.endOthers}</button></form>`;
}

/** A page of the log, the latest first. @param about.olderThan the number with which the next page begins, or null. */
export function renderAudit(
  about: AdminAbout & {
    readonly deeds: readonly LoggedDeed[];
    readonly olderThan: number | null;
    readonly isFirst: boolean;
  },
  language: PageLanguage,
): string {
  const words = ADMIN_WORDS[language];
  const { clock } = formatsOf(language);
  const rows = about.deeds.map(
    ({ atMs, byId, byName, kind, what }) =>
      html`<tr><th scope="row">${clock(atMs, about.zone)}</th><td>${byName === "" && byId === "" ? words.nobody : byName || byId}</td><td>${words.deeds[kind]}</td><td>${what}</td></tr>`,
  );
  const older =
    about.olderThan === null
      ? NOTHING
      : html`<a href="?before=${about.olderThan}&lang=${language}">${words.older}</a>`;
  const newest = about.isFirst ? NOTHING : html`<a href="?lang=${language}">${words.newest}</a>`;
  return shell(
    { ...about, title: words.auditTitle, style: STYLE },
    language,
    html`<p>${words.auditText}</p>
<div class="scroll" tabindex="0" role="region" aria-label="${words.auditTitle}"><table class="list">
<thead><tr><th scope="col">${words.when}</th><th scope="col">${words.who}</th><th scope="col">${words.deed}</th><th scope="col">${words.detail}</th></tr></thead>
<tbody>${rows}</tbody></table></div>
<p class="pages">${newest} ${older}</p>`,
  );
}
