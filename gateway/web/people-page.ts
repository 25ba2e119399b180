/**
 * The pages on which an administrator looks after accounts and tokens, as HTML. Pure.
 */
import { ROLES } from "#schemas/access-settings.ts";
import { SCOPES, TOKEN_DAYS } from "../access/tokens.ts";
import type { TokenRecord } from "../store/access-store.ts";
import type { AccountRecord } from "../store/account-store.ts";
import type { AdminAbout } from "./account-page.ts";
import { ADMIN_WORDS, type AdminProblem, type AdminWords } from "./admin-words.ts";
import { formatsOf } from "./formats.ts";
import { type Html, html, NOTHING } from "./html.ts";
import type { PageLanguage } from "./page-words.ts";
import { shell } from "./shell.ts";
import { alert } from "./sign-in-page.ts";

type Office = { readonly officeId: string; readonly name: string };

/** What came of the form that was sent. */
export type AdminAnswer =
  | { readonly kind: "none" | "done" }
  | { readonly kind: "problem"; readonly problem: AdminProblem }
  /** A secret that is shown this once: a link, or a token. */
  | { readonly kind: "secret"; readonly name: string; readonly secret: string };

type AdminPage = AdminAbout & {
  readonly token: Html;
  readonly offices: readonly Office[];
  readonly answer: AdminAnswer;
};

const STYLE = "/account.css";

export function renderAccounts(
  about: AdminPage & { readonly accounts: readonly AccountRecord[] },
  language: PageLanguage,
): string {
  const words = ADMIN_WORDS[language];
  const parts = { ...about, words, language };
  const rows = about.accounts.map(
    (account) => html`<tr><th scope="row">${account.name}</th><td>${words.states[stateOf(account)]}</td>
<td>${roleForm(account, parts)}</td><td>${accountButtons(account, parts)}</td></tr>`,
  );
  return shell(
    { ...about, title: words.accountsTitle, style: STYLE },
    language,
    html`${answered(about.answer, { secret: words.linkFor, done: words.done, words })}
<p>${words.rolesExplained}</p>
<div class="scroll" tabindex="0" role="region" aria-label="${words.accountsTitle}"><table class="list">
<thead><tr><th scope="col">${words.name}</th><th scope="col">${words.state}</th><th scope="col">${words.role}</th><th scope="col">${words.change}</th></tr></thead>
<tbody>${rows}</tbody></table></div>
<h2>${words.addTitle}</h2>
<p>${words.addText}</p>
<form class="account" method="post" action="/accounts/add?lang=${language}">${about.token}
<label for="name">${words.name}</label><input id="name" name="name" required maxlength="60" autocomplete="off" autocapitalize="none" spellcheck="false">
<label for="role">${words.role}</label>${roleChoice("role", null, words)}
<label for="office">${words.office}</label>${officeChoice("office", null, about.offices, words)}
<p class="note">${words.officeRule}</p>
<button type="submit">${words.invite}</button></form>`,
  );
}

type RowParts = {
  readonly token: Html;
  readonly offices: readonly Office[];
  readonly words: AdminWords;
  readonly language: PageLanguage;
};

function roleForm(account: AccountRecord, { token, offices, words, language }: RowParts): Html {
  const { accountId, name } = account;
  const [role, office] = [`role-${accountId}`, `office-${accountId}`];
  return html`<form class="row" method="post" action="/accounts/role?lang=${language}" aria-label="${`${words.role}: ${name}`}">${token}
<input type="hidden" name="account" value="${accountId}">
<label for="${role}">${words.role}</label>${roleChoice(role, account, words)}
<label for="${office}">${words.office}</label>${officeChoice(office, account.officeId, offices, words)}
<button type="submit" class="quiet" aria-label="${`${words.save}: ${name}`}">${words.save}</button></form>`;
}

function accountButtons(
  { accountId, name, disabledMs }: AccountRecord,
  { token, words, language }: RowParts,
): Html {
  const button = (action: string, text: string) =>
    html`<button type="submit" class="quiet" formaction="/accounts/${action}?lang=${language}" aria-label="${`${text}: ${name}`}">${text}</button>`;
  const buttons =
    disabledMs === null
      ? html`${button("link", words.newLink)} ${button("disable", words.disable)}`
      : button("enable", words.enable);
  return html`<form class="row" method="post" action="/accounts/link?lang=${language}">${token}<input type="hidden" name="account" value="${accountId}">${buttons}</form>`;
}

function roleChoice(id: string, account: AccountRecord | null, words: AdminWords): Html {
  const options = ROLES.map(
    (role) =>
      html`<option value="${role}"${role === account?.role ? html` selected` : NOTHING}>${words.roles[role]}</option>`,
  );
  return html`<select id="${id}" name="role">${options}</select>`;
}

function officeChoice(
  id: string,
  chosen: string | null,
  offices: readonly Office[],
  words: AdminWords,
): Html {
  const options = offices.map(
    ({ officeId, name }) =>
      html`<option value="${officeId}"${officeId === chosen ? html` selected` : NOTHING}>${name}</option>`,
  );
  return html`<select id="${id}" name="office"><option value="">${words.noOffice}</option>${options}</select>`;
}

function stateOf({ password, disabledMs }: AccountRecord): keyof AdminWords["states"] {
  if (disabledMs !== null) return "disabled";
  return password === null ? "invited" : "active";
}

export function renderTokens(
  about: AdminPage & { readonly tokens: readonly TokenRecord[]; readonly nowMs: number },
  language: PageLanguage,
): string {
  const words = ADMIN_WORDS[language];
  const rows = about.tokens.map((one) => tokenRow(one, { ...about, words, language }));
  const scopes = SCOPES.map(
    (scope) =>
      html`<label><input type="checkbox" name="scope" value="${scope}"><code>${scope}</code></label>`,
  );
  return shell(
    { ...about, title: words.tokensTitle, style: STYLE },
    language,
    html`${answered(about.answer, { secret: words.newToken, done: words.tokenRevoked, words })}
<p>${words.tokensText}</p>
${about.tokens.length === 0 ? html`<p>${words.noTokens}</p>` : NOTHING}
<div class="scroll" tabindex="0" role="region" aria-label="${words.tokensTitle}"><table class="list">
<thead><tr><th scope="col">${words.name}</th><th scope="col">${words.scopes}</th><th scope="col">${words.office}</th><th scope="col">${words.ends}</th><th scope="col">${words.change}</th></tr></thead>
<tbody>${rows}</tbody></table></div>
<h2>${words.makeToken}</h2>
<form class="account" method="post" action="/tokens/make?lang=${language}">${about.token}
<label for="name">${words.name}</label><input id="name" name="name" required maxlength="60" autocomplete="off">
<fieldset><legend>${words.scopes}</legend>${scopes}</fieldset>
<label for="office">${words.office}</label>${officeChoice("office", null, about.offices, words)}
<p class="note">${words.problems["token-office"]}</p>
<label for="days">${words.days}</label><input id="days" name="days" inputmode="numeric" required maxlength="4" value="${TOKEN_DAYS}">
<button type="submit">${words.make}</button></form>`,
  );
}

function tokenRow(
  { tokenId, name, scopes, officeId, expiresMs, revokedMs }: TokenRecord,
  { token, words, language, zone, nowMs }: RowParts & { readonly zone: string; readonly nowMs: number },
): Html {
  const { clock } = formatsOf(language);
  const isOver = nowMs >= expiresMs;
  const end =
    revokedMs !== null
      ? words.revoked(clock(revokedMs, zone))
      : isOver
        ? words.over(clock(expiresMs, zone))
        : clock(expiresMs, zone);
  const revoke =
    revokedMs !== null || isOver
      ? NOTHING
      : html`<form class="row" method="post" action="/tokens/revoke?lang=${language}">${token}<input type="hidden" name="token" value="${tokenId}"><button type="submit" class="quiet" aria-label="${`${words.revoke}: ${name}`}">${words.revoke}</button></form>`;
  return html`<tr><th scope="row">${name}<br><small>${tokenId}</small></th><td>${scopes.join(" ")}</td><td>${officeId ?? ""}</td><td>${end}</td><td>${revoke}</td></tr>`;
}

function answered(
  answer: AdminAnswer,
  {
    secret,
    done,
    words,
  }: { readonly secret: (name: string) => string; readonly done: string; readonly words: AdminWords },
): Html {
  switch (answer.kind) {
    case "none":
      return NOTHING;
    case "done":
      return html`<p class="good" role="status">${done}</p>`;
    case "problem":
      return alert(words.problems[answer.problem]);
    case "secret":
      return html`<div role="status"><p class="good">${secret(answer.name)}</p><pre class="secret" tabindex="0">${answer.secret}</pre></div>`;
  }
}
