/**
 * The words of the public pages, in Italian and English and the languages of Italy's minorities. What faces and reasons are called comes from
 * the wording that was answered.
 */
import type { Language } from "#schemas/code-list.ts";

export type PublicationWords = {
  /** How the language calls itself. */
  readonly name: string;
  readonly title: string;
  readonly allMonths: string;
  readonly noMonths: string;
  readonly sample: string;
  readonly skip: string;
  readonly revision: (revision: number, day: string) => string;
  readonly intro: string;
  readonly votes: string;
  readonly service: string;
  readonly share: string;
  readonly reasons: string;
  readonly participation: string;
  readonly participationOf: (percent: string, served: string) => string;
  readonly together: string;
  readonly hidden: string;
  readonly hiddenNote: string;
  readonly interval: (low: string, high: string) => string;
  readonly intervalNote: string;
  readonly told: string;
  readonly apart: string;
  readonly apartOf: (conflicts: number, expired: number, missingDays: number) => string;
  readonly check: string;
  readonly checkText: string;
  readonly proof: string;
  readonly files: string;
  readonly openData: string;
  readonly excel: string;
  readonly columns: string;
  readonly catalogue: string;
  readonly licence: string;
};

export const PUBLICATION_WORDS: Readonly<Record<Language, PublicationWords>> = {
  it: {
    name: "Italiano",
    title: "Mettiamoci la faccia",
    allMonths: "Tutti i mesi",
    noMonths: "Nessun mese è ancora pubblicato.",
    sample: "Dati di esempio: un Comune inventato, nessun voto vero.",
    skip: "Vai al contenuto",
    revision: (revision, day) => `Dati definitivi, revisione ${revision} del ${day}.`,
    intro:
      "Chi è appena stato servito può giudicare il servizio, una volta, con la ricevuta. I giudizi sono anonimi.",
    votes: "Voti validi",
    service: "Servizio",
    share: "Giudizi",
    reasons: "Motivi dei giudizi negativi",
    participation: "Partecipazione",
    participationOf: (percent, served) => `${percent} di ${served} persone servite`,
    together: "altri servizi, insieme",
    hidden: "non mostrato",
    hiddenNote:
      "Non sono mostrati i dati che farebbero riconoscere pochi voti o l'operato di poche persone: servono almeno 10 voti per una percentuale, 5 per una cifra, 3 persone per un servizio.",
    interval: (low, high) => `tra ${low} e ${high}`,
    intervalNote:
      "Accanto alla quota di giudizi positivi sta l'intervallo di confidenza al 95 % (Wilson): con pochi voti è largo. I servizi non sono in classifica.",
    told: "Che cosa facciamo",
    apart: "Voti non contati",
    apartOf: (conflicts, expired, missing) =>
      `${conflicts} voti con una ricevuta già usata e ${expired} arrivati a ricevuta scaduta non sono contati. Giornate di totem senza dichiarazione: ${missing}.`,
    check: "Verifica",
    checkText:
      "Chiunque può verificare queste cifre con le firme dei totem, senza fidarsi di chi le pubblica.",
    proof: "Prova del mese",
    files: "Dati aperti",
    openData: "CSV",
    excel: "CSV per Excel italiano",
    columns: "Significato delle colonne",
    catalogue: "Scheda per il catalogo (DCAT-AP_IT)",
    licence: "Licenza: Creative Commons Attribuzione 4.0",
  },
  en: {
    name: "English",
    title: "Mettiamoci la faccia",
    allMonths: "All months",
    noMonths: "No month is published yet.",
    sample: "Sample data: an invented municipality, no real vote.",
    skip: "Go to the content",
    revision: (revision, day) => `Final data, revision ${revision} of ${day}.`,
    intro:
      "Whoever has just been served may judge the service, once, with the receipt. Judgements are anonymous.",
    votes: "Valid votes",
    service: "Service",
    share: "Judgements",
    reasons: "Reasons of negative judgements",
    participation: "Participation",
    participationOf: (percent, served) => `${percent} of ${served} people served`,
    together: "other services, together",
    hidden: "not shown",
    hiddenNote:
      "Figures that would give away few votes or the work of few people are not shown: a percentage needs 10 votes, a figure 5, a service 3 people.",
    interval: (low, high) => `between ${low} and ${high}`,
    intervalNote:
      "Beside the share of positive judgements stands its 95 % confidence interval (Wilson): with few votes it is wide. Services are not ranked.",
    told: "What we do about it",
    apart: "Votes not counted",
    apartOf: (conflicts, expired, missing) =>
      `${conflicts} votes with a receipt that had been used and ${expired} after the receipt's time are not counted. Totem-days without a statement: ${missing}.`,
    check: "Check",
    checkText:
      "Anybody can check these figures with the totems' signatures, without trusting who publishes them.",
    proof: "Proof of the month",
    files: "Open data",
    openData: "CSV",
    excel: "CSV for Italian Excel",
    columns: "What the columns mean",
    catalogue: "Catalogue record (DCAT-AP_IT)",
    licence: "Licence: Creative Commons Attribution 4.0",
  },
  de: {
    name: "Deutsch",
    title: "Mettiamoci la faccia",
    allMonths: "Alle Monate",
    noMonths: "Noch ist kein Monat veröffentlicht.",
    sample: "Beispieldaten: eine erfundene Gemeinde, keine echte Stimme.",
    skip: "Zum Inhalt",
    revision: (revision, day) => `Endgültige Daten, Revision ${revision} vom ${day}.`,
    intro:
      "Wer gerade bedient wurde, kann den Dienst mit dem Beleg einmal bewerten. Die Bewertungen sind anonym.",
    votes: "Gültige Stimmen",
    service: "Dienst",
    share: "Bewertungen",
    reasons: "Gründe der negativen Bewertungen",
    participation: "Beteiligung",
    participationOf: (percent, served) => `${percent} von ${served} bedienten Personen`,
    together: "andere Dienste zusammen",
    hidden: "nicht gezeigt",
    hiddenNote:
      "Nicht gezeigt werden Zahlen, die wenige Stimmen oder die Arbeit weniger Personen verraten würden: ein Prozentsatz braucht 10 Stimmen, eine Zahl 5, ein Dienst 3 Personen.",
    interval: (low, high) => `zwischen ${low} und ${high}`,
    intervalNote:
      "Neben dem Anteil positiver Bewertungen steht das 95-%-Konfidenzintervall (Wilson): bei wenigen Stimmen ist es breit. Dienste stehen in keiner Rangfolge.",
    told: "Was wir tun",
    apart: "Nicht gezählte Stimmen",
    apartOf: (conflicts, expired, missing) =>
      `${conflicts} Stimmen mit schon benutztem Beleg und ${expired} nach Ablauf des Belegs sind nicht gezählt. Totem-Tage ohne Erklärung: ${missing}.`,
    check: "Prüfung",
    checkText:
      "Alle können diese Zahlen mit den Unterschriften der Totems prüfen, ohne denen zu vertrauen, die sie veröffentlichen.",
    proof: "Nachweis des Monats",
    files: "Offene Daten",
    openData: "CSV",
    excel: "CSV für italienisches Excel",
    columns: "Bedeutung der Spalten",
    catalogue: "Katalogeintrag (DCAT-AP_IT)",
    licence: "Lizenz: Creative Commons Namensnennung 4.0",
  },
  fr: {
    name: "Français",
    title: "Mettiamoci la faccia",
    allMonths: "Tous les mois",
    noMonths: "Aucun mois n'est encore publié.",
    sample: "Données d'exemple : une commune inventée, aucun vote réel.",
    skip: "Aller au contenu",
    revision: (revision, day) => `Données définitives, révision ${revision} du ${day}.`,
    intro:
      "Qui vient d'être servi peut juger le service, une fois, avec le reçu. Les jugements sont anonymes.",
    votes: "Votes valables",
    service: "Service",
    share: "Jugements",
    reasons: "Raisons des jugements négatifs",
    participation: "Participation",
    participationOf: (percent, served) => `${percent} de ${served} personnes servies`,
    together: "autres services, ensemble",
    hidden: "non montré",
    hiddenNote:
      "Ne sont pas montrés les chiffres qui trahiraient peu de votes ou le travail de peu de personnes : il faut 10 votes pour un pourcentage, 5 pour un chiffre, 3 personnes pour un service.",
    interval: (low, high) => `entre ${low} et ${high}`,
    intervalNote:
      "À côté de la part de jugements positifs figure son intervalle de confiance à 95 % (Wilson) : avec peu de votes il est large. Les services ne sont pas classés.",
    told: "Ce que nous faisons",
    apart: "Votes non comptés",
    apartOf: (conflicts, expired, missing) =>
      `${conflicts} votes avec un reçu déjà utilisé et ${expired} après l'échéance du reçu ne sont pas comptés. Journées de totem sans déclaration : ${missing}.`,
    check: "Vérification",
    checkText:
      "Chacun peut vérifier ces chiffres avec les signatures des totems, sans se fier à qui les publie.",
    proof: "Preuve du mois",
    files: "Données ouvertes",
    openData: "CSV",
    excel: "CSV pour Excel italien",
    columns: "Signification des colonnes",
    catalogue: "Fiche de catalogue (DCAT-AP_IT)",
    licence: "Licence : Creative Commons Attribution 4.0",
  },
  sl: {
    name: "Slovenščina",
    title: "Mettiamoci la faccia",
    allMonths: "Vsi meseci",
    noMonths: "Noben mesec še ni objavljen.",
    sample: "Vzorčni podatki: izmišljena občina, noben pravi glas.",
    skip: "Na vsebino",
    revision: (revision, day) => `Končni podatki, revizija ${revision} z dne ${day}.`,
    intro: "Kdor je bil pravkar postrežen, lahko s potrdilom enkrat oceni storitev. Ocene so anonimne.",
    votes: "Veljavni glasovi",
    service: "Storitev",
    share: "Ocene",
    reasons: "Razlogi negativnih ocen",
    participation: "Udeležba",
    participationOf: (percent, served) => `${percent} od ${served} postreženih oseb`,
    together: "druge storitve skupaj",
    hidden: "ni prikazano",
    hiddenNote:
      "Niso prikazane številke, ki bi izdale malo glasov ali delo malo oseb: za odstotek je treba 10 glasov, za številko 5, za storitev 3 osebe.",
    interval: (low, high) => `med ${low} in ${high}`,
    intervalNote:
      "Ob deležu pozitivnih ocen je 95-odstotni interval zaupanja (Wilson): pri malo glasovih je širok. Storitve niso razvrščene.",
    told: "Kaj počnemo",
    apart: "Nešteti glasovi",
    apartOf: (conflicts, expired, missing) =>
      `Glasovi z že uporabljenim potrdilom (${conflicts}) in po izteku potrdila (${expired}) niso šteti. Dnevi totemov brez izjave: ${missing}.`,
    check: "Preverjanje",
    checkText:
      "Vsakdo lahko preveri te številke s podpisi totemov, ne da bi zaupal tistemu, ki jih objavlja.",
    proof: "Dokazilo meseca",
    files: "Odprti podatki",
    openData: "CSV",
    excel: "CSV za italijanski Excel",
    columns: "Pomen stolpcev",
    catalogue: "Kataloški zapis (DCAT-AP_IT)",
    licence: "Licenca: Creative Commons Priznanje avtorstva 4.0",
  },
};
