/**
 * What people read when another system vouches for them, or does not, in Italian and English. `name` is what they call that system.
 */
import type { OidcProblem } from "../access/oidc-identity.ts";
import type { PageLanguage } from "./page-words.ts";

export type OidcWords = {
  readonly signInWith: (name: string) => string;
  /** Beside the gateway's own sign-in, while the other one is down. */
  readonly down: (name: string) => string;
  readonly titles: Readonly<Record<OidcProblem["kind"], string>>;
  readonly said: Readonly<Record<OidcProblem["kind"], (name: string) => string>>;
  readonly held: (name: string) => string;
  readonly heldNone: (name: string) => string;
  readonly again: string;
};

const IT: OidcWords = {
  signInWith: (name) => `Entra con ${name}`,
  down: (name) => `${name} in questo momento non risponde: puoi entrare con nome e password del gateway.`,
  titles: {
    silent: "L'accesso non risponde",
    "begin-again": "Serve ricominciare",
    refused: "Accesso annullato",
    "not-trusted": "Risposta non valida",
    "no-role": "Nessun ruolo assegnato",
  },
  said: {
    silent: (name) =>
      `${name} in questo momento non risponde. Riprova fra poco, o entra con nome e password del gateway.`,
    "begin-again": (name) =>
      `Questo accesso con ${name} non è iniziato in questo browser, è durato troppo o è già stato usato. Ricomincia dalla pagina di accesso.`,
    refused: (name) => `${name} non ha confermato l'accesso: è stato annullato, o non ti è permesso.`,
    "not-trusted": (name) =>
      `La risposta di ${name} non ha superato i controlli, e nessuno è entrato. Il registro del gateway dice perché: mostralo a chi lo gestisce.`,
    "no-role": (name) =>
      `${name} ti conosce, ma nessuno dei tuoi gruppi ha un ruolo in questo gateway. Chi lo gestisce può aggiungerlo nelle impostazioni.`,
  },
  held: (name) => `I tuoi gruppi, secondo ${name}:`,
  heldNone: (name) => `${name} non ha indicato nessun gruppo.`,
  again: "Pagina di accesso",
};

const EN: OidcWords = {
  signInWith: (name) => `Sign in with ${name}`,
  down: (name) =>
    `${name} does not answer just now: you can sign in with a name and password of the gateway.`,
  titles: {
    silent: "The sign-in does not answer",
    "begin-again": "Please begin again",
    refused: "Sign-in cancelled",
    "not-trusted": "Answer not valid",
    "no-role": "No role assigned",
  },
  said: {
    silent: (name) =>
      `${name} does not answer just now. Try again shortly, or sign in with a name and password of the gateway.`,
    "begin-again": (name) =>
      `This sign-in with ${name} was not begun in this browser, took too long or has been used already. Begin again from the sign-in page.`,
    refused: (name) => `${name} did not confirm the sign-in: it was cancelled, or is not allowed to you.`,
    "not-trusted": (name) =>
      `The answer of ${name} did not stand the checks, and nobody was signed in. The gateway's log says why: show it to whoever runs it.`,
    "no-role": (name) =>
      `${name} knows you, but none of your groups has a role at this gateway. Whoever runs it can add one in its settings.`,
  },
  held: (name) => `Your groups, as ${name} says:`,
  heldNone: (name) => `${name} named no group.`,
  again: "Sign-in page",
};

export const OIDC_WORDS: Readonly<Record<PageLanguage, OidcWords>> = { it: IT, en: EN };
