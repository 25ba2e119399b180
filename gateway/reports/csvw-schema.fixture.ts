/**
 * The W3C Recommendation "Metadata Vocabulary for Tabular Data" (2015), as far as a description of one table goes, as a JSON schema: what a
 * property may be called, what may stand in it, and nothing else. Properties of other vocabularies have a prefix (its section 5.8).
 */
const text = { type: "string", minLength: 1 };
/** A natural language property: section 5.1.6. */
const natural = { anyOf: [text, { type: "array", items: text, minItems: 1 }, { type: "object" }] };
const common = { "^[a-z0-9]+:[A-Za-z]+$": {} };
/** Built-in data types: section 5.11.1. */
const base = {
  enum: [
    ...["anyAtomicType", "anyURI", "base64Binary", "boolean", "date", "dateTime", "dateTimeStamp", "decimal"],
    ...["integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger", "unsignedLong"],
    ...["unsignedInt", "unsignedShort", "unsignedByte", "nonPositiveInteger", "negativeInteger", "double"],
    ...["duration", "dayTimeDuration", "yearMonthDuration", "float", "gDay", "gMonth", "gMonthDay", "gYear"],
    ...["gYearMonth", "hexBinary", "QName", "string", "normalizedString", "token", "language", "Name"],
    ...["NMTOKEN", "xml", "html", "json", "time", "number", "binary", "datetime", "any"],
  ],
};
const format = {
  anyOf: [
    text,
    {
      type: "object",
      additionalProperties: false,
      properties: {
        decimalChar: { type: "string", minLength: 1, maxLength: 1 },
        groupChar: { type: "string", minLength: 1, maxLength: 1 },
        pattern: { type: "string", pattern: "^[#0.,;E%‰+-]+$" },
      },
    },
  ],
};
const bound = { type: ["number", "string"] };
const datatype = {
  anyOf: [
    base,
    {
      type: "object",
      additionalProperties: false,
      patternProperties: common,
      properties: {
        ...{ base, format, "@id": text },
        ...{ length: { type: "integer" }, minLength: { type: "integer" }, maxLength: { type: "integer" } },
        ...{ minimum: bound, maximum: bound, minInclusive: bound, maxInclusive: bound },
        ...{ minExclusive: bound, maxExclusive: bound },
      },
    },
  ],
};
/** Properties that are handed down: section 5.7. */
const inherited = {
  ...{
    aboutUrl: text,
    datatype,
    default: { type: "string" },
    lang: text,
    null: natural,
    ordered: { type: "boolean" },
  },
  ...{ propertyUrl: text, required: { type: "boolean" }, separator: { type: ["string", "null"] } },
  ...{ textDirection: { enum: ["ltr", "rtl", "auto", "inherit"] }, valueUrl: text },
};
/** A column's name is used in addresses: section 5.6. */
const name = { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9_.%]*$" };
const columnReference = { anyOf: [name, { type: "array", items: name, minItems: 1 }] };

export const CSVW_TABLE = {
  type: "object",
  required: ["@context", "url", "tableSchema"],
  additionalProperties: false,
  patternProperties: common,
  properties: {
    "@context": {
      anyOf: [
        { const: "http://www.w3.org/ns/csvw" },
        {
          type: "array",
          prefixItems: [
            { const: "http://www.w3.org/ns/csvw" },
            {
              type: "object",
              additionalProperties: false,
              minProperties: 1,
              properties: { "@base": text, "@language": text },
            },
          ],
          minItems: 2,
          maxItems: 2,
        },
      ],
    },
    ...{ "@id": text, "@type": { const: "Table" }, url: text, notes: { type: "array" } },
    ...{ suppressOutput: { type: "boolean" }, tableDirection: { enum: ["ltr", "rtl", "auto"] } },
    ...inherited,
    dialect: {
      type: "object",
      additionalProperties: false,
      properties: {
        ...{ "@id": text, "@type": { const: "Dialect" }, encoding: text, delimiter: text },
        ...{ commentPrefix: { type: ["string", "null"] }, doubleQuote: { type: "boolean" } },
        ...{ header: { type: "boolean" }, headerRowCount: { type: "integer", minimum: 0 } },
        lineTerminators: { anyOf: [text, { type: "array", items: text, minItems: 1 }] },
        quoteChar: { type: ["string", "null"], minLength: 1, maxLength: 1 },
        ...{ skipBlankRows: { type: "boolean" }, skipColumns: { type: "integer", minimum: 0 } },
        ...{ skipInitialSpace: { type: "boolean" }, skipRows: { type: "integer", minimum: 0 } },
        trim: { enum: [true, false, "true", "false", "start", "end"] },
      },
    },
    tableSchema: {
      type: "object",
      required: ["columns"],
      additionalProperties: false,
      patternProperties: common,
      properties: {
        ...{ "@id": text, "@type": { const: "Schema" } },
        ...inherited,
        columns: {
          type: "array",
          minItems: 1,
          items: {
            type: "object",
            additionalProperties: false,
            patternProperties: common,
            properties: {
              ...{ "@id": text, "@type": { const: "Column" }, name, titles: natural },
              ...{ suppressOutput: { type: "boolean" }, virtual: { type: "boolean" } },
              ...inherited,
            },
          },
        },
        ...{ primaryKey: columnReference, rowTitles: columnReference, foreignKeys: { type: "array" } },
      },
    },
  },
} as const;
