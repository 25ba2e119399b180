import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openSqliteStore } from "#gateway/store/sqlite/sqlite-store.ts";
import type { Store } from "#gateway/store/store.ts";
import { fullTownSettings } from "../bench/town.ts";
import { ACCOUNT } from "./account.ts";
import { TOKEN } from "./token.ts";

const DEED = { atMs: 0, kind: "account-made", byId: "", byName: "", what: "" } as const;

describe("faccine account", () => {
  let dataDir = "";
  let said = "";
  let settings: readonly string[] = [];
  let store: Store;
  const town = fullTownSettings();
  const officeId = town.sites[0]?.offices[0]?.officeId ?? "";
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), "faccine-account-"));
    store = openSqliteStore(join(dataDir, "gateway.db"), 0);
    const file = join(dataDir, "settings.yaml");
    writeFileSync(file, JSON.stringify({ ...town, dataDir }));
    settings = ["--settings", file];
    said = "";
    vi.spyOn(process.stderr, "write").mockImplementation(() => true);
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      said += text;
      return true;
    });
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await store.close();
    rmSync(dataDir, { recursive: true });
  });
  const run = (...args: string[]) => ACCOUNT.run([...args, ...settings]);
  const deeds = async () =>
    (await store.deeds({ beforeNo: null, limit: 9 })).map(
      ({ kind, byName, what }) => `${kind} ${byName} ${what}`,
    );

  it("makes an account and prints a link to choose its password, never a password", async () => {
    expect(await run("add", "Anna.Rossi", "--role", "operator", "--url", "https://voti.example")).toBe(0);
    expect(said).toMatch(/^https:\/\/voti\.example\/invite\?key=[\w-]{43}\n$/);
    expect(await store.accounts()).toMatchObject([{ name: "anna.rossi", role: "operator", password: null }]);
    expect((await deeds()).at(-1)).toBe("account-made faccine account anna.rossi: operator");
    await expect(run("add", "anna.rossi", "--role", "viewer")).rejects.toThrow("belongs to another account");
    await expect(run("add", "an na", "--role", "viewer")).rejects.toThrow("the name must be");
  });

  it("says where the gateway listens when it is not told better", async () => {
    await run("add", "anna", "--role", "viewer");
    expect(said).toContain(`http://${town.http.host}:${town.http.port}/invite?key=`);
  });

  it("gives an office to who is of one, and to nobody else", async () => {
    expect(await run("add", "bruno", "--role", "office", "--office", officeId)).toBe(0);
    await expect(run("add", "carla", "--role", "office")).rejects.toThrow("has one");
    await expect(run("add", "carla", "--role", "office", "--office", "nowhere")).rejects.toThrow(
      "no office has this id",
    );
    await expect(run("add", "carla", "--role", "viewer", "--office", officeId)).rejects.toThrow(
      "role office alone",
    );
    await expect(run("add", "carla", "--role", "king")).rejects.toThrow("--role king: must be one of");
    said = "";
    await run("list");
    expect(said).toBe(`invited   office ${officeId}  bruno\n`);
  });

  it("changes roles, disables, enables, and hands out another link; the last administrator stays", async () => {
    await run("add", "anna", "--role", "admin");
    const [anna] = await store.accounts();
    await store.changeAccount(anna?.accountId ?? "", { password: "$kept" }, DEED);
    await expect(run("disable", "anna")).rejects.toThrow("last administrator");
    await run("add", "bruno", "--role", "viewer");
    expect(await run("role", "BRUNO", "--role", "operator")).toBe(0);
    expect(await run("disable", "bruno")).toBe(0);
    await expect(run("link", "bruno")).rejects.toThrow("enable it first");
    expect(await run("enable", "bruno")).toBe(0);
    said = "";
    expect(await run("link", "bruno")).toBe(0);
    expect(said).toContain("/invite?key=");
    await expect(run("link", "nobody")).rejects.toThrow("there is no account nobody");
    await expect(run("rename", "bruno")).rejects.toThrow("rename: not known");
    said = "";
    await run("list");
    expect(said).toBe("active    admin  anna\ninvited   operator  bruno\n");
  });

  it("is written down, as what `faccine token` does is", async () => {
    await TOKEN.run(["make", "monthly report", "--scope", "reports", ...settings]);
    const [token] = await store.tokens();
    await TOKEN.run(["revoke", token?.tokenId ?? "", ...settings]);
    expect(await deeds()).toEqual([
      `token-revoked faccine token ${token?.tokenId}`,
      `token-made faccine token ${token?.tokenId} monthly report: reports`,
    ]);
  });
});
