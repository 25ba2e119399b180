/** The gateway's disk is lost: a backup is put back, and the totem sends again what that does not know. */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { demoFolder, eventually, ROOT, startDemo } from "./demo.fixture.ts";
import { exactVotes, panelState, press, scan, status, ticket } from "./requests.fixture.ts";

const folder = demoFolder();
afterEach(folder.remove);

function faccine(...args: string[]): string {
  const settings = ["--settings", join(ROOT, "scripts/demo/comune.yaml")];
  const env = { ...process.env, FACCINE_DATA_DIR: join(folder.path, "gateway") };
  const command = [join(ROOT, "scripts/faccine.mjs"), ...args, ...settings];
  const run = spawnSync(process.execPath, command, { env, encoding: "utf8", cwd: folder.path });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout.trim();
}

it("counts every vote once that was thanked for, before the backup and after it, when it is put back", async () => {
  const first = await startDemo(folder.path);
  const panel = first.panels[0] ?? "";
  const vote = async (key: string) => {
    await eventually(
      () => panelState(panel),
      ({ state }) => state === "idle",
    );
    await scan(panel, await ticket(first));
    await press(panel, key);
  };
  await vote("green");
  await eventually(
    () => exactVotes(first),
    ({ green }) => green === 1,
  );
  const backup = faccine("backup", "make");
  for (const key of ["yellow", "green"]) await vote(key);
  await eventually(
    () => exactVotes(first),
    ({ votes_valid }) => votes_valid === 3,
  );
  await first.stop();
  // Everything but the backup is gone: the database, and with it what the gateway knew of these votes.
  for (const ending of ["", "-wal", "-shm"])
    rmSync(join(folder.path, "gateway", `gateway.db${ending}`), { force: true });
  expect(faccine("restore", backup)).toContain("restored what was known at");

  const second = await startDemo(folder.path);
  try {
    const votes = await eventually(
      () => exactVotes(second),
      ({ votes_valid }) => votes_valid === 3,
    );
    expect(votes).toMatchObject({ green: 2, yellow: 1, red: 0 });
    expect(await status(second)).toMatchObject({ addsUp: true, problems: [] });
    expect(faccine("recount")).toBe("Everything adds up.");
  } finally {
    await second.stop();
  }
});
