/**
 * The requests a desk, a citizen at the panel and the office's IT staff make, for tests of the whole system.
 */
import { parse } from "csv-parse/sync";
import type { StartedDemo } from "./demo.fixture.ts";

type Json = Readonly<Record<string, unknown>>;
type Gateway = Pick<StartedDemo, "url" | "credentials">;

/** A ticket's code for a service of the demo. */
export async function ticket(demo: Gateway, service = "anagrafe"): Promise<string> {
  const answer = await post(`${demo.url}/api/v1/tickets`, { service }, demo.credentials["issue"]);
  return String(answer["code"]);
}

export function scan(panel: string, code: string): Promise<Json> {
  return post(`${panel}/panel/scan`, { code });
}

export function press(panel: string, key: string): Promise<Json> {
  return post(`${panel}/panel/press`, { key });
}

/** Plugs a virtual totem's network cable, or pulls it. */
export function setNetwork(panel: string, connected: boolean): Promise<Json> {
  return post(`${panel}/panel/network`, { plugged: connected });
}

export async function panelState(panel: string): Promise<Json> {
  const response = await fetch(`${panel}/panel/state`);
  return (await response.json()) as Json;
}

export async function status(demo: Gateway) {
  const response = await get(demo, "/api/v1/status");
  return (await response.json()) as {
    readonly addsUp: boolean;
    readonly problems: readonly string[];
    readonly total: Readonly<Record<string, number>>;
    readonly totems: readonly { readonly captured: number; readonly online: boolean }[];
  };
}

/** This month's and last month's exact votes, summed by column: a test must not fail at midnight of the first. */
export async function exactVotes(demo: Gateway): Promise<Readonly<Record<string, number>>> {
  const dayMs = 86_400_000;
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const span = `from=${day(Date.now() - 2 * dayMs)}&to=${day(Date.now() + 2 * dayMs)}`;
  const response = await get(demo, `/api/v1/reports/aggregate.csv?${span}&by=hour&exact=1`);
  if (!response.ok) throw new Error(`the gateway answered ${response.status}: ${await response.text()}`);
  const rows = parse(await response.text(), { columns: true }) as Record<string, string>[];
  const sums: Record<string, number> = {};
  const columns = [
    "votes_valid",
    "green",
    "yellow",
    "red",
    "reason_wait",
    "reason_staff",
    "reason_return",
    "reason_outcome",
    "reason_none",
    "rejected_used",
    "rejected_other",
    "conflict_votes",
  ];
  for (const column of columns) sums[column] = rows.reduce((sum, row) => sum + Number(row[column] ?? 0), 0);
  return sums;
}

export function get(demo: Gateway, path: string): Promise<Response> {
  return fetch(`${demo.url}${path}`, { headers: { authorization: `Bearer ${demo.credentials["reports"]}` } });
}

export async function post(url: string, body: object, token?: string): Promise<Json> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as Json;
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${String(answer["message"])}`);
  return answer;
}
