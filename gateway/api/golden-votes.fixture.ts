/**
 * The votes of `reports/golden/votes.json` in a real store: signed by totems, verified, ingested. The expected files
 * beside them were written by another program in another language, which reads the same votes.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Canonical } from "#schemas/canonical.ts";
import type { Face, Reason, Refusal, VoteFlag } from "#schemas/code-list.ts";
import { GATEWAY_DEFAULTS, type GatewaySettings } from "#schemas/gateway-settings.ts";
import type { EntryTime } from "#schemas/time.ts";
import { type Directory, directoryOf } from "../directory.ts";
import {
  freshHex,
  refusalsEntry,
  type TestTotem,
  testTotem,
  verifiedBatch,
  voteEntry,
} from "../ingest/journal.fixture.ts";
import type { Store } from "../store/store.ts";

type GoldenVote = {
  readonly at: string;
  readonly service: string;
  readonly face: Face;
  readonly reason: Reason | null;
  readonly wording: number;
  readonly mode?: "test";
  readonly flags?: readonly VoteFlag[];
  /** Two votes with one ticket conflict; null is a vote without one. */
  readonly ticket?: string | null;
};

type GoldenData = {
  readonly ipaCode: string;
  readonly sites: readonly {
    readonly siteId: string;
    readonly zone: string;
    readonly offices: readonly {
      readonly officeId: string;
      readonly name: string;
      readonly uoCode: string;
      readonly services: readonly { readonly serviceId: string; readonly name: string }[];
    }[];
  }[];
  readonly votes: readonly GoldenVote[];
  readonly refusals: readonly {
    readonly at: string;
    readonly service: string | null;
    readonly reason: Refusal;
    readonly count: number;
  }[];
  readonly issued: readonly { readonly at: string; readonly service: string; readonly count: number }[];
  readonly served: readonly {
    readonly office: string;
    readonly service: string;
    readonly day: string;
    readonly served: number;
  }[];
};

const FOLDER = join(import.meta.dirname, "..", "reports", "golden");
const START_OF_YEAR_MS = Date.UTC(2026, 0, 1);
/** The week after the last vote. */
const RECEIVED_MS = Date.UTC(2026, 10, 2);

/** The votes and everything around them. */
export const GOLDEN = JSON.parse(readFileSync(join(FOLDER, "votes.json"), "utf8")) as GoldenData;

/** An expected file's bytes. */
export function goldenFile(name: string): string {
  return readFileSync(join(FOLDER, name), "utf8");
}

/** The settings of the administration the votes belong to; its offices are large enough to be shown by themselves. */
export const GOLDEN_SETTINGS: GatewaySettings = {
  ...structuredClone(GATEWAY_DEFAULTS),
  wording: 1,
  administration: { name: "Comune di Prova", ipaCode: GOLDEN.ipaCode },
  sites: GOLDEN.sites.map(({ offices, ...site }) => ({
    ...site,
    ...{ name: site.siteId, languages: ["it"], hours: [] },
    offices: offices.map(({ services, ...office }, index) => ({
      ...office,
      ...{ number: index + 1, staff: 8 },
      services: services.map((service, number) => ({ ...service, number: number + 1 })),
    })),
  })),
};

export const GOLDEN_DIRECTORY: Directory = directoryOf(GOLDEN_SETTINGS);

/** Fills a store, with the votes in the order given and in batches of a size. */
export async function fillWithGolden(
  store: Store,
  options: { readonly votes?: readonly GoldenVote[]; readonly batchEntries?: number } = {},
): Promise<void> {
  const { votes = GOLDEN.votes, batchEntries = 50 } = options;
  const totems = new Map(GOLDEN_SETTINGS.sites.map(({ siteId }) => [siteId, startedTotem(siteId)]));
  const totemOf = (service: string) =>
    totems.get(GOLDEN_DIRECTORY.service(service)?.site.siteId ?? "") as TestTotem;
  const marks = new Map<string, string>();
  for (const vote of votes) totemOf(vote.service).append(entryOf(vote, marks) as Canonical);
  for (const { at, service, reason, count } of GOLDEN.refusals) {
    const totem = service === null ? totems.get("municipio") : totemOf(service);
    totem?.append(refusalsEntry([{ reason, service, count }], timeOf(at)) as Canonical);
  }
  for (const totem of totems.values()) {
    await store.registerTotem(totem.record);
    for (const wire of totem.batches(batchEntries)) {
      await store.ingest([verifiedBatch(totem, wire, RECEIVED_MS)], GOLDEN_DIRECTORY.rules);
    }
  }
  await fillWithOfficesCounts(store);
  // Settled, as months are that were published: before that nothing is shown but exact figures.
  for (let month = 1; month <= 12; month++) {
    await store.putMonthProof(`2026-${String(month).padStart(2, "0")}`, 1, "{}");
  }
}

async function fillWithOfficesCounts(store: Store): Promise<void> {
  for (const { at, service, count } of GOLDEN.issued) {
    const found = GOLDEN_DIRECTORY.service(service);
    if (found === undefined) throw new Error(`no service ${service}`);
    const place = { siteId: found.site.siteId, officeId: found.office.officeId, serviceId: service };
    for (let i = 0; i < count; i++) await store.countIssued(place, 1, Date.parse(at), found.site.zone);
  }
  const served = GOLDEN.served.map(({ office, service, ...count }) => ({
    ...count,
    ...{ officeId: office, serviceId: service },
  }));
  await store.putServed(served, RECEIVED_MS);
}

function startedTotem(siteId: string): TestTotem {
  const totem = testTotem(`totem-${siteId}`);
  totem.start({ time: timeOf("2026-01-01T00:00:00Z") });
  return { ...totem, record: { ...totem.record, siteId } };
}

function entryOf(vote: GoldenVote, marks: Map<string, string>) {
  const { at, ticket, service, face, reason, wording, mode = "live", flags = [] } = vote;
  if (typeof ticket === "string" && !marks.has(ticket)) marks.set(ticket, freshHex(16));
  const mark = ticket === null ? null : ticket === undefined ? freshHex(16) : (marks.get(ticket) as string);
  return voteEntry({ service, face, reason, wording, mode, flags: [...flags], mark, time: timeOf(at) });
}

function timeOf(at: string): EntryTime {
  const wallMs = Date.parse(at);
  return { wallMs, monotonicUs: (wallMs - START_OF_YEAR_MS) * 1_000, bootId: "boot-1", clock: "trusted" };
}
