/**
 * The bill of materials: one line for each kind of part, with what it must be and what may replace it. As Markdown to read
 * and as CSV to order by. No prices: none could be verified.
 */
import type { Bilingual, GuideLanguage } from "../bilingual.ts";
import type { Kind } from "../kinds/kind.ts";
import { KINDS, PARTS } from "../parts.ts";
import { UNTRIED } from "./words.ts";

const WORDS = {
  title: { it: "Distinta dei materiali", en: "Bill of materials" },
  generated: {
    it: "Generata da `hardware/parts.ts` con `npm run generate`: non modificarla. Senza prezzi: nessuno è stato verificato.",
    en: "Generated from `hardware/parts.ts` by `npm run generate`: do not edit. No prices: none was verified.",
  },
  head: {
    it: "| Quanti | Sigle | Pezzo | Com'è fatto | Codice del costruttore | Alternative |",
    en: "| Quantity | References | Part | What it must be | Maker's number | Alternatives |",
  },
  byFacts: { it: "si compra per come è fatto", en: "bought by what it must be" },
  alsoNeeded: {
    it: "Servono anche: filo per cablaggi 0,25 mm² nei colori del disegno (due metri per colore, cinque di nero e di rosso), faston 2,8 mm isolati, guaina termorestringente, cavo USB per il lettore, e per lo Zero 2 W un hub OTG.",
    en: "Also needed: hook-up wire 0.25 mm² in the drawing's colours (two metres of each, five of black and of red), insulated 2.8 mm spade terminals, heat-shrink tube, a USB cable for the scanner, and for the Zero 2 W an OTG hub.",
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

/** References of a kind, runs shortened: `R1-R9`. */
export function shortened(refs: readonly string[]): string {
  const runs: { first: string; last: string; letters: string; number: number }[] = [];
  for (const ref of refs) {
    const letters = ref.replace(/\d+$/, "");
    const number = Number(ref.slice(letters.length));
    const run = runs.at(-1);
    if (run !== undefined && run.letters === letters && run.number + 1 === number) {
      run.last = ref;
      run.number = number;
    } else runs.push({ first: ref, last: ref, letters, number });
  }
  return runs.map(({ first, last }) => (first === last ? first : `${first}-${last}`)).join(", ");
}

function refsOf(kind: Kind): readonly string[] {
  return PARTS.filter((part) => part.kind === kind.id).map(({ ref }) => ref);
}

export function billOfMaterials(language: GuideLanguage): string {
  const rows = KINDS.map((kind) => {
    const refs = refsOf(kind);
    const alternatives = kind.alternatives.map((each) => each[language]).join("; ");
    const number = kind.makersNumber ?? WORDS.byFacts[language];
    return `| ${[refs.length, shortened(refs), kind.description[language], kind.facts[language], number, alternatives].join(" | ")} |`;
  });
  const sources = KINDS.flatMap(({ description, source }) =>
    source === null ? [] : [`- ${description[language]}: ${source}`],
  );
  return `${[
    `# ${WORDS.title[language]}`,
    "",
    `${WORDS.generated[language]} **${UNTRIED[language]}**`,
    "",
    WORDS.head[language],
    `|${" --- |".repeat(6)}`,
    ...rows,
    "",
    WORDS.alsoNeeded[language],
    "",
    language === "it" ? "## Da dove vengono i dati" : "## Where the data are from",
    "",
    ...sources,
  ].join("\n")}\n`;
}

/** A field of a CSV file, quoted where it has to be (RFC 4180). */
function csvField(value: string): string {
  return /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

const CSV_COLUMNS = [
  "references",
  "quantity",
  "description_it",
  "description_en",
  "makers_number",
  "facts_it",
  "facts_en",
  "alternatives_it",
  "alternatives_en",
  "source",
] as const;

export function billOfMaterialsCsv(): string {
  const rows = KINDS.map((kind) => {
    const refs = refsOf(kind);
    return [
      refs.join(" "),
      String(refs.length),
      kind.description.it,
      kind.description.en,
      kind.makersNumber ?? "",
      kind.facts.it,
      kind.facts.en,
      kind.alternatives.map(({ it }) => it).join("; "),
      kind.alternatives.map(({ en }) => en).join("; "),
      kind.source ?? "",
    ];
  });
  return `${[CSV_COLUMNS, ...rows].map((row) => row.map(csvField).join(",")).join("\n")}\n`;
}
