/**
 * One vote's whole way by HTTP, told line by line: ticket, scan, press, CSV.
 */

export type Place = {
  readonly url: string;
  readonly panel: string;
  readonly credentials: Readonly<Record<string, string>>;
};

/** The demo's service everything is tried with. */
const SERVICE = "anagrafe";
/** The draft is sealed 3 s after the thanks, then sent; ten times that on a busy machine. */
const ARRIVES_MS = 30_000;
const LOOK_EVERY_MS = 250;

/** Casts a green vote and looks for it in the CSV; false when it does not arrive. */
export async function tryVote(place: Place, say: (line: string) => void): Promise<boolean> {
  const before = await greenVotes(place);
  const ticket = await post(`${place.url}/api/v1/tickets`, { service: SERVICE }, place.credentials["issue"]);
  say(`1. The desk prints a receipt:   POST /api/v1/tickets {"service":"${SERVICE}"}\n   ${ticket["code"]}`);
  const scanned = await post(`${place.panel}/panel/scan`, { code: ticket["code"] });
  say(`2. The citizen scans it:        POST /panel/scan\n   state: ${scanned["state"]}`);
  const pressed = await post(`${place.panel}/panel/press`, { key: "green" });
  say(`3. and presses the green face:  POST /panel/press {"key":"green"}\n   state: ${pressed["state"]}`);
  for (let waitedMs = 0; waitedMs < ARRIVES_MS; waitedMs += LOOK_EVERY_MS) {
    const csv = await aggregate(place);
    if (greenOf(csv) === before + 1) {
      say(
        `4. The office reads the month:  GET /api/v1/reports/aggregate.csv?month=${month()}&by=day&exact=1\n${shown(csv)}`,
      );
      return true;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, LOOK_EVERY_MS);
    });
  }
  return false;
}

async function greenVotes(place: Place): Promise<number> {
  return greenOf(await aggregate(place));
}

/** Green votes of the service in an aggregate CSV. */
function greenOf(csv: string): number {
  const [header = "", ...lines] = csv.trimEnd().split("\r\n");
  const columns = header.split(",");
  const [service, green] = [columns.indexOf("service_id"), columns.indexOf("green")];
  return lines
    .map((line) => line.split(","))
    .filter((cells) => cells[service] === SERVICE)
    .reduce((sum, cells) => sum + Number(cells[green]), 0);
}

/** The first columns of each line: enough to see the vote. */
function shown(csv: string): string {
  return csv
    .trimEnd()
    .split("\r\n")
    .map((line) => `   ${line.split(",").slice(0, 12).join(",")},…`)
    .join("\n");
}

async function aggregate({ url, credentials }: Place): Promise<string> {
  const response = await fetch(`${url}/api/v1/reports/aggregate.csv?month=${month()}&by=day&exact=1`, {
    headers: { authorization: `Bearer ${credentials["reports"]}` },
  });
  if (!response.ok) throw new Error(`the gateway answered ${response.status}: ${await response.text()}`);
  return response.text();
}

/** The month of the demo's invented town, which keeps Rome's time. */
function month(): string {
  return new Intl.DateTimeFormat("sv", { timeZone: "Europe/Rome", year: "numeric", month: "2-digit" }).format(
    new Date(),
  );
}

async function post(url: string, body: object, token?: string): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${String(answer["message"])}`);
  return answer;
}
