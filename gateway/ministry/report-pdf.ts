/**
 * The report to the ministry as a PDF to read and to print: A4, in Italian, tagged for screen readers. Draws figures it is handed and works
 * out none. The same report makes the same bytes.
 */
import { addDays, monthSpan } from "#schemas/local-day.ts";
import type { MinistryReport } from "#schemas/ministry-report.ts";
import { CURRENT_WORDING, wordsOf } from "#schemas/wording.ts";
import { tenthsText } from "../reports/figures.ts";
import { closePdf, heading, openPdf, paragraph, type Section, table } from "./pdf-writer.ts";

/** The PDF's bytes. */
export async function reportPdf(report: MinistryReport): Promise<Buffer> {
  const title = `Mettiamoci la faccia: rapporto ${period(report)}`;
  const section = openPdf({ title, author: report.administration.name, day: report.day });
  heading(section, "H1", title);
  const { administration, sample } = report;
  const code = administration.ipaCode === "" ? "" : `, codice IPA ${administration.ipaCode}`;
  paragraph(section, `${administration.name}${code}`);
  if (sample) paragraph(section, "Dati di esempio: un Comune inventato, nessun voto vero.");
  months(section, report);
  services(section, report);
  reasons(section, report);
  coverage(section, report);
  method(section);
  return closePdf(section, title);
}

function months(section: Section, report: MinistryReport): void {
  heading(section, "H2", "1. I mesi");
  table(
    section,
    ["Mese", "Voti validi", "Positivi", "Intervallo al 95 %", "Sufficienti", "Negativi", "Partecipazione"],
    report.months.map(({ month, valid, score, yellow, red, participation }) => [
      ...[monthName(month), number(valid), percent(score?.share ?? null), interval(score)],
      ...[number(yellow), number(red), percent(participation)],
    ]),
  );
  if (report.missing.length > 0)
    paragraph(section, `Mesi del periodo non pubblicati: ${report.missing.map(monthName).join(", ")}.`);
}

function services(section: Section, report: MinistryReport): void {
  heading(section, "H2", "2. I servizi nel periodo");
  table(
    section,
    [
      "Ufficio e servizio",
      "Voti validi",
      "Positivi",
      "Intervallo al 95 %",
      "Sufficienti",
      "Negativi",
      "Mesi nascosti",
    ],
    report.services.map(({ valid, score, yellow, red, monthsShown, monthsHidden, ...one }) => {
      const shown = (count: number) => number(monthsShown === 0 ? null : count);
      return [
        ...[nameOf(one), shown(valid), percent(score?.share ?? null), interval(score)],
        ...[shown(yellow), shown(red), number(monthsHidden)],
      ];
    }),
  );
}

function reasons(section: Section, report: MinistryReport): void {
  const words = wordsOf(CURRENT_WORDING, "it")?.reasons;
  heading(section, "H2", "3. I motivi dei giudizi negativi");
  table(
    section,
    [
      ...["Ufficio e servizio", words?.wait ?? "", words?.staff ?? "", words?.return ?? ""],
      ...[words?.outcome ?? "", words?.none ?? "", "Motivo nascosto"],
    ],
    report.services.map(({ reasons: counts, ...one }) => [
      ...[nameOf(one), number(counts.wait), number(counts.staff), number(counts.return)],
      ...[number(counts.outcome), number(counts.none), number(counts.hidden)],
    ]),
  );
  paragraph(
    section,
    "Sono sommati i soli mesi e motivi pubblicati; i giudizi negativi di cui un mese nasconde il motivo sono nell'ultima colonna. Un trattino sta dove nessun mese mostra la cifra.",
  );
}

function coverage(section: Section, report: MinistryReport): void {
  heading(section, "H2", "4. Copertura e voti non contati");
  table(
    section,
    [
      "Mese",
      "Ore di servizio dei totem",
      "Giornate non dichiarate",
      "Ricevuta già usata",
      "Ricevuta scaduta",
      "Servizi nascosti",
    ],
    report.months.map(({ month, upHours, missingDays, conflict, expiredLate, hidden }) => [
      ...[monthName(month), number(upHours), number(missingDays), number(conflict), number(expiredLate)],
      number(hidden),
    ]),
  );
}

function method(section: Section): void {
  heading(section, "H2", "5. Metodo");
  for (const text of METHOD) paragraph(section, text);
}

const METHOD = [
  "Giudica chi è appena stato servito, una volta per servizio, con la ricevuta; il giudizio è anonimo. Un voto con una ricevuta già usata o scaduta è conservato e non contato.",
  "Accanto alla quota dei giudizi positivi sta l'intervallo di confidenza al 95 % di Wilson: con pochi voti è largo. Una percentuale richiede almeno 10 voti, una cifra 5, un servizio 3 persone che lo prestano; il resto è nascosto, con le cifre che lo rivelerebbero. I servizi non sono in classifica.",
  "La partecipazione è il rapporto fra voti validi e persone servite, dove l'ufficio le ha comunicate. Le ore di servizio sono quelle dichiarate e firmate ogni giorno dai totem.",
  "Le cifre sono quelle pubblicate mese per mese, dimostrate dalle firme dei totem nel registro pubblico; le stesse sono nei file report.json, monthly.csv e report.xlsx di questo pacchetto, i cui riassunti crittografici sono firmati in manifest.json.",
];

type Named = Pick<MinistryReport["services"][number], "uo" | "serviceId" | "officeName" | "serviceName">;

function nameOf({ uo, serviceId, officeName, serviceName }: Named): string {
  return `${officeName ?? uo}: ${serviceName ?? (serviceId === "" ? "altri servizi, insieme" : serviceId)}`;
}

function period({ from, to }: MinistryReport): string {
  const [first, last] = [monthSpan(from).from, addDays(monthSpan(to).to, -1)];
  const day = (value: string) =>
    new Intl.DateTimeFormat("it", { dateStyle: "long", timeZone: "UTC" }).format(
      new Date(`${value}T00:00:00Z`),
    );
  return `dal ${day(first)} al ${day(last)}`;
}

function monthName(month: string): string {
  return new Intl.DateTimeFormat("it", { month: "long", year: "numeric", timeZone: "UTC" }).format(
    new Date(`${month}-15T00:00:00Z`),
  );
}

const FIGURES = new Intl.NumberFormat("it");

function number(count: number | null): string {
  return count === null ? "–" : FIGURES.format(count);
}

function percent(tenths: number | null): string {
  return tenths === null ? "–" : `${tenthsText(tenths, ",")} %`;
}

function interval(score: MinistryReport["months"][number]["score"]): string {
  return score === null ? "–" : `${percent(score.low).replace(" %", "")}–${percent(score.high)}`;
}
