/** One vote's whole way, with the programs as a user starts them. */
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Entry, VoteEntry } from "#schemas/entry.ts";
import { tryVote } from "../demo/try-vote.ts";
import {
  childrenOf,
  demoFolder,
  eventually,
  filesWith,
  isAlive,
  type StartedDemo,
  startDemo,
} from "./demo.fixture.ts";
import { exactVotes, get, panelState, press, scan, setNetwork, status, ticket } from "./requests.fixture.ts";

describe("a running demo", () => {
  const folder = demoFolder();
  let demo: StartedDemo;
  let panel: string;

  beforeAll(async () => {
    demo = await startDemo(folder.path, { totems: 2 });
    panel = demo.panels[0] ?? "";
  });
  afterAll(async () => {
    await demo.stop();
    folder.remove();
  });

  it("counts a vote that is scanned and pressed, and shows it in the CSV", async () => {
    const lines: string[] = [];
    const place = { url: demo.url, panel, credentials: demo.credentials };
    expect(await tryVote(place, (line) => lines.push(line))).toBe(true);
    expect(lines.join("\n")).toContain("state: thanked");
  });

  it("refuses a ticket's second use on the same totem, and settles its use on two", async () => {
    const code = await ticket(demo);
    const [first, second] = [panel, demo.panels[1] ?? ""];
    await setNetwork(second, false);
    await scan(first, code);
    await press(first, "yellow");
    // The other totem cannot know of it: it takes the vote, and the gateway settles.
    await scan(second, code);
    expect(await press(second, "green")).toMatchObject({ state: "thanked" });
    await setNetwork(second, true);
    const settled = await eventually(
      () => status(demo),
      ({ total }) => total["conflict"] === 1,
    );
    expect(settled.addsUp).toBe(true);
    await eventually(
      () => panelState(first),
      ({ state }) => state === "idle",
    );
    await eventually(
      () => scan(first, code),
      ({ state, refusal }) => state === "refused" && refusal === "used",
    );
  });

  it("refuses a ticket that another totem of the site has taken, as soon as that has told it", async () => {
    const code = await ticket(demo);
    await scan(panel, code);
    await press(panel, "green");
    await eventually(
      () => scan(demo.panels[1] ?? "", code),
      ({ state, refusal }) => state === "refused" && refusal === "used-elsewhere",
    );
  });

  it("keeps nothing of a fiscal code, an article number or an address that somebody scans", async () => {
    const foreign = ["RSSMRA85T10A562S", "4006381333931", "https://www.example.org/?patient=rossi"];
    for (const code of foreign) {
      const state = await scan(panel, code);
      expect(state).toMatchObject({ state: "refused", refusal: "malformed" });
      expect(JSON.stringify(state)).not.toContain(code);
    }
    // What was refused is counted: at the latest a minute later, at once when nothing was refused for a minute.
    expect(JSON.stringify(await panelState(panel))).not.toMatch(/RSSMRA|4006381|example\.org/);
    expect(filesWith(folder.path, [...foreign, "RSSMRA85", "400638133", "patient=rossi"])).toEqual([]);
    expect(demo.output()).not.toMatch(/RSSMRA|4006381|example\.org/);
    // The search itself can find something: the service's name is in the store.
    expect(filesWith(folder.path, ["anagrafe"]).length).toBeGreaterThan(0);
  });

  it("writes nothing into logs that leads to a vote or its ticket", () => {
    const votes = ["totem-1", "totem-2"].flatMap((totem) => votesIn(join(folder.path, totem, "journal.db")));
    expect(votes.length).toBeGreaterThan(2);
    const traces = votes.flatMap(({ id, ticket: { mark }, time }) => [
      ...[id, mark ?? ""].filter((text) => text !== ""),
      ...[String(time.wallMs), String(time.monotonicUs)],
    ]);
    // The search finds what is there.
    expect(filesWith(folder.path, traces).some((file) => file.includes("journal.db"))).toBe(true);
    const logs = filesWith(folder.path, [""]).filter((file) => file.endsWith(".log"));
    expect(logs.length).toBeGreaterThan(2);
    expect(filesWith(folder.path, traces).filter((file) => file.endsWith(".log"))).toEqual([]);
  });

  it("answers without a token only to liveness and readiness", async () => {
    for (const path of ["/healthz", "/readyz"]) expect((await fetch(demo.url + path)).status).toBe(200);
    for (const path of ["/metrics", "/api/v1/status", "/api/v1/reports/monthly.csv?month=2026-11"]) {
      expect((await fetch(demo.url + path)).status).toBe(401);
    }
    expect((await get(demo, "/api/v1/openapi.json")).status).toBe(200);
    expect(await (await get(demo, "/metrics")).text()).toContain("faccine_totems_online 2");
  });

  it("opens the page with its link once", async () => {
    const entered = await fetch(demo.link, { redirect: "manual" });
    const cookie = entered.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    expect([entered.status, entered.headers.get("location")]).toEqual([303, "/first-account"]);
    const page = await (await fetch(demo.url, { headers: { cookie, "accept-language": "en" } })).text();
    expect(page).toContain("Everything adds up.");
    const months = await fetch(`${demo.url}/public/en.html`);
    expect(await months.text()).toContain("No month is published yet.");
    expect((await fetch(demo.link, { redirect: "manual" })).status).toBe(401);
    const stranger = await fetch(demo.url, { redirect: "manual" });
    expect([stranger.status, stranger.headers.get("location")]).toEqual([303, "/sign-in?lang=it"]);
  });
});

/** The votes of a totem's journal, as they lie there. */
function votesIn(file: string): readonly VoteEntry[] {
  const database = new Database(file, { readonly: true });
  const rows = database.prepare<[], { body: string }>("SELECT body FROM entry").all();
  database.close();
  return rows.map(({ body }) => JSON.parse(body) as Entry).filter((entry) => entry.kind === "vote");
}

describe("a power cut of everything", () => {
  const folder = demoFolder();
  afterEach(folder.remove);

  it("loses no vote that was thanked: after the restart it is in the CSV", async () => {
    const first = await startDemo(folder.path);
    const panel = first.panels[0] ?? "";
    await scan(panel, await ticket(first));
    expect(await press(panel, "red")).toMatchObject({ state: "thanked" });
    // Still a draft: neither sealed nor sent.
    const programs = childrenOf(first.process.pid ?? 0);
    expect(programs).toHaveLength(2);
    for (const pid of [first.process.pid ?? 0, ...programs]) process.kill(pid, "SIGKILL");
    await eventually(
      async () => programs.filter(isAlive),
      (alive) => alive.length === 0,
    );
    const second = await startDemo(folder.path);
    try {
      const votes = await eventually(
        () => exactVotes(second),
        ({ votes_valid }) => votes_valid === 1,
      );
      expect(votes).toMatchObject({ votes_valid: 1, red: 1, reason_none: 1 });
    } finally {
      await second.stop();
    }
  });
});
