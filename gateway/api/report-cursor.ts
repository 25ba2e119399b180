/**
 * Where a file that is fetched page by page goes on: an opaque text that names the period and the row it stands after. It is
 * tagged with the gateway's key for one query, and carries a tag of the figures the file was begun with: a page of other
 * figures would make a file that no single reading ever gave. Guesses nothing of a text it did not make.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { fail, ok, type Result } from "#schemas/result.ts";
import { type SigningKey, signBody } from "#schemas/signature.ts";
import { monthsTouching } from "../reports/periods.ts";
import { figuresFor, labelsOf, type ReportParts } from "./report-files.ts";
import { queryText, type ReportQuery } from "./report-query.ts";

/** The last row that was handed over. */
export type Position = { readonly slot: string; readonly key: string };

/** Whose page of what. */
export type CursorOf = {
  readonly query: ReportQuery;
  /** Whose figures alone the reader sees; null for all. */
  readonly onlyOffice: string | null;
  /** Of `stateOf`. */
  readonly state: string;
};

/** Why a page cannot be given: the cursor is none of ours, or the file is not the same any more. */
export type CursorProblem = { readonly code: 400 | 409; readonly message: string };

/** A position is three ids and a period; nobody needs to send more to be refused. */
const CURSOR_MAX = 1_000;
/** Half a hash: nobody guesses it, and an address stays short. */
const TAG_CHARACTERS = 32;
const TAG = /^[0-9a-f]{32}$/;

export function cursorText(key: SigningKey, about: CursorOf, { slot, key: row }: Position): string {
  const place = Buffer.from(JSON.stringify([slot, row, about.state])).toString("base64url");
  return `${place}.${tag(key, "place", `${nameOf(about)} ${place}`)}`;
}

/** The position a cursor names. */
export function readCursor(key: SigningKey, text: string, about: CursorOf): Result<Position, CursorProblem> {
  const [place = "", given = "", ...more] = text.length > CURSOR_MAX ? [] : text.split(".");
  const right = tag(key, "place", `${nameOf(about)} ${place}`);
  const isTag = more.length === 0 && TAG.test(given);
  if (!isTag || !timingSafeEqual(Buffer.from(given), Buffer.from(right)))
    return fail({
      code: 400,
      message:
        "cursor: is none that this gateway gave for this query; take it from the header link (rel=next) of the page before, and change nothing else",
    });
  const [slot, row, state] = JSON.parse(Buffer.from(place, "base64url").toString("utf8")) as [
    string,
    string,
    string,
  ];
  if (state !== about.state)
    return fail({
      code: 409,
      message: "cursor: the figures have changed since the first page; begin again without a cursor",
    });
  return ok({ slot, key: row });
}

/**
 * A tag of all that a file is made of: every counter of its months, people served, what is closed and published, names. It is
 * made with the gateway's key, so that nobody can try figures until they fit it.
 */
export async function stateOf(
  parts: ReportParts & { readonly key: SigningKey },
  query: ReportQuery,
): Promise<string> {
  const { settings, key } = parts;
  const store = await figuresFor(parts, query.isExact);
  const months = monthsTouching(query.span);
  const labels = await labelsOf(parts, query);
  const month = query.span.fromDay.slice(0, 7);
  const figures = JSON.stringify([
    ...[await store.countSpans(months), await store.servedSpans(months)],
    ...[settings.sites, settings.administration, labels.isFinal(month), labels.proofOf(month)],
  ]);
  return tag(key, "state", figures);
}

/** The reader's office, kind, form and every parameter. */
function nameOf({ query, onlyOffice }: CursorOf): string {
  return `${onlyOffice ?? ""} ${query.kind}.${query.format}?${queryText(query)}`;
}

function tag(key: SigningKey, what: "place" | "state", text: string): string {
  const hash = createHash("sha256").update(text).digest("hex");
  return createHash("sha256")
    .update(signBody("cursor", { what, hash }, key))
    .digest("hex")
    .slice(0, TAG_CHARACTERS);
}
