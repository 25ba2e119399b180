/**
 * The pages where somebody signs in, or chooses a password, as HTML. Pure.
 */
import { ACCOUNT_NAME_MAX, PASSWORD_MAX } from "../access/account-rules.ts";
import { ACCOUNT_WORDS, type AccountProblem, type AccountWords } from "./account-words.ts";
import { type Html, html, NOTHING } from "./html.ts";
import { oidcOffer, type Provider } from "./oidc-page.ts";
import type { PageLanguage } from "./page-words.ts";
import { shell } from "./shell.ts";

type About = { readonly sample: boolean };

/** Longest password that is sent at all: one that is too long by a little shall be told so. */
const FIELD_MAX = 4 * PASSWORD_MAX;
const STYLE = "/account.css";

/** What came of the try before. */
export type SignInAnswer =
  | { readonly kind: "none" | "wrong" | "busy" }
  | { readonly kind: "wait"; readonly seconds: number };

export function renderSignIn(
  about: About & {
    readonly next: string;
    readonly name: string;
    readonly answer: SignInAnswer;
    readonly provider: Provider | null;
  },
  language: PageLanguage,
): string {
  const words = ACCOUNT_WORDS[language];
  const said = sentenceOf(about.answer, words);
  return shell(
    { ...about, title: words.signInTitle, style: STYLE, query: queryOf("next", about.next) },
    language,
    html`${said === null ? NOTHING : alert(said)}
${about.provider === null ? NOTHING : oidcOffer(about.provider, about.next, language)}
<form class="account" method="post" action="/sign-in?lang=${language}">
<input type="hidden" name="next" value="${about.next}">
<label for="name">${words.name}</label>
<input id="name" name="name" value="${about.name}" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="${ACCOUNT_NAME_MAX}"${marks(said)}>
<label for="password">${words.password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="${FIELD_MAX}"${marks(said)}>
<button type="submit">${words.signIn}</button>
</form>
<p class="note">${words.noAccount}</p>`,
  );
}

export type NewPassword = About & { readonly problem: AccountProblem | null };

/** Where the first administrator makes an account. @param about.token the session's hidden field. */
export function renderFirstAccount(
  about: NewPassword & { readonly token: Html; readonly name: string },
  language: PageLanguage,
): string {
  const words = ACCOUNT_WORDS[language];
  const { problem, token, name } = about;
  const isName = problem === "name" || problem === "name-taken";
  return shell(
    { ...about, title: words.firstTitle, style: STYLE },
    language,
    html`<p>${words.firstText}</p>
${problem === null ? NOTHING : alert(words.problems[problem])}
<form class="account" method="post" action="/first-account?lang=${language}">${token}
<label for="name">${words.name}</label>
<input id="name" name="name" value="${name}" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="${ACCOUNT_NAME_MAX}" aria-describedby="name-rules${isName ? " wrong" : ""}"${isName ? html` aria-invalid="true"` : NOTHING}>
<p class="note" id="name-rules">${words.nameRules}</p>
${passwordFields(words, problem !== null && !isName)}
<button type="submit">${words.make}</button>
</form>
<p><a href="/?lang=${language}">${words.firstLater}</a></p>`,
  );
}

/** Where somebody who was invited chooses the account's password. */
export function renderInvitation(
  about: NewPassword & { readonly key: string; readonly name: string },
  language: PageLanguage,
): string {
  const words = ACCOUNT_WORDS[language];
  const { problem, key, name } = about;
  return shell(
    { ...about, title: words.inviteTitle, style: STYLE, query: queryOf("key", key) },
    language,
    html`<p>${words.inviteText(name)}</p>
${problem === null ? NOTHING : alert(words.problems[problem])}
<form class="account" method="post" action="/invite?lang=${language}">
<input type="hidden" name="key" value="${key}">
<input type="hidden" name="username" value="${name}" autocomplete="username">
${passwordFields(words, problem !== null)}
<button type="submit">${words.save}</button>
</form>`,
  );
}

/** A page that says one thing. */
export function renderSaid(
  about: About & { readonly title: string; readonly said: string },
  language: PageLanguage,
): string {
  return shell(
    { ...about, style: STYLE },
    language,
    html`${alert(about.said)}
<p><a href="/sign-in?lang=${language}">${ACCOUNT_WORDS[language].signIn}</a></p>`,
  );
}

/** Where somebody signs out who came here by an address. */
export function renderSignOut(about: About & { readonly token: Html }, language: PageLanguage): string {
  const words = ACCOUNT_WORDS[language];
  return shell(
    { ...about, title: words.signOutTitle, style: STYLE },
    language,
    html`<form class="account" method="post" action="/sign-out?lang=${language}">${about.token}
<button type="submit">${words.signOut}</button>
</form>`,
  );
}

/** Two fields for a new password, with its rules. */
export function passwordFields(words: AccountWords, isWrong: boolean): Html {
  const invalid = isWrong ? html` aria-invalid="true"` : NOTHING;
  const described = isWrong ? "rules wrong" : "rules";
  return html`<label for="password">${words.password}</label>
<input id="password" name="password" type="password" autocomplete="new-password" required maxlength="${FIELD_MAX}" aria-describedby="${described}"${invalid}>
<p class="note" id="rules">${words.passwordRules}</p>
<label for="again">${words.again}</label>
<input id="again" name="again" type="password" autocomplete="new-password" required maxlength="${FIELD_MAX}"${invalid}>`;
}

/** Something that went wrong, told to who sees and who hears. */
export function alert(said: string): Html {
  return html`<p class="bad" role="alert" id="wrong">${said}</p>`;
}

function sentenceOf(answer: SignInAnswer, words: AccountWords): string | null {
  if (answer.kind === "none") return null;
  return answer.kind === "wait" ? words.wait(answer.seconds) : words[answer.kind];
}

function marks(said: string | null): Html {
  return said === null ? NOTHING : html` aria-invalid="true" aria-describedby="wrong"`;
}

/** What the link to the other language must not lose. */
function queryOf(name: string, value: string): string {
  return `${name}=${encodeURIComponent(value)}`;
}
