/**
 * What is published of a month: the rows of its report as they may be seen by anybody, held against the proof. Pure.
 */
import type { MonthProof } from "#schemas/public-log.ts";
import type { Publication, PublishedRow } from "#schemas/publication.ts";
import type { Labels } from "../reports/columns.ts";
import type { ReportRow } from "../reports/rows.ts";
import { isSeen } from "../reports/scheme.ts";
import { cellIndex, type SideCell, type VoteCell } from "../reports/tally.ts";

export type PublicationFacts = {
  readonly day: string;
  readonly sample: boolean;
  readonly administration: Publication["administration"];
  readonly labels: Pick<Labels, "uoCodeOf" | "officeName" | "serviceName">;
};

/** The publication of a month. Rows where nobody voted are left out: the page is about votes. */
export function publicationOf(
  rows: readonly ReportRow[],
  proof: MonthProof,
  { day, sample, administration, labels }: PublicationFacts,
): Publication {
  const taken = (cause: string) =>
    Math.max(0, proof.corrections.find((one) => one.cause === cause)?.votes ?? 0);
  return {
    ...{ month: proof.month, revision: proof.revision, day, sample, administration },
    taken: { conflict: taken("conflict"), expiredLate: taken("expired-late") },
    missingDays: proof.missing.length,
    rows: rows.flatMap((row) =>
      row.line.wording === null ? [] : [publishedRow(row, row.line.wording, labels)],
    ),
  };
}

function publishedRow(row: ReportRow, wording: number, labels: PublicationFacts["labels"]): PublishedRow {
  const { siteId, officeId, serviceId } = row.line.place;
  const shown = (cell: VoteCell | SideCell) => {
    const index = cellIndex(cell);
    return isSeen(row.line.seen, index) ? (row.line.tally.cells[index] as number) : null;
  };
  const [officeName, serviceName] = [labels.officeName(officeId), labels.serviceName(serviceId)];
  return {
    uo: labels.uoCodeOf(officeId) || officeId || siteId,
    ...{ siteId, officeId, serviceId, wording },
    ...(officeName === null ? {} : { officeName }),
    ...(serviceName === null ? {} : { serviceName }),
    ...{ valid: row.valid, green: shown("green"), yellow: shown("yellow"), red: shown("red") },
    reasons: {
      ...{ wait: shown("reason_wait"), staff: shown("reason_staff"), return: shown("reason_return") },
      ...{ outcome: shown("reason_outcome"), none: shown("reason_none") },
    },
    ...{ served: row.served, participation: row.participation },
    score: row.score === null ? null : { ...row.score },
    unverified: shown("unverified"),
  };
}

/** Figures of a publication that its proof does not say, or says otherwise, in words. None of them may be published. */
export function unproved({ rows }: Publication, proof: MonthProof): readonly string[] {
  const nameOf = (uo: string, service: string, wording: number, figure: string) =>
    `${uo}/${service}, wording ${wording}, ${figure}`;
  const proved = new Map(
    proof.sums.map(({ row, figure, total }) => [nameOf(row.uo, row.service, row.wording, figure), total]),
  );
  const published = rows.flatMap(({ uo, serviceId, wording, valid, green, yellow, red, reasons }) =>
    Object.entries({ valid, green, yellow, red, ...reasons }).map(
      ([figure, count]) => [nameOf(uo, serviceId, wording, figure), count] as const,
    ),
  );
  const wrong = published.filter(
    ([name, count]) => count !== null && count !== 0 && proved.get(name) !== count,
  );
  const said = new Map(published);
  const unsaid = [...proved].filter(([name, total]) => total !== 0 && said.get(name) !== total);
  return [
    ...wrong.map(([name, count]) => `${name}: ${count} published, ${proved.get(name) ?? "nothing"} proved`),
    ...unsaid.map(([name, total]) => `${name}: ${total} proved, ${said.get(name) ?? "nothing"} published`),
  ];
}
