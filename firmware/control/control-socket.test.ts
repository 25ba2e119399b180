import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fixturesOf } from "#schemas/fixtures.fixture.ts";
import { CONTROL_LINE, type ReadinessReport } from "#schemas/self-test.ts";
import type { SelfTestNews } from "../self-test/guided-self-test.ts";
import { controlSocketPath, openControl } from "./control-socket.ts";

let folder: string;
let close: () => Promise<void>;
let tell: Set<(news: SelfTestNews) => void>;
let answer: "begun" | "running" | "voting";
let begun: number;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "faccine-control-"));
  tell = new Set();
  answer = "begun";
  begun = 0;
  close = await open();
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

function open(dataDir = folder, requestWaitMs = 5_000): Promise<() => Promise<void>> {
  return openControl({
    dataDir,
    requestWaitMs,
    totem: {
      testItself: () => {
        begun += 1;
        return answer;
      },
    },
    selfTest: {
      onNews: (listener) => {
        tell.add(listener);
        return () => tell.delete(listener);
      },
    },
    log: { info: () => undefined, warn: () => undefined },
  });
}

const REPORT = fixturesOf("readiness-report").find(({ isGood }) => isGood)?.value as ReadinessReport;
const ASKS = { step: "keys", item: "key-green", number: 1, of: 31 } as const;

/** Sends this and gives every line that came back, once the totem has hung up. */
async function asked(sent: string): Promise<readonly unknown[]> {
  const socket = createConnection(controlSocketPath(folder));
  socket.write(sent);
  const answered = await text(socket);
  return answered
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown);
}

const REQUEST = '{"do":"self-test"}\n';

describe("the control socket", () => {
  it("is its owner's alone from the first moment", () => {
    expect(statSync(controlSocketPath(folder)).mode & 0o777).toBe(0o600);
  });

  it("begins the self-test and tells how it goes, in lines of the contract, until the report", async () => {
    const answers = asked(REQUEST);
    await expect.poll(() => begun).toBe(1);
    const news: readonly SelfTestNews[] = [
      { type: "asks", asks: ASKS },
      { type: "result", result: REPORT.items[0] as ReadinessReport["items"][number] },
      { type: "finished", written: { report: REPORT, files: ["/data/report.json"] } },
    ];
    for (const one of news) for (const listener of tell) listener(one);
    const lines = await answers;
    expect(lines.map((line) => (line as { kind: string }).kind)).toEqual(["asks", "result", "finished"]);
    for (const line of lines) expect(CONTROL_LINE.problems(line)).toEqual([]);
    expect(lines[2]).toMatchObject({ report: REPORT, files: ["/data/report.json"] });
    await expect.poll(() => tell.size).toBe(0);
  });

  it.each(["running", "voting"] as const)("says why it does not begin: %s", async (why) => {
    answer = why;
    expect(await asked(REQUEST)).toEqual([{ kind: "refused", why }]);
  });

  it("says when the test was given up", async () => {
    const answers = asked(REQUEST);
    await expect.poll(() => tell.size).toBe(1);
    for (const listener of tell) listener({ type: "given-up" });
    expect(await answers).toEqual([{ kind: "refused", why: "given-up" }]);
  });

  it.each([
    ["no JSON", "self-test\n"],
    ["another word", '{"do":"reboot"}\n'],
    ["more than was asked for", '{"do":"self-test","as":"root"}\n'],
    ["a line one byte over the longest", `${" ".repeat(1_025)}`],
    ["a long line with an end", `${" ".repeat(2_000)}\n`],
  ])("understands nothing else: %s", async (_, sent) => {
    expect(await asked(sent)).toEqual([{ kind: "refused", why: "not-understood" }]);
    expect(begun).toBe(0);
  });

  it("serves one client at a time, and the next when that one is gone", async () => {
    const first = createConnection(controlSocketPath(folder));
    first.write(REQUEST);
    await expect.poll(() => begun).toBe(1);
    expect(await asked(REQUEST)).toEqual([{ kind: "refused", why: "busy" }]);
    first.destroy();
    await expect.poll(() => tell.size).toBe(0);
    answer = "voting";
    await expect.poll(() => asked(REQUEST)).toEqual([{ kind: "refused", why: "voting" }]);
  });

  it("lets nobody keep others out by saying nothing", async () => {
    await close();
    close = await open(folder, 30);
    expect(await asked("")).toEqual([{ kind: "refused", why: "not-understood" }]);
  });

  it("takes the place of what a power cut left, and is gone when it is closed", async () => {
    await close();
    writeFileSync(controlSocketPath(folder), "left behind");
    close = await open();
    answer = "running";
    expect(await asked(REQUEST)).toHaveLength(1);
    await close();
    await expect(asked(REQUEST)).rejects.toThrow(/ENOENT|ECONNREFUSED/);
  });

  it("says that a folder's path is too long for a socket", async () => {
    const deep = join(folder, "d".repeat(90));
    mkdirSync(deep);
    await expect(open(deep)).rejects.toThrow("too long");
  });
});
