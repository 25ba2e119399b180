/**
 * The assembly manual: the steps' sentences, tables and pictures put together, once for each language. What is written
 * here is made again by `npm run generate`; nobody edits the result.
 */
import { type Bilingual, GUIDE_LANGUAGES, type GuideLanguage } from "../bilingual.ts";
import type { Step } from "./step.ts";
import { BENCH_STEPS } from "./steps-bench.ts";
import { DEVICE_STEPS } from "./steps-devices.ts";
import { SITE_STEPS } from "./steps-site.ts";
import { accessTable, partName } from "./tables.ts";

export const STEPS: readonly Step[] = [...BENCH_STEPS, ...DEVICE_STEPS, ...SITE_STEPS];

type File = { readonly name: string; readonly text: string };

/** The manual's two texts and the pictures both of them show. */
export function assemblyManual(): readonly File[] {
  return [
    ...GUIDE_LANGUAGES.map((language) => ({ name: `assembly.${language}.md`, text: manual(language) })),
    ...STEPS.map((step, index) => ({ name: pictureName(step, index), text: step.picture() })),
  ];
}

function manual(language: GuideLanguage): string {
  const contents = STEPS.map(({ title }, index) => `${index + 1}. ${title[language]}`);
  return `${[
    `<!-- ${GENERATED[language]} -->`,
    `# ${TITLE[language]}`,
    UNTRIED[language],
    BEFORE[language],
    contents.join("\n"),
    ...STEPS.map((step, index) => written(step, index, language)),
    `## ${ACCESS[language]}`,
    ACCESS_NOTE[language],
    accessTable(language).join("\n"),
  ].join("\n\n")}\n`;
}

function written(step: Step, index: number, language: GuideLanguage): string {
  const table = step.table?.(language) ?? [];
  return [
    `## ${index + 1}. ${step.title[language]}`,
    `![${step.shows[language]}](${pictureName(step, index)})`,
    `*${step.shows[language]}*`,
    ...(step.parts.length === 0
      ? []
      : [`**${NEEDED[language]}** ${step.parts.map((ref) => partName(ref, language)).join(", ")}.`]),
    step.actions.map((action, number) => `${number + 1}. ${action[language]}`).join("\n"),
    ...(table.length === 0 ? [] : [table.join("\n")]),
    `**${CHECK[language]}**\n\n${step.checks.map((check) => `- [ ] ${check[language]}`).join("\n")}`,
    `**${WRONG[language]}**\n\n${step.troubles.map(({ sign, cure }) => `- **${sign[language]}**: ${cure[language]}.`).join("\n")}`,
  ].join("\n\n");
}

function pictureName({ id }: Step, index: number): string {
  return `${String(index + 1).padStart(2, "0")}-${id}.svg`;
}

const GENERATED: Bilingual = {
  it: "Generato da hardware/assembly/ con npm run generate: non modificare.",
  en: "Generated from hardware/assembly/ by npm run generate: do not edit.",
};
const TITLE: Bilingual = { it: "Montaggio del totem", en: "Assembling the totem" };
const UNTRIED: Bilingual = {
  it: "**Non ancora provato:** nessun totem è stato costruito con questo manuale, e nessuna scheda o lettore vero è stato provato. Chi lo segue per primo corregga quello che trova.",
  en: "**Not tried yet:** no totem has been built from this manual, and no real board or scanner has been tried. Whoever follows it first should correct what they find.",
};
const BEFORE: Bilingual = {
  it: "Serve saper saldare e usare un tester. I riferimenti (S1, U1, …) sono quelli della distinta dei pezzi e dello schema in `hardware/generated/`; disegni della cassa, dima e foglio di prova del lettore sono nella stessa cartella. Si lavora senza corrente fino al passo che la dà.",
  en: "You need to be able to solder and to use a meter. References (S1, U1, …) are those of the bill of materials and of the diagram in `hardware/generated/`; the case's drawings, the template and the scanner's test sheet are in the same folder. Work without power until the step that gives it.",
};
const ACCESS: Bilingual = {
  it: "Accessibilità: che cosa rispetta la cassa",
  en: "Accessibility: what the case keeps",
};
const ACCESS_NOTE: Bilingual = {
  it: "I limiti sono controllati sui numeri della cassa a ogni prova del progetto (`npm test`); sul posto vanno misurati. Una clausola di cui è stato letto solo il titolo va riletta prima di dichiarare conformità.",
  en: "The limits are checked on the case's numbers whenever the project is tested (`npm test`); on the spot they have to be measured. A clause of which only the heading was read has to be read before conformity is declared.",
};
const NEEDED: Bilingual = { it: "Serve:", en: "Needed:" };
const CHECK: Bilingual = { it: "Controlli", en: "Checks" };
const WRONG: Bilingual = { it: "Se non va", en: "If it goes wrong" };
