/**
 * The words citizens read and hear, by version and language. A published version is never edited: votes store the
 * version they answered, and reports never pool two versions, because yellow once meant three different things.
 */

import type { Language } from "./code-list.ts";
import { type Of, record, shape, text } from "./shape.ts";

/** Longest label: two lines of engraving under a 60 mm key. */
const LABEL_MAX = 60;
/** Longest sentence on a printed sheet, a page or in the voice. */
const SENTENCE_MAX = 200;

const label = () => text(LABEL_MAX);
const sentence = () => text(SENTENCE_MAX);

/** One language's words of one wording version. */
export const WORDS = shape(
  "words",
  record({
    question: sentence(),
    faces: record({ green: label(), yellow: label(), red: label() }),
    reasonQuestion: sentence(),
    reasons: record({ wait: label(), staff: label(), return: label(), outcome: label(), none: label() }),
    pictograms: record({ showReceipt: label(), choose: label(), thankYou: label(), notAccepted: label() }),
    refusals: record({ alreadyCounted: sentence(), tryAgain: sentence(), askDesk: sentence() }),
    outOfOrder: sentence(),
    testMode: sentence(),
    assist: record({
      layout: sentence(),
      showReceipt: sentence(),
      choose: sentence(),
      confirm: sentence(),
      reason: sentence(),
      thanks: sentence(),
    }),
  }),
);
export type Words = Of<typeof WORDS>;

const IT: Words = {
  question: "Come valuta il servizio ricevuto?",
  faces: { green: "Positivo", yellow: "Sufficiente", red: "Negativo" },
  reasonQuestion: "Qual è il motivo?",
  reasons: {
    wait: "Tempo di attesa",
    staff: "Comportamento del personale",
    return: "Necessità di tornare",
    outcome: "Esito negativo",
    none: "Nessun motivo indicato",
  },
  pictograms: {
    showReceipt: "Mostri la ricevuta",
    choose: "Scelga una faccina",
    thankYou: "Grazie",
    notAccepted: "Non accettato",
  },
  refusals: {
    alreadyCounted: "Questa ricevuta è già stata conteggiata.",
    tryAgain: "Codice non letto: riprovi con il codice della ricevuta.",
    askDesk: "Questa ricevuta non vale qui: chieda allo sportello.",
  },
  outOfOrder: "Fuori servizio: il voto non può essere registrato. Chieda allo sportello.",
  testMode: "Modalità di prova: i voti non contano.",
  assist: {
    layout:
      "Da sinistra: verde positivo, giallo sufficiente, rosso negativo. Sotto, quattro tasti per il motivo.",
    showReceipt: "Mostri la ricevuta al lettore sotto i tasti.",
    choose: "Prema una faccina.",
    confirm: "Prema di nuovo lo stesso tasto per confermare.",
    reason: "Se vuole, prema un tasto per il motivo: attesa, personale, tornare, esito.",
    thanks: "Grazie, il suo voto è registrato.",
  },
};

const EN: Words = {
  question: "How do you rate the service you received?",
  faces: { green: "Good", yellow: "Sufficient", red: "Poor" },
  reasonQuestion: "What was the reason?",
  reasons: {
    wait: "Waiting time",
    staff: "Staff behaviour",
    return: "Need to come back",
    outcome: "Negative outcome",
    none: "No reason given",
  },
  pictograms: {
    showReceipt: "Show your receipt",
    choose: "Choose a face",
    thankYou: "Thank you",
    notAccepted: "Not accepted",
  },
  refusals: {
    alreadyCounted: "This receipt has already been counted.",
    tryAgain: "Code not read: please try again with the code on the receipt.",
    askDesk: "This receipt is not valid here: please ask the desk.",
  },
  outOfOrder: "Out of order: your vote cannot be recorded. Please ask the desk.",
  testMode: "Test mode: votes do not count.",
  assist: {
    layout: "From the left: green good, yellow sufficient, red poor. Below, four keys for the reason.",
    showReceipt: "Show your receipt to the reader below the keys.",
    choose: "Press a face.",
    confirm: "Press the same key again to confirm.",
    reason: "If you wish, press a key for the reason: waiting, staff, coming back, outcome.",
    thanks: "Thank you, your vote is recorded.",
  },
};

const DE: Words = {
  question: "Wie bewerten Sie die erhaltene Dienstleistung?",
  faces: { green: "Positiv", yellow: "Ausreichend", red: "Negativ" },
  reasonQuestion: "Was war der Grund?",
  reasons: {
    wait: "Wartezeit",
    staff: "Verhalten des Personals",
    return: "Muss wiederkommen",
    outcome: "Negatives Ergebnis",
    none: "Kein Grund angegeben",
  },
  pictograms: {
    showReceipt: "Beleg zeigen",
    choose: "Gesicht wählen",
    thankYou: "Danke",
    notAccepted: "Nicht angenommen",
  },
  refusals: {
    alreadyCounted: "Dieser Beleg wurde bereits gezählt.",
    tryAgain: "Code nicht gelesen: bitte mit dem Code auf dem Beleg erneut versuchen.",
    askDesk: "Dieser Beleg gilt hier nicht: bitte am Schalter fragen.",
  },
  outOfOrder: "Außer Betrieb: Ihre Stimme kann nicht gespeichert werden. Bitte am Schalter fragen.",
  testMode: "Testbetrieb: Stimmen zählen nicht.",
  assist: {
    layout: "Von links: Grün positiv, Gelb ausreichend, Rot negativ. Darunter vier Tasten für den Grund.",
    showReceipt: "Zeigen Sie den Beleg dem Leser unter den Tasten.",
    choose: "Drücken Sie ein Gesicht.",
    confirm: "Drücken Sie dieselbe Taste noch einmal zur Bestätigung.",
    reason:
      "Wenn Sie möchten, drücken Sie eine Taste für den Grund: Wartezeit, Personal, wiederkommen, Ergebnis.",
    thanks: "Danke, Ihre Stimme ist gespeichert.",
  },
};

const FR: Words = {
  question: "Comment évaluez-vous le service reçu ?",
  faces: { green: "Positif", yellow: "Suffisant", red: "Négatif" },
  reasonQuestion: "Quelle en est la raison ?",
  reasons: {
    wait: "Temps d'attente",
    staff: "Comportement du personnel",
    return: "Nécessité de revenir",
    outcome: "Résultat négatif",
    none: "Aucune raison indiquée",
  },
  pictograms: {
    showReceipt: "Présentez le reçu",
    choose: "Choisissez un visage",
    thankYou: "Merci",
    notAccepted: "Non accepté",
  },
  refusals: {
    alreadyCounted: "Ce reçu a déjà été compté.",
    tryAgain: "Code non lu : réessayez avec le code du reçu.",
    askDesk: "Ce reçu n'est pas valable ici : adressez-vous au guichet.",
  },
  outOfOrder: "Hors service : votre vote ne peut pas être enregistré. Adressez-vous au guichet.",
  testMode: "Mode d'essai : les votes ne comptent pas.",
  assist: {
    layout:
      "De gauche à droite : vert positif, jaune suffisant, rouge négatif. Dessous, quatre touches pour la raison.",
    showReceipt: "Présentez le reçu au lecteur sous les touches.",
    choose: "Appuyez sur un visage.",
    confirm: "Appuyez de nouveau sur la même touche pour confirmer.",
    reason: "Si vous le souhaitez, appuyez sur une touche : attente, personnel, revenir, résultat.",
    thanks: "Merci, votre vote est enregistré.",
  },
};

const SL: Words = {
  question: "Kako ocenjujete prejeto storitev?",
  faces: { green: "Pozitivno", yellow: "Zadostno", red: "Negativno" },
  reasonQuestion: "Kaj je bil razlog?",
  reasons: {
    wait: "Čakalni čas",
    staff: "Vedenje osebja",
    return: "Potrebna vrnitev",
    outcome: "Negativen izid",
    none: "Razlog ni naveden",
  },
  pictograms: {
    showReceipt: "Pokažite potrdilo",
    choose: "Izberite obraz",
    thankYou: "Hvala",
    notAccepted: "Ni sprejeto",
  },
  refusals: {
    alreadyCounted: "To potrdilo je že bilo šteto.",
    tryAgain: "Koda ni prebrana: poskusite znova s kodo na potrdilu.",
    askDesk: "To potrdilo tukaj ne velja: vprašajte pri okencu.",
  },
  outOfOrder: "Ne deluje: glasu ni mogoče zabeležiti. Vprašajte pri okencu.",
  testMode: "Preizkusni način: glasovi ne štejejo.",
  assist: {
    layout: "Od leve: zeleno pozitivno, rumeno zadostno, rdeče negativno. Spodaj štiri tipke za razlog.",
    showReceipt: "Pokažite potrdilo čitalniku pod tipkami.",
    choose: "Pritisnite obraz.",
    confirm: "Za potrditev znova pritisnite isto tipko.",
    reason: "Če želite, pritisnite tipko za razlog: čakanje, osebje, vrnitev, izid.",
    thanks: "Hvala, vaš glas je zabeležen.",
  },
};

const VERSIONS: Readonly<Record<number, Readonly<Record<Language, Words>>>> = {
  1: { it: IT, en: EN, de: DE, fr: FR, sl: SL },
};

/** The wording a new campaign uses. */
export const CURRENT_WORDING = 1;

/** Every published wording version, oldest first. */
export const WORDING_VERSIONS: readonly number[] = Object.keys(VERSIONS).map(Number);

/** The words of a version in a language, or undefined for a version that was never published. */
export function wordsOf(version: number, language: Language): Words | undefined {
  return VERSIONS[version]?.[language];
}
