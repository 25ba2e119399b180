import { Compile } from "typebox/schema";
import { describe, expect, it } from "vitest";
import { AGGREGATE_COLUMNS, AGGREGATE_KEY, MONTHLY_COLUMNS, MONTHLY_KEY } from "./columns.ts";
import { CSVW_TABLE } from "./csvw-schema.fixture.ts";
import { csvMetadata } from "./metadata.ts";

const namesOf = (columns: readonly { readonly name: string }[]) =>
  columns.map((column) => column.name).join(", ");

const FACTS = {
  url: "monthly.csv?month=2026-11",
  title: "November",
  publisher: "Comune di Prova",
  key: MONTHLY_KEY,
  columns: MONTHLY_COLUMNS,
  profile: "open",
  isExact: false,
} as const;

describe("the columns", () => {
  it("of the month are the programme's, in its order, with late votes, status and revision after them", () => {
    expect(namesOf(MONTHLY_COLUMNS)).toBe(
      "schema_version, wording_version, ipa_code, uo_code, service_id, channel, month, tz, tickets_issued, served, " +
        "votes_valid, green, yellow, red, reason_wait, reason_staff, reason_return, reason_outcome, reason_none, " +
        "participation_pct, green_pct, green_ci_low, green_ci_high, rejected_used, rejected_expired, rejected_bad_sig, " +
        "rejected_other, unverified_votes, totem_hours_due, totem_hours_up, suppressed, checkpoint_root, " +
        "votes_late, status, revision",
    );
  });

  it("of the aggregate say first when and where", () => {
    expect(namesOf(AGGREGATE_COLUMNS)).toMatch(
      /^period, period_start, site, office_id, service_id, wording_version, tickets_issued, served, votes_valid, green, /,
    );
  });

  it("stop at office and service: nothing tells a totem, a desk or a person", () => {
    expect(`${namesOf(AGGREGATE_COLUMNS)}, ${namesOf(MONTHLY_COLUMNS)}`).not.toMatch(
      /totem_id|desk|operator|employee|ticket_/,
    );
  });

  it.each([
    ["aggregate", AGGREGATE_COLUMNS, AGGREGATE_KEY],
    ["monthly", MONTHLY_COLUMNS, MONTHLY_KEY],
  ])("have each a name of their own and a meaning (%s)", (_, columns, key) => {
    const names = columns.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { meaning } of columns) expect(meaning.length).toBeGreaterThan(5);
    for (const name of key) expect(names).toContain(name);
  });
});

describe("the metadata beside a file", () => {
  it("tell every column's type, the key, the publisher and the licence", () => {
    expect(csvMetadata(FACTS)).toMatchObject({
      url: "monthly.csv?month=2026-11",
      "dc:publisher": "Comune di Prova",
      "dc:license": { "@id": "https://creativecommons.org/licenses/by/4.0/" },
      dialect: { delimiter: ",", lineTerminators: ["\r\n"], header: true },
      tableSchema: {
        columns: MONTHLY_COLUMNS.map(({ name, meaning }) => ({
          name,
          titles: name,
          "dc:description": meaning,
        })),
        primaryKey: MONTHLY_KEY,
      },
    });
  });

  it("read the Italian profile with its semicolon, decimal comma and dates", () => {
    const metadata = csvMetadata({ ...FACTS, profile: "excel-it", columns: AGGREGATE_COLUMNS });
    expect(metadata).toMatchObject({ dialect: { delimiter: ";" } });
    const { columns } = (metadata as { tableSchema: { columns: { name: string; datatype: unknown }[] } })
      .tableSchema;
    const datatypeOf = (name: string) => columns.find((column) => column.name === name)?.datatype;
    expect(datatypeOf("green_pct")).toMatchObject({ base: "decimal", format: { decimalChar: "," } });
    expect(datatypeOf("period_start")).toMatchObject({ format: "dd/MM/yyyy HH:mm:ss" });
    expect(datatypeOf("green")).toBe("nonNegativeInteger");
  });

  const isTable = Compile(CSVW_TABLE as never);
  const described = (["open", "excel-it"] as const).flatMap((profile) =>
    [MONTHLY_COLUMNS, AGGREGATE_COLUMNS].flatMap((columns) =>
      [true, false].map((isExact) => csvMetadata({ ...FACTS, profile, columns, isExact })),
    ),
  );

  it("say nothing that the vocabulary does not know, in every profile of every file", () => {
    for (const metadata of described) expect(isTable.Errors(metadata)[1]).toEqual([]);
  });

  it.each([
    ["a property that is none", '"titles":', '"title":'],
    ["a data type that is none", '"nonNegativeInteger"', '"count"'],
    ["a column's name with a space", '"name":"green"', '"name":"the green"'],
    ["another context", "http://www.w3.org/ns/csvw", "https://www.w3.org/ns/csvw"],
    ["a quote of two characters", '"quoteChar":"\\""', '"quoteChar":"\\"\\""'],
  ])("would be found out: %s", (_, what, instead) => {
    const before = JSON.stringify(described[0]);
    const changed = before.replace(what, instead);
    expect(changed).not.toBe(before);
    expect(isTable.Check(JSON.parse(changed))).toBe(false);
  });

  it("give exact figures no licence: they are not for publication", () => {
    expect(csvMetadata({ ...FACTS, isExact: true })).not.toHaveProperty(["dc:license"]);
  });
});
