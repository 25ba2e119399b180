/**
 * The words of the pages about signing in and accounts, in Italian and English.
 */
import type { PasswordProblem } from "../access/account-rules.ts";
import type { PageLanguage } from "./page-words.ts";

export type AccountWords = typeof IT;

const IT = {
  signInTitle: "Accedi",
  signIn: "Accedi",
  name: "Nome dell'account",
  password: "Password",
  wrong: "Nome o password non sono giusti, oppure l'account è disattivato.",
  wait: (seconds: number) =>
    `Troppi tentativi: riprova fra ${seconds === 1 ? "un secondo" : `${seconds} secondi`}. Non serve a nulla riprovare prima.`,
  busy: "In questo momento accedono in molti: riprova fra poco.",
  noAccount:
    "Non hai un account, o hai dimenticato la password? Un amministratore può darti un collegamento personale. Sul computer del gateway: faccine account link NOME.",
  firstTitle: "Il primo account",
  firstText:
    "Non c'è ancora nessun amministratore. Scegli il nome e la password del tuo account: da ora in poi si entra con quelli, da /sign-in.",
  firstLater: "Più tardi: prima guarda la pagina",
  firstOver: "Un amministratore c'è già: gli altri account li fa lui.",
  inviteTitle: "Scegli la password",
  inviteText: (name: string) => `Questa è la password dell'account ${name}. La conosci solo tu.`,
  inviteOver: "Questo collegamento è già stato usato o è scaduto: chiedine un altro a un amministratore.",
  nameRules: "Lettere minuscole, cifre e . _ - @ +, per esempio anna.rossi.",
  passwordRules:
    "Da 12 a 128 caratteri, quelli che vuoi: una frase va bene. Non il nome dell'account, non una password che usano tutti.",
  again: "La stessa password ancora una volta",
  make: "Crea l'account",
  save: "Salva",
  problems: {
    "too-short": "La password è più corta di 12 caratteri.",
    "too-long": "La password è più lunga di 128 caratteri.",
    "holds-name": "La password contiene il nome dell'account.",
    common: "Questa password la usano in molti: è fra le prime che si provano.",
    different: "Le due password non sono uguali.",
    name: "Questo non può essere il nome di un account.",
    "name-taken": "Questo nome è già di un altro account.",
    "too-many": "Ci sono già troppi account.",
    "old-wrong": "La password di adesso non è giusta.",
  } satisfies Record<PasswordProblem, string> & Record<string, string>,
  refusedTitle: "Non è possibile",
  staleForm:
    "Questa pagina è rimasta aperta troppo a lungo, o in un'altra finestra ha acceduto qualcun altro. Niente è stato cambiato: riaprila e riprova.",
  notForYou: "Il tuo account non può farlo. Chiedi a un amministratore.",
  toThePage: "Vai alla pagina",
  signOut: "Esci",
  signOutTitle: "Uscire?",
  account: "Il tuo account",
};

const EN: AccountWords = {
  signInTitle: "Sign in",
  signIn: "Sign in",
  name: "Account name",
  password: "Password",
  wrong: "Name or password are not right, or the account is disabled.",
  wait: (seconds) =>
    `Too many tries: try again in ${seconds === 1 ? "a second" : `${seconds} seconds`}. Trying earlier changes nothing.`,
  busy: "Many people are signing in at this moment: try again in a while.",
  noAccount:
    "You have no account, or have forgotten the password? An administrator can give you a personal link. On the gateway's machine: faccine account link NAME.",
  firstTitle: "The first account",
  firstText:
    "There is no administrator yet. Choose the name and the password of your account: from now on they let you in, at /sign-in.",
  firstLater: "Later: look at the page first",
  firstOver: "There is an administrator already, who makes the other accounts.",
  inviteTitle: "Choose the password",
  inviteText: (name) => `This is the password of the account ${name}. Nobody knows it but you.`,
  inviteOver: "This link has been used already, or it has expired: ask an administrator for another.",
  nameRules: "Small letters, digits and . _ - @ +, for example anna.rossi.",
  passwordRules:
    "12 to 128 characters, any you like: a sentence will do. Not the account's name, and not one that everybody uses.",
  again: "The same password once more",
  make: "Make the account",
  save: "Save",
  problems: {
    "too-short": "The password is shorter than 12 characters.",
    "too-long": "The password is longer than 128 characters.",
    "holds-name": "The password holds the account's name.",
    common: "Many people use this password: it is among the first to be tried.",
    different: "The two passwords are not the same.",
    name: "This cannot be the name of an account.",
    "name-taken": "This name belongs to another account already.",
    "too-many": "There are too many accounts already.",
    "old-wrong": "The present password is not right.",
  },
  refusedTitle: "This cannot be done",
  staleForm:
    "This page was left open for too long, or somebody else has signed in in another window. Nothing was changed: open it anew and try again.",
  notForYou: "Your account may not do this. Ask an administrator.",
  toThePage: "To the page",
  signOut: "Sign out",
  signOutTitle: "Sign out?",
  account: "Your account",
};

export const ACCOUNT_WORDS: Readonly<Record<PageLanguage, AccountWords>> = { it: IT, en: EN };

/** What can be wrong with a form about an account. */
export type AccountProblem = keyof AccountWords["problems"];
