/**
 * The way to another system that vouches for people, and what is shown when it leads nowhere, as HTML. Pure.
 */
import type { OidcProblem } from "../access/oidc-identity.ts";
import { type Html, html, NOTHING } from "./html.ts";
import { signInPath } from "./next-path.ts";
import { OIDC_WORDS } from "./oidc-words.ts";
import type { PageLanguage } from "./page-words.ts";
import { shell } from "./shell.ts";

/** Another system that vouches for people, as it is just now. */
export type Provider = { readonly name: string; readonly isReachable: boolean };

/** On the sign-in page: the way there, or that it is closed just now. */
export function oidcOffer(provider: Provider, next: string, language: PageLanguage): Html {
  const words = OIDC_WORDS[language];
  if (!provider.isReachable) return html`<p class="note" role="status">${words.down(provider.name)}</p>`;
  const query = new URLSearchParams({ lang: language, next }).toString();
  // A link, no form: where a form is sent on to is held against `form-action`, and the provider is elsewhere.
  return html`<p class="other"><a href="/sign-in/oidc?${query}">${words.signInWith(provider.name)}</a></p>`;
}

/** Why nobody was signed in, and what to do. */
export function renderOidcProblem(
  about: {
    readonly sample: boolean;
    readonly name: string;
    readonly problem: OidcProblem;
    readonly next: string;
  },
  language: PageLanguage,
): string {
  const words = OIDC_WORDS[language];
  const { name, problem, next } = about;
  return shell(
    { sample: about.sample, title: words.titles[problem.kind] },
    language,
    html`<p role="alert">${words.said[problem.kind](name)}</p>
${problem.kind === "no-role" ? groups(problem.held, name, language) : NOTHING}
<p><a href="${signInPath(next, language)}">${words.again}</a></p>`,
  );
}

function groups(held: readonly string[], name: string, language: PageLanguage): Html {
  const words = OIDC_WORDS[language];
  if (held.length === 0) return html`<p>${words.heldNone(name)}</p>`;
  return html`<p>${words.held(name)}</p>
<ul>${held.map((word) => html`<li>${word}</li>`)}</ul>`;
}
