/**
 * The metadata beside each file: CSV on the Web (W3C Recommendation "Metadata Vocabulary for Tabular Data", 2015), so that
 * a machine knows what every column holds and under which licence it may be used. Pure.
 */
import type { Column, ColumnType, CsvProfile } from "./csv.ts";

/** Attribution only: what AgID's guidelines on open data prefer. */
const LICENCE = "https://creativecommons.org/licenses/by/4.0/";

export type FileFacts = {
  /** Where the file is, relative to its metadata. */
  readonly url: string;
  readonly title: string;
  readonly publisher: string;
  readonly profile: CsvProfile;
  readonly key: readonly string[];
  readonly columns: readonly Column[];
  /** Exact figures are not for publication and carry no licence. */
  readonly isExact: boolean;
};

/** The metadata of one file, as an object to be written as JSON. */
export function csvMetadata(facts: FileFacts): object {
  const isItalian = facts.profile === "excel-it";
  return {
    "@context": ["http://www.w3.org/ns/csvw", { "@language": "en" }],
    url: facts.url,
    "dc:title": facts.title,
    "dc:publisher": facts.publisher,
    ...(facts.isExact ? {} : { "dc:license": { "@id": LICENCE } }),
    dialect: {
      encoding: "utf-8",
      delimiter: isItalian ? ";" : ",",
      lineTerminators: ["\r\n"],
      quoteChar: '"',
      doubleQuote: true,
      header: true,
    },
    tableSchema: {
      columns: facts.columns.map((column) => ({
        name: column.name,
        titles: column.name,
        "dc:description": column.meaning,
        datatype: datatypeOf(column.type, isItalian),
      })),
      primaryKey: facts.key,
    },
  };
}

function datatypeOf(type: ColumnType, isItalian: boolean): object | string {
  switch (type) {
    case "text":
      return "string";
    case "integer":
      return "nonNegativeInteger";
    case "tenths":
      return {
        base: "decimal",
        format: { pattern: "#0.0", decimalChar: isItalian ? "," : "." },
        minimum: 0,
      };
    case "moment":
      return {
        base: "dateTime",
        format: isItalian ? "dd/MM/yyyy HH:mm:ss" : "yyyy-MM-ddTHH:mm:ssXXX",
      };
  }
}
