import { describe, expect, it } from "vitest";
import { type Facts, NOTHING_INSTALLED, type Present } from "./facts.ts";
import { manifestAfter, planInstall } from "./plan.ts";
import { whyNotInstallable } from "./problems.ts";
import { ROLES } from "./roles.ts";
import { sha256 } from "./steps.ts";
import { planUninstall } from "./uninstall-plan.ts";

const RELEASE = "1.0.0-00000001";
const UNIT = "/etc/systemd/system/faccine-totem.service";
const CONFIG = "/boot/firmware/config.txt";
const CONTENT = Buffer.from("# A unit for tests: with a reason.\n[Service]\n");

/** A fresh Raspberry Pi, and all that is needed at hand. */
function facts(change: Partial<Facts> = {}, present: Readonly<Record<string, Present>> = {}): Facts {
  return {
    role: ROLES.totem,
    live: true,
    machine: {
      platform: "linux",
      isRoot: true,
      hasSystemd: true,
      board: "Raspberry Pi 4 Model B Rev 1.5",
      architecture: "arm64",
      hasUsers: true,
    },
    source: { folder: "/src", release: RELEASE, architecture: "arm64", problem: null, hasVoice: true },
    image: [{ path: UNIT, content: CONTENT, mode: 0o644 }],
    present: (path) => present[path] ?? { kind: "absent" },
    manifest: NOTHING_INSTALLED,
    otherRole: false,
    releases: [],
    userReady: false,
    mount: { fileSystem: "ext4", persistent: true, readOnly: false },
    boot: { folder: "/boot/firmware", config: "dtparam=audio=on\n" },
    overlays: [],
    hasMatrixKeypad: false,
    tools: { sysusers: true, espeak: true },
    givenSettings: null,
    ...change,
  };
}

const step = (of: Facts, what: string) => planInstall(of).find((one) => one.what.includes(what));
const state = (of: Facts, what: string) => step(of, what)?.state;
const file = (content: Buffer, mode = 0o644): Present => ({ kind: "file", sha256: sha256(content), mode });

describe("a plan for a fresh machine", () => {
  it("does everything, in an order in which each step finds what it needs", () => {
    const steps = planInstall(facts());
    expect(new Set(steps.map((one) => one.state))).toEqual(new Set(["to do"]));
    const types = steps.flatMap(({ changes }) => changes.map(({ type }) => type));
    expect(types.indexOf("users")).toBeLessThan(types.indexOf("folder"));
    expect(types.indexOf("application")).toBeLessThan(types.indexOf("link"));
    expect(types.lastIndexOf("file")).toBeLessThan(types.indexOf("run"));
  });

  it("says of every step what and why", () => {
    for (const { what, why } of planInstall(facts())) {
      expect(what.length).toBeGreaterThan(3);
      expect(why.length).toBeGreaterThan(10);
    }
    expect(step(facts(), UNIT)?.why).toBe("A unit for tests");
  });
});

describe("a file of the image", () => {
  const other = Buffer.from("another");
  it.each<[string, Present, Facts["manifest"], string]>([
    ["that is absent is written", { kind: "absent" }, NOTHING_INSTALLED, "to do"],
    ["that is as it should be stays", file(CONTENT), NOTHING_INSTALLED, "nothing to do"],
    ["with another mode is written", file(CONTENT, 0o600), NOTHING_INSTALLED, "to do"],
    ["of somebody else is kept", file(other), NOTHING_INSTALLED, "kept"],
    [
      "of an earlier run is replaced",
      file(other),
      { ...NOTHING_INSTALLED, files: { [UNIT]: sha256(other) } },
      "to do",
    ],
    [
      "of an earlier run, changed since, is kept",
      file(other),
      { ...NOTHING_INSTALLED, files: { [UNIT]: "0" } },
      "kept",
    ],
    ["where a folder is, is kept", { kind: "folder" }, NOTHING_INSTALLED, "kept"],
    ["where a link is, is kept", { kind: "link", target: "/dev/null" }, NOTHING_INSTALLED, "kept"],
    ["where a device is, is kept", { kind: "other" }, NOTHING_INSTALLED, "kept"],
  ])("%s", (_, present, manifest, expected) => {
    const of = facts({ manifest }, { [UNIT]: present });
    const found = planInstall(of).find(({ what }) => what === UNIT);
    expect(found?.state).toBe(expected);
    expect(Object.hasOwn(manifestAfter(of, planInstall(of), []).files, UNIT)).toBe(expected !== "kept");
  });
});

describe("the boot partition", () => {
  it.each<[string, Partial<Facts>, string, string]>([
    ["of another board is left out", { boot: null }, "config.txt", "skipped"],
    [
      "with a broken mark is kept",
      { boot: { folder: "/boot/firmware", config: "# faccine: end\n" } },
      CONFIG,
      "kept",
    ],
    [
      "without a compiler gets no overlay",
      { overlays: [{ name: "faccine-keypad", compiled: null }] },
      "overlay",
      "skipped",
    ],
    [
      "with a compiler gets its overlays",
      { overlays: [{ name: "faccine-keypad", compiled: Buffer.from("dtb") }] },
      "overlays/faccine-keypad.dtbo",
      "to do",
    ],
  ])("%s", (_, change, what, expected) => {
    expect(state(facts(change), what)).toBe(expected);
  });

  it("is no affair of a gateway", () => {
    expect(step(facts({ role: ROLES.gateway }), "config.txt")).toBeUndefined();
  });
});

describe("the voice", () => {
  it.each<[string, Partial<Facts>, string]>([
    ["is rendered with a new release", {}, "to do"],
    ["is left with an old one", { releases: [RELEASE] }, "nothing to do"],
    ["needs its program", { tools: { sysusers: true, espeak: false } }, "skipped"],
    ["cannot be rendered for another machine", { live: false }, "skipped"],
  ])("%s", (_, change, expected) => {
    expect(planInstall(facts(change)).find(({ what }) => what === "voice")?.state).toBe(expected);
  });
});

describe("the running system", () => {
  it("is told only when something changed, and never of another file system", () => {
    expect(state(facts(), "tell systemd")).toBe("to do");
    expect(state(facts({ live: false }), "tell systemd")).toBe("skipped");
  });
});

describe("what stands in the way", () => {
  const { machine, source } = facts();
  it.each<[string, Partial<Facts>, RegExp]>([
    ["another system", { machine: { ...machine, platform: "darwin" } }, /^this is darwin/],
    ["no rights", { machine: { ...machine, isRoot: false } }, /run it as root \(sudo faccine install\)$/],
    ["no systemd", { machine: { ...machine, hasSystemd: false } }, /^systemd is not running here/],
    ["a 32-bit system", { machine: { ...machine, architecture: "unknown" } }, /^it is no 64-bit system/],
    [
      "packages for another processor",
      { source: { ...source, architecture: "x64" } },
      /npm ci --omit=dev --cpu=arm64/,
    ],
    ["an incomplete clone", { source: { ...source, problem: "/src lacks x" } }, /^\/src lacks x$/],
    ["no program to add users", { tools: { sysusers: false, espeak: true } }, /^systemd-sysusers is missing/],
    [
      "votes on memory",
      { mount: { fileSystem: "overlay", persistent: false, readOnly: false } },
      /^\/data\/faccine would lie on overlay, which forgets everything/,
    ],
    [
      "votes where nothing can be written",
      { mount: { fileSystem: "ext4", persistent: true, readOnly: true } },
      /cannot be written: mount it rw$/,
    ],
  ])("is said: %s", (_, change, words) => {
    expect(whyNotInstallable(facts(change))).toEqual([expect.stringMatching(words)]);
  });

  it("is nothing on a fresh Raspberry Pi, nor without rights in a folder", () => {
    expect(whyNotInstallable(facts())).toEqual([]);
    const folder = { live: false, mount: null, machine: { ...machine, isRoot: false, hasSystemd: false } };
    expect(whyNotInstallable(facts(folder))).toEqual([]);
  });
});

describe("a plan to take it away", () => {
  const installed = {
    [UNIT]: file(CONTENT),
    "/data/faccine": { kind: "folder" },
    "/etc/faccine/totem.yaml": file(Buffer.from("mine")),
    "/opt/faccine": { kind: "folder" },
  } as const;
  const manifest = {
    ...NOTHING_INSTALLED,
    files: { [UNIT]: sha256(CONTENT) },
    folders: ["/data", "/data/faccine"],
  };
  const removed = (of: Facts, purge: boolean) =>
    planUninstall(of, purge).flatMap(({ changes }) =>
      changes.flatMap((change) => (change.type === "remove" ? [change.path] : [])),
    );

  it("keeps votes and settings unless they are asked for", () => {
    const of = facts({ manifest, userReady: true }, installed);
    expect(removed(of, false)).toEqual([UNIT, "/opt/faccine"]);
    expect(removed(of, true)).toEqual([UNIT, "/data/faccine", "/etc/faccine/totem.yaml", "/opt/faccine"]);
  });

  it("stops what runs before anything is removed, and removes the user last", () => {
    const commands = planUninstall(facts({ manifest, userReady: true }, installed), true).flatMap(
      ({ changes }) => changes.flatMap((change) => (change.type === "run" ? [change.command.join(" ")] : [])),
    );
    expect(commands.at(0)).toBe("systemctl stop faccine-totem.path faccine-totem.service");
    expect(commands.at(-1)).toBe("userdel faccine");
  });
});
