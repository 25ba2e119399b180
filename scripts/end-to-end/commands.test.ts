/** The command `faccine`, as an operator types it. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeSigningKey, signingKeyPem } from "#schemas/signature.ts";
import { readSignedTicket } from "#schemas/ticket.ts";
import { demoFolder, eventually, ROOT, type StartedDemo, startDemo } from "./demo.fixture.ts";
import { exactVotes, press, scan, ticket } from "./requests.fixture.ts";

const COMMANDS = [
  "gateway",
  "totem",
  "issuer",
  "ticket",
  "link",
  "token",
  "served",
  "export",
  "recount",
  "backup",
  "restore",
  "alarms",
  "deliveries",
  "dpo-report",
  "verify",
  "watch",
];

function faccine(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}) {
  const run = spawnSync(process.execPath, [join(ROOT, "scripts/faccine.mjs"), ...args], {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, ...options.env },
    encoding: "utf8",
  });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

describe("faccine", () => {
  it("lists its commands, and each tells its options", () => {
    const help = faccine(["--help"]);
    expect(help.code).toBe(0);
    for (const command of COMMANDS) {
      expect(help.out).toContain(`  ${command} `);
      const own = faccine([command, "--help"]);
      expect(own).toMatchObject({ code: 0, err: "" });
      expect(own.out).toContain(`faccine ${command}`);
    }
  });

  it("ends quietly when nobody reads on", () => {
    const shell = `'${process.execPath}' '${join(ROOT, "scripts/faccine.mjs")}' --help | head -n 1`;
    const { stdout, stderr } = spawnSync("sh", ["-c", shell], { cwd: ROOT, encoding: "utf8" });
    expect({ stdout, stderr }).toEqual({ stdout: "Usage: faccine COMMAND …\n", stderr: "" });
  });

  it("says which command it does not know", () => {
    expect(faccine(["fly"])).toMatchObject({ code: 2, err: expect.stringContaining('"fly"') });
  });

  it("names a wrong setting, its value and what was expected, and does not start", () => {
    const run = faccine(["totem"], { env: { FACCINE_TOTEM_ID: "Totem 1" } });
    expect(run.code).toBe(2);
    expect(run.err).toContain("FACCINE_TOTEM_ID");
    expect(run.err).toContain("Totem 1");
  });
});

describe("faccine beside a running gateway", () => {
  const folder = demoFolder();
  let demo: StartedDemo;
  const settings = join(ROOT, "scripts/demo/comune.yaml");
  const onStore = { env: { FACCINE_DATA_DIR: join(folder.path, "gateway") } };
  const onApi = () => ({ cwd: folder.path, env: { FACCINE_DATA_DIR: folder.path, FACCINE_URL: demo.url } });

  beforeAll(async () => {
    mkdirSync(folder.path, { recursive: true });
    demo = await startDemo(folder.path);
    const panel = demo.panels[0] ?? "";
    await scan(panel, await ticket(demo));
    await press(panel, "green");
    await eventually(
      () => exactVotes(demo),
      ({ green }) => green === 1,
    );
  });
  afterAll(async () => {
    await demo.stop();
    folder.remove();
  });

  it("prints a fresh link that opens the page", async () => {
    const link = faccine(["link"], onApi()).out.trim();
    expect((await fetch(link, { redirect: "manual" })).status).toBe(303);
  });

  it("makes a token that works at once, lists it without its secret, and revokes it", async () => {
    const made = faccine(
      ["token", "make", "queue system", "--scope", "served", "--settings", settings],
      onStore,
    );
    const token = made.out.trim();
    const id = token.split("_")[1] ?? "";
    const served = () =>
      fetch(`${demo.url}/api/v1/served`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ office: "demografici", service: "anagrafe", day: "2026-11-20", served: 40 }),
      });
    expect((await served()).ok).toBe(true);
    const list = faccine(["token", "list", "--settings", settings], onStore).out;
    expect(list).toContain(`${id}  until`);
    expect(list).not.toContain(token);
    expect(faccine(["token", "revoke", id, "--settings", settings], onStore).code).toBe(0);
    expect((await served()).status).toBe(401);
    expect(faccine(["token", "revoke", id, "--settings", settings], onStore).code).toBe(1);
  });

  it("lists, replaces and revokes the keys that sign tickets; after a revocation the new one signs at once", async () => {
    const issuer = (...args: string[]) => faccine(["issuer", ...args, "--settings", settings], onStore);
    const keyOf = async () => {
      const read = readSignedTicket(await ticket(demo));
      return read.ok ? read.value.ticket.issuerKey : null;
    };
    const lines = () => issuer("list").out.trim().split("\n");
    const before =
      lines()
        .find((line) => line.includes(" demografici  live"))
        ?.trim() ?? "";
    const [number = "", id = ""] = before.split(/ +/);
    expect(await keyOf()).toBe(Number(number));
    const rotated = issuer("rotate", "demografici");
    expect([rotated.code, rotated.err]).toEqual([0, ""]);
    const [made = ""] = rotated.out.split(" ");
    expect(await keyOf()).toBe(Number(number));
    expect(issuer("revoke", id)).toMatchObject({ code: 0, out: `${id} is revoked\n` });
    const now = lines()
      .find((line) => line.includes(made))
      ?.trim()
      .split(/ +/)[0];
    expect(await keyOf()).toBe(Number(now));
    expect(issuer("revoke", id)).toMatchObject({ code: 1, err: expect.stringContaining("issuer list") });
    expect(issuer("rotate", "plumbing").err).toContain("no office is named plumbing; there are");
  });

  it("makes a key for software that prints off line, into a file of its owner's that is never written over", () => {
    const out = join(folder.path, "receipts.key");
    const make = () =>
      faccine(["issuer", "make", "demografici", "--out", out, "--settings", settings], onStore);
    expect(make()).toMatchObject({ code: 0, err: "" });
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(readFileSync(out, "utf8")).toContain("PRIVATE KEY");
    expect(make().err).toContain("never written over");
    const oneTooMany = join(folder.path, "too-many.key");
    const more = ["issuer", "make", "demografici", "--test", "--out", oneTooMany, "--settings", settings];
    expect(faccine(more, onStore).err).toContain("1 test keys in force");
    expect(existsSync(oneTooMany)).toBe(false);
    const wrong = ["issuer", "add", "demografici", "no-key", "--settings", settings];
    expect(faccine(wrong, onStore).err).toContain("64 lower-case hex digits");
  });

  it("draws a sheet of tickets off line, each of them good for its own minute", () => {
    const key = join(folder.path, "sheet.key");
    writeFileSync(key, signingKeyPem(makeSigningKey()), { mode: 0o600 });
    const out = join(folder.path, "sheet.html");
    const named = ["--key", key, "--number", "5", "--office", "1", "--service", "2", "--out", out];
    const run = faccine(["ticket", "sheet", ...named, "--from", "09:00", "--to", "12:00", "--every", "30"]);
    expect(run).toMatchObject({ code: 0, out: expect.stringContaining("7 tickets of ") });
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(readFileSync(out, "utf8").match(/<b>\d\d:\d\d<\/b>/g)).toEqual(
      ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "12:00"].map((clock) => `<b>${clock}</b>`),
    );
    const wrong = faccine(["ticket", "sheet", ...named, "--from", "9", "--to", "12:00"]);
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining("--from 9: must be a time") });
  });

  it("refuses an unknown scope by name", () => {
    const run = faccine(["token", "make", "x", "--scope", "everything", "--settings", settings], onStore);
    expect(run).toMatchObject({ code: 1, err: expect.stringContaining("everything") });
  });

  it("imports served counts, which then give the participation; a wrong line stores nothing", () => {
    const file = join(folder.path, "served.csv");
    const day = new Intl.DateTimeFormat("sv", { timeZone: "Europe/Rome" }).format(new Date());
    writeFileSync(file, `office,service,day,served\ndemografici,anagrafe,${day},4\n`);
    expect(faccine(["served", "import", file], onApi())).toMatchObject({ code: 0 });
    writeFileSync(
      file,
      `office,service,day,served\ndemografici,anagrafe,${day},9\ndemografici,nessuno,${day},9\n`,
    );
    const refused = faccine(["served", "import", file], onApi());
    expect(refused.code).toBe(1);
    expect(refused.err).toContain("3");
    const csv = faccine(
      ["export", "aggregate", "--month", day.slice(0, 7), "--exact", "--out", "-"],
      onApi(),
    ).out;
    const [header = "", ...lines] = csv.trimEnd().split("\r\n");
    const row =
      lines.find((line) => line.startsWith(`${day},`) && line.includes(",anagrafe,"))?.split(",") ?? [];
    const cell = (name: string) => row[header.split(",").indexOf(name)];
    expect([cell("served"), cell("green"), cell("participation_pct")]).toEqual(["4", "1", "25.0"]);
  });

  it("exports a month into a file that names its days", () => {
    const run = faccine(
      ["export", "monthly", "--month", "2026-11", "--exact", "--profile", "excel-it"],
      onApi(),
    );
    const name = run.err.trim();
    expect(name).toMatch(/2026-11/);
    expect(readFileSync(join(folder.path, name), "utf8")).toMatch(/^\uFEFF/);
    const workbook = faccine(
      ["export", "monthly", "--month", "2026-11", "--exact", "--format", "xlsx"],
      onApi(),
    );
    expect(readFileSync(join(folder.path, workbook.err.trim())).subarray(0, 2).toString()).toBe("PK");
    const month = ["export", "monthly", "--month", "2026-11", "--exact"];
    const resumed = faccine([...month, "--resume", "--out", "paged.csv"], onApi());
    expect(resumed).toMatchObject({ code: 0, err: "paged.csv\n" });
    expect(faccine([...month, "--out", "whole.csv"], onApi())).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder.path, "paged.csv"))).toEqual(
      readFileSync(join(folder.path, "whole.csv")),
    );
    expect(faccine([...month, "--resume"], onApi()).err).toContain("--out FILE");
    // Nothing of this month is settled or published yet.
    const running = faccine(["export", "monthly", "--month", "2026-11"], onApi());
    expect(running).toMatchObject({ code: 1, err: expect.stringContaining("closed and proved") });
    const none = faccine(["export", "ministry", "--from", "2026-11", "--to", "2026-11"], onApi());
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining("is published") });
    expect(faccine(["export", "ministry"], onApi()).err).toContain("--from YYYY-MM");
    expect(faccine(["export", "monthly", "--format", "pdf"], onApi()).err).toContain("--format pdf");
    expect(faccine(["export", "weekly"], onApi())).toMatchObject({ code: 1 });
    expect(faccine(["export", "aggregate", "--month", "2026-13"], onApi()).err).toContain("2026-13");
  });

  it("recounts and finds that everything adds up", () => {
    const run = faccine(["recount", "--settings", settings], onStore);
    expect(run).toMatchObject({ code: 0, out: "Everything adds up.\n" });
  });

  it("makes a backup beside the gateway and checks it; puts it back where no gateway runs", () => {
    const made = faccine(["backup", "make", "--settings", settings], onStore);
    const backup = made.out.trim();
    expect(backup).toContain(join(folder.path, "gateway", "backups"));
    const list = () => faccine(["backup", "list", "--settings", settings], onStore);
    expect(list()).toMatchObject({ code: 0, out: expect.stringContaining(`${backup}  `) });
    const refused = faccine(["restore", backup, "--settings", settings], onStore);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("in use by a program") });
    const elsewhere = { env: { FACCINE_DATA_DIR: join(folder.path, "restored") } };
    const restored = faccine(["restore", backup, "--settings", settings], elsewhere);
    expect(restored).toMatchObject({ code: 0, out: expect.stringContaining("restored what was known at") });
    expect(faccine(["recount", "--settings", settings], elsewhere).out).toBe("Everything adds up.\n");
    const key = join("keys", "gateway.key");
    expect(readFileSync(join(folder.path, "restored", key))).toEqual(
      readFileSync(join(folder.path, "gateway", key)),
    );
    writeFileSync(join(backup, key), "another");
    expect(list()).toMatchObject({ code: 1, out: expect.stringContaining("NOT GOOD") });
    expect(faccine(["restore", backup, "--settings", settings], elsewhere).err).toContain(
      "is not what was saved",
    );
  });

  it("keeps every secret readable by its owner only", () => {
    const secrets = readdirSync(folder.path, { recursive: true, encoding: "utf8" }).filter((name) =>
      /credentials\.json$|\.key$|\.password$|\.token$|\.log$/.test(name),
    );
    expect(secrets.length).toBeGreaterThan(5);
    for (const name of secrets)
      expect([name, statSync(join(folder.path, name)).mode & 0o077]).toEqual([name, 0]);
  });

  it("says that nothing answers when the gateway is elsewhere", () => {
    const run = faccine(["link", "--url", "http://127.0.0.1:9"], onApi());
    expect(run).toMatchObject({
      code: 1,
      err: expect.stringContaining("nothing answers at http://127.0.0.1:9"),
    });
    expect(existsSync(join(folder.path, "credentials.json"))).toBe(true);
  });
});
