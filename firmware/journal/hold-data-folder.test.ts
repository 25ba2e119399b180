import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { holdDataFolder } from "./hold-data-folder.ts";

describe("a totem's data folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), "faccine-hold-")), "totem-1");
  });
  afterEach(() => rmSync(join(folder, ".."), { recursive: true }));

  /** Tries to take the folder in another process, which ends right after. */
  const takeElsewhere = () =>
    spawnSync(
      process.execPath,
      [
        "--input-type=module",
        "-e",
        `const { holdDataFolder } = await import("./firmware/journal/hold-data-folder.ts");
         holdDataFolder(${JSON.stringify(folder)});
         process.kill(process.pid, "SIGKILL");`,
      ],
      { encoding: "utf8" },
    );

  it("is one process's alone, and the next one's once that has given it back", () => {
    const release = holdDataFolder(folder);
    expect(takeElsewhere().stderr).toContain(`${folder} is in use by a program that runs already`);
    release();
    expect(takeElsewhere()).toMatchObject({ signal: "SIGKILL", stderr: "" });
  });

  it("is free again when its process was killed, however suddenly", () => {
    expect(takeElsewhere().signal).toBe("SIGKILL");
    holdDataFolder(folder)();
    expect(statSync(join(folder, "in-use.db")).mode & 0o077).toBe(0);
  });
});
