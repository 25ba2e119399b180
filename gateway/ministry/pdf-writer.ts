/**
 * Writes a tagged PDF from headings, paragraphs and tables: A4, in Italian, for the eye and for screen readers. Knows nothing of what it
 * writes; the same calls make the same bytes.
 */
import { createRequire } from "node:module";
import PDFDocument from "pdfkit";

const require = createRequire(import.meta.url);
/** The typeface of Italian public sites; it has the letters of all the languages that offices are named in. */
const FONT = "@expo-google-fonts/titillium-web/";
const REGULAR = require.resolve(`${FONT}400Regular/TitilliumWeb_400Regular.ttf`);
const BOLD = require.resolve(`${FONT}600SemiBold/TitilliumWeb_600SemiBold.ttf`);

const MARGIN = 48;
/** Points. A row of a long name has two lines, and so has a header. */
const [TABLE_SIZE, ROW_HEIGHT, HEADER_HEIGHT] = [8.5, 32, 34];
const BLUE = "#0066cc";
const INK = "#17324d";
const LINE = "#d6dce3";

type Pdf = PDFKit.PDFDocument;
export type Section = {
  readonly pdf: Pdf;
  readonly root: PDFKit.PDFStructureElement;
  readonly bytes: Promise<Buffer>;
};

/** A new document. @param about.day said as the day it was made, in place of a moment. */
export function openPdf(about: {
  readonly title: string;
  readonly author: string;
  readonly day: string;
}): Section {
  const pdf = new PDFDocument({
    ...{ size: "A4", margin: MARGIN, bufferPages: true, tagged: true, lang: "it-IT", displayTitle: true },
    pdfVersion: "1.7",
    info: {
      ...{ Title: about.title, Author: about.author, Producer: "Faccine", Creator: "Faccine" },
      CreationDate: new Date(`${about.day}T00:00:00Z`),
    },
  });
  const root = pdf.struct("Document");
  pdf.addStructure(root);
  return { pdf, root, bytes: bytesOf(pdf) };
}

/** Ends the document and gives its bytes. */
export function closePdf({ pdf, root, bytes }: Section, title: string): Promise<Buffer> {
  root.end();
  numberPages(pdf, title);
  pdf.end();
  return bytes;
}

export function heading({ pdf, root }: Section, kind: "H1" | "H2", text: string): void {
  pdf
    .font(BOLD)
    .fontSize(kind === "H1" ? 18 : 13)
    .fillColor(kind === "H1" ? BLUE : INK);
  if (kind === "H2") pdf.moveDown(1);
  // A heading alone at the foot of a page says nothing.
  if (pdf.y > pdf.page.height - 140) pdf.addPage();
  root.add(pdf.struct(kind, {}, () => void pdf.text(text, MARGIN)));
  pdf.moveDown(0.4);
}

export function paragraph({ pdf, root }: Section, text: string): void {
  pdf.font(REGULAR).fontSize(10).fillColor(INK);
  root.add(pdf.struct("P", {}, () => void pdf.text(text, MARGIN)));
  pdf.moveDown(0.4);
}

/** A table, on as many pages as it takes, each with the header. */
export function table(
  section: Section,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  const { pdf } = section;
  for (let from = 0; from < rows.length; ) {
    const room = Math.floor((pdf.page.height - MARGIN - pdf.y - HEADER_HEIGHT) / ROW_HEIGHT);
    if (room < 1) {
      pdf.addPage();
      continue;
    }
    tablePart(section, header, rows.slice(from, from + room));
    from += room;
  }
  pdf.x = MARGIN;
  pdf.moveDown(0.5);
}

function tablePart(
  { pdf, root }: Section,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  pdf.fontSize(TABLE_SIZE).fillColor(INK);
  const bold = { src: BOLD, size: TABLE_SIZE };
  const head = header.map((text) => ({
    ...{ text, type: "TH" as const, scope: "Column" as const, font: bold, backgroundColor: "#e6f0fa" },
  }));
  const body = rows.map((row) =>
    row.map((text, at) =>
      at === 0
        ? { text, type: "TH" as const, scope: "Row" as const, font: bold }
        : {
            text,
            align: { x: "right" as const, y: "top" as const },
            font: { src: REGULAR, size: TABLE_SIZE },
          },
    ),
  );
  pdf.table({
    ...{ structParent: root, rowStyles: () => ({ border: [0, 0, 0.5, 0], borderColor: LINE }) },
    columnStyles: (at: number) => ({ width: at === 0 ? 130 : "*", padding: 3 }),
    data: [head, ...body],
  } as never);
}

/** Page numbers are for the eye alone. */
function numberPages(pdf: Pdf, title: string): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let at = 0; at < count; at++) {
    pdf.switchToPage(start + at);
    pdf.page.margins.bottom = 0;
    pdf.markContent("Artifact", { type: "Pagination" });
    pdf
      .font(REGULAR)
      .fontSize(8)
      .fillColor(INK)
      .text(`${title}. Pagina ${at + 1} di ${count}`, MARGIN, pdf.page.height - 32, {
        ...{ width: pdf.page.width - 2 * MARGIN, align: "center", lineBreak: false },
      });
    pdf.endMarkedContent();
  }
}

function bytesOf(pdf: Pdf): Promise<Buffer> {
  const parts: Buffer[] = [];
  return new Promise((resolve, reject) => {
    pdf.on("data", (part: Buffer) => parts.push(part));
    pdf.on("end", () => resolve(Buffer.concat(parts)));
    pdf.on("error", reject);
  });
}
