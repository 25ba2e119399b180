/**
 * The catalogue record of a month's data, as DCAT-AP_IT wants it (AgID, "Linee guida per i cataloghi dati", profile DCAT-AP_IT 1.0): the
 * dataset, who answers for it, and its files, in Turtle and JSON-LD. Pure.
 */
import { addDays, monthSpan } from "#schemas/local-day.ts";
import type { Publication } from "#schemas/publication.ts";

const AUTHORITY = "http://publications.europa.eu/resource/authority";
/** Government and public sector; monthly; from the authority tables of the EU's Publications Office. */
const THEME = `${AUTHORITY}/data-theme/GOVE`;
const FREQUENCY = `${AUTHORITY}/frequency/MONTHLY`;
const LICENCE = "https://creativecommons.org/licenses/by/4.0/";
/** The kind of licence that asks for attribution alone, from AgID's list of licences. */
const LICENCE_TYPE = "http://purl.org/adms/licencetype/Attribution";

const FILES = [
  { file: "monthly.csv", format: "CSV", media: "text/csv", title: "CSV" },
  { file: "monthly-excel-it.csv", format: "CSV", media: "text/csv", title: "CSV per Excel italiano" },
  { file: "publication.json", format: "JSON", media: "application/json", title: "JSON" },
] as const;

type Facts = {
  readonly identifier: string;
  readonly title: string;
  readonly description: string;
  readonly from: string;
  readonly to: string;
  readonly day: string;
  readonly administration: string;
  readonly ipaCode: string;
  /** Of the month's folder, with its last slash; empty when nobody has said where it will be. */
  readonly base: string;
};

/** @param url the address of the public folder; null leaves all addresses relative. */
export function dcatOf(data: Publication, url: string | null) {
  const { from, to } = monthSpan(data.month);
  const facts: Facts = {
    ...{ from, to, day: data.day, administration: data.administration.name },
    ipaCode: data.administration.ipaCode || "nd",
    identifier: `${data.administration.ipaCode || "ente"}:faccine:${data.month}`,
    title: `Mettiamoci la faccia: giudizi dei cittadini sui servizi, ${data.month}${data.sample ? " (dati di esempio)" : ""}`,
    description:
      "Giudizi (positivo, sufficiente, negativo) e motivi espressi da chi è appena stato servito, per ufficio e servizio; anonimi, con le cifre piccole non mostrate.",
    base: url === null ? "" : `${url}${data.month}/`,
  };
  return { turtle: turtle(facts), jsonLd: jsonLd(facts) };
}

function turtle(facts: Facts): string {
  const { identifier, title, description, from, to, day, administration, ipaCode, base } = facts;
  const files = FILES.map(
    ({ file, format, media, title: name }) => `
<${base}${file}> a dcatapit:Distribution, dcat:Distribution ;
  dct:title ${text(name, "it")} ;
  dct:format <${AUTHORITY}/file-type/${format}> ;
  dcat:mediaType ${text(media)} ;
  dcat:accessURL <${base === "" ? "./" : base}> ;
  dcat:downloadURL <${base}${file}> ;
  dct:modified "${day}"^^xsd:date ;
  dct:license <${LICENCE}> .`,
  );
  return `@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcatapit: <http://dati.gov.it/onto/dcatapit#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<${base === "" ? "./" : base}> a dcatapit:Dataset, dcat:Dataset ;
  dct:identifier ${text(identifier)} ;
  dct:title ${text(title, "it")} ;
  dct:description ${text(description, "it")} ;
  dct:issued "${day}"^^xsd:date ;
  dct:modified "${day}"^^xsd:date ;
  dcat:theme <${THEME}> ;
  dct:accrualPeriodicity <${FREQUENCY}> ;
  dct:language <${AUTHORITY}/language/ITA> ;
  dct:temporal [ a dct:PeriodOfTime, dcatapit:PeriodOfTime ; dcatapit:startDate "${from}"^^xsd:date ; dcatapit:endDate "${addDays(to, -1)}"^^xsd:date ] ;
  dct:rightsHolder <#titolare> ;
  dct:publisher <#titolare> ;
  dcat:distribution ${FILES.map(({ file }) => `<${base}${file}>`).join(", ")} .

<#titolare> a dcatapit:Agent, foaf:Agent ;
  foaf:name ${text(administration, "it")} ;
  dct:identifier ${text(ipaCode)} .

<${LICENCE}> a dcatapit:LicenseDocument, dct:LicenseDocument ;
  dct:type <${LICENCE_TYPE}> ;
  foaf:name "Creative Commons Attribuzione 4.0 Internazionale (CC BY 4.0)"@it .
${files.join("\n")}
`;
}

function jsonLd(facts: Facts): string {
  const { identifier, title, description, from, to, day, administration, ipaCode, base } = facts;
  const date = (value: string) => ({ "@value": value, "@type": "xsd:date" });
  const italian = (value: string) => ({ "@value": value, "@language": "it" });
  const link = (id: string) => ({ "@id": id });
  const holder = {
    ...{ "@id": "#titolare", "@type": ["dcatapit:Agent", "foaf:Agent"] },
    ...{ "foaf:name": italian(administration), "dct:identifier": ipaCode },
  };
  const licence = {
    ...{ "@id": LICENCE, "@type": ["dcatapit:LicenseDocument", "dct:LicenseDocument"] },
    ...{ "dct:type": link(LICENCE_TYPE) },
    "foaf:name": italian("Creative Commons Attribuzione 4.0 Internazionale (CC BY 4.0)"),
  };
  const record = {
    "@context": {
      dcat: "http://www.w3.org/ns/dcat#",
      dcatapit: "http://dati.gov.it/onto/dcatapit#",
      dct: "http://purl.org/dc/terms/",
      foaf: "http://xmlns.com/foaf/0.1/",
      xsd: "http://www.w3.org/2001/XMLSchema#",
    },
    ...{ "@id": base === "" ? "./" : base, "@type": ["dcatapit:Dataset", "dcat:Dataset"] },
    "dct:identifier": identifier,
    "dct:title": italian(title),
    "dct:description": italian(description),
    "dct:issued": date(day),
    "dct:modified": date(day),
    "dcat:theme": link(THEME),
    "dct:accrualPeriodicity": link(FREQUENCY),
    "dct:language": link(`${AUTHORITY}/language/ITA`),
    "dct:temporal": {
      "@type": ["dct:PeriodOfTime", "dcatapit:PeriodOfTime"],
      ...{ "dcatapit:startDate": date(from), "dcatapit:endDate": date(addDays(to, -1)) },
    },
    "dct:rightsHolder": holder,
    "dct:publisher": link("#titolare"),
    "dcat:distribution": FILES.map(({ file, format, media, title: name }) => ({
      ...{ "@id": `${base}${file}`, "@type": ["dcatapit:Distribution", "dcat:Distribution"] },
      ...{ "dct:title": italian(name), "dct:format": link(`${AUTHORITY}/file-type/${format}`) },
      ...{ "dcat:mediaType": media, "dcat:accessURL": link(base === "" ? "./" : base) },
      ...{ "dcat:downloadURL": link(`${base}${file}`), "dct:modified": date(day), "dct:license": licence },
    })),
  };
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** A Turtle literal: JSON escapes all it has to, and nothing else. */
function text(value: string, language?: string): string {
  return `${JSON.stringify(value)}${language === undefined ? "" : `@${language}`}`;
}
