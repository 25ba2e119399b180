/**
 * A sheet of tickets to cut out, for a desk whose printer or network is out of order: one for each few minutes of a day. Pure: draws what it is
 * handed.
 */
import { ticketSvg } from "#gateway/tickets/ticket-drawing.ts";
import { fail, ok, type Result } from "#schemas/result.ts";

/** Pages of a dozen tickets that somebody cuts out: a long day of one desk. */
export const SHEET_TICKETS_MAX = 240;

export type SheetTicket = {
  readonly code: string;
  /** As the clerk's clock shows it. */
  readonly clock: string;
};

/** The minutes since midnight at which tickets of a sheet are handed out from. */
export function sheetMinutes(
  from: string | undefined,
  to: string | undefined,
  everyMinutes: number,
): Result<readonly number[], string> {
  const [first, last] = [minuteOfDay(from), minuteOfDay(to)];
  if (first === null) return fail(`--from ${from ?? "(not given)"}: must be a time, HH:MM`);
  if (last === null || last < first)
    return fail(`--to ${to ?? "(not given)"}: must be a time, HH:MM, not before --from`);
  if (!Number.isInteger(everyMinutes) || everyMinutes < 1)
    return fail("--every: must be whole minutes, 1 or more");
  const count = Math.floor((last - first) / everyMinutes) + 1;
  if (count > SHEET_TICKETS_MAX)
    return fail(
      `--every ${everyMinutes}: would be ${count} tickets; a sheet has at most ${SHEET_TICKETS_MAX}`,
    );
  return ok(Array.from({ length: count }, (_, at) => first + at * everyMinutes));
}

/** The sheet as a page that prints on A4 and loads nothing. */
export function sheetHtml(
  tickets: readonly SheetTicket[],
  about: { readonly title: string; readonly day: string; readonly validMinutes: number },
): string {
  const title = escaped(about.title);
  const cells = tickets.map(
    ({ code, clock }) =>
      `<li><b>${clock}</b><span>${title}<br>${about.day}</span>${ticketSvg(code, "signed")}<small>Com'è andata? / How did it go?</small></li>`,
  );
  return `<!doctype html>
<html lang="it"><head><meta charset="utf-8"><title>${title} ${about.day}</title><style>
@page { size: A4; margin: 10mm }
body { margin: 0; font: 10pt/1.25 sans-serif; color: #000 }
ul { display: grid; grid-template-columns: repeat(4, 1fr); margin: 0; padding: 0; list-style: none }
li { break-inside: avoid; display: grid; justify-items: center; gap: 1mm; padding: 2mm; border: 1px dashed #666; text-align: center }
b { font-size: 16pt }
span, small { font-size: 8pt }
svg { width: 34mm; height: 34mm }
</style></head><body>
<p>${title}, ${about.day}. Al cittadino appena servito si dà il biglietto dell'ultima ora già passata: vale ${about.validMinutes} minuti da quella. /
To the citizen just served goes the ticket of the latest time that has passed: it is good for ${about.validMinutes} minutes from then.</p>
<ul>
${cells.join("\n")}
</ul>
</body></html>
`;
}

function minuteOfDay(text: string | undefined): number | null {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text ?? "");
  return match === null ? null : 60 * Number(match[1]) + Number(match[2]);
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
