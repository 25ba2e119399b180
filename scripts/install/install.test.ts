import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeWithTool } from "../outside-tools.ts";
import { bareRoot, smallClone, treeOf } from "./install.fixture.ts";
import { install, type Order, uninstall } from "./install.ts";
import { ROLES } from "./roles.ts";

function machine(change: Partial<Order> = {}) {
  const order: Order = {
    role: ROLES.totem,
    source: smallClone(),
    root: bareRoot(),
    isDry: false,
    givenSettings: null,
    ...change,
  };
  const heard: string[] = [];
  const terminal = {
    say: (line: string) => void heard.push(line),
    complain: (line: string) => void heard.push(line),
  };
  return {
    ...order,
    order,
    heard,
    install: (more: Partial<Order> = {}) => install({ ...order, ...more }, terminal),
    uninstall: (purge = false, more: Partial<Order> = {}) =>
      uninstall({ ...order, ...more }, purge, terminal),
    read: (path: string) => readFileSync(join(order.root, path), "utf8"),
  };
}

/** What systemd-sysusers leaves behind beside the users themselves, and what only a running system can take away. */
const withoutUsers = (tree: readonly string[]) =>
  tree.filter((line) => !/^etc\/(passwd|group|shadow|gshadow|subuid|subgid|\.pwd\.lock)-? /.test(line));

describe("a dry run", () => {
  it("says what would be done and changes nothing", () => {
    const totem = machine();
    const before = treeOf(totem.root);
    expect(totem.install({ isDry: true })).toBe(0);
    expect(treeOf(totem.root)).toEqual(before);
    expect(totem.heard.at(-1)).toBe("Nothing was done: this was a dry run.");
    expect(totem.heard.filter((line) => /^ {2}to do/.test(line)).length).toBeGreaterThan(20);
  });

  it("of an uninstallation changes nothing either", () => {
    const totem = machine();
    const before = treeOf(totem.root);
    expect(totem.uninstall(true, { isDry: true })).toBe(0);
    expect(treeOf(totem.root)).toEqual(before);
  });
});

describe("what cannot be installed is said before anything is touched", () => {
  it("a clone without packages", () => {
    const totem = machine();
    rmSync(join(totem.source, "node_modules"), { recursive: true });
    const before = treeOf(totem.root);
    expect(totem.install()).toBe(1);
    expect(totem.heard[0]).toMatch(
      /lacks its packages: run `npm ci --omit=dev --ignore-scripts` there first$/,
    );
    expect(treeOf(totem.root)).toEqual(before);
  });

  it("a folder that is no root file system", () => {
    const totem = machine();
    unlinkSync(join(totem.root, "etc/passwd"));
    expect(totem.install()).toBe(1);
    expect(totem.heard).toContain("there is no etc/passwd: this is not the root of a system");
  });

  it("a root for another processor", () => {
    const totem = machine();
    const program = readFileSync("/bin/sh");
    program.writeUInt16LE(process.arch === "arm64" ? 0x3e : 0xb7, 18);
    writeFileSync(join(totem.root, "usr/bin/sh"), program);
    expect(totem.install()).toBe(1);
    expect(totem.heard[0]).toMatch(
      /the packages in .* are for .*, the machine is .*: run `npm ci --omit=dev --cpu=/,
    );
  });

  it("a link out of the root is not followed out of it", () => {
    const totem = machine();
    unlinkSync(join(totem.root, "bin"));
    symlinkSync("/nowhere/bin", join(totem.root, "bin"));
    expect(totem.install()).toBe(1);
    expect(totem.heard[0]).toMatch(/^it is no 64-bit system/);
  });
});

// Users are made by systemd-sysusers, of the same package.
describeWithTool("systemd-analyze", "an installation into a root file system", () => {
  it("puts everything in place, and is nothing to do the second time", () => {
    const totem = machine();
    expect(totem.install()).toBe(0);
    const once = treeOf(totem.root);
    expect(totem.read("etc/passwd")).toMatch(/^faccine:/m);
    expect(totem.read("opt/faccine/current/firmware/main.ts")).toBe("// totem\n");
    expect(totem.read("etc/systemd/system/faccine-totem.service")).toContain("WatchdogSec=30");
    expect(totem.read("boot/firmware/config.txt")).toMatch(
      /^dtparam=audio=on\n\[pi4\]\narm_boost=1\n# faccine: begin/,
    );
    expect(totem.heard.at(-1)).toBe("Installed. Settings: /etc/faccine/totem.yaml.");
    expect(totem.install()).toBe(0);
    expect(totem.heard.at(-1)).toBe("Nothing to do.");
    expect(treeOf(totem.root)).toEqual(once);
  });

  it("copies what runs, readable by all, and no tests, tools or development packages", () => {
    const totem = machine();
    totem.install();
    const release = treeOf(
      join(totem.root, "opt/faccine", readdirSync(join(totem.root, "opt/faccine"))[0] ?? ""),
    );
    const paths = release.map((line) => line.split(" ")[0]);
    expect(paths).toContain("node_modules/kept/node_modules/inner/package.json");
    expect(paths).toContain("node_modules/.bin/node");
    expect(paths.filter((path) => /test|bench|tool/.test(path ?? ""))).toEqual([]);
    expect(release.find((line) => line.startsWith("node_modules/node-linux/bin/node "))).toMatch(/ 755 /);
  });

  it("keeps and names what somebody else put there, does the rest, and ends with 1", () => {
    const totem = machine();
    totem.install();
    writeFileSync(join(totem.root, "etc/udev/rules.d/72-faccine.rules"), "# by hand\n");
    expect(totem.install()).toBe(1);
    expect(totem.read("etc/udev/rules.d/72-faccine.rules")).toBe("# by hand\n");
    expect(totem.heard.at(-1)).toBe("Left alone, because it is not ours: /etc/udev/rules.d/72-faccine.rules");
    totem.uninstall();
    expect(totem.read("etc/udev/rules.d/72-faccine.rules")).toBe("# by hand\n");
  });

  it("never overwrites settings", () => {
    const totem = machine();
    totem.install();
    writeFileSync(join(totem.root, "etc/faccine/totem.yaml"), "totemId: mine\n");
    expect(totem.install()).toBe(0);
    expect(totem.install({ givenSettings: "totemId: other\n" })).toBe(1);
    expect(totem.read("etc/faccine/totem.yaml")).toBe("totemId: mine\n");
  });

  it("moves to a new release, keeps the one before and nothing older, and updates what it wrote", () => {
    const totem = machine();
    const releases = () =>
      readdirSync(join(totem.root, "opt/faccine")).filter((name) => name.startsWith("1.2.3-"));
    totem.install();
    const [first] = releases();
    const unit = join(totem.source, "hardware/image/totem/etc/systemd/system/faccine-totem.service");
    writeFileSync(unit, `${readFileSync(unit, "utf8")}# changed\n`);
    expect(totem.install()).toBe(0);
    expect(totem.read("etc/systemd/system/faccine-totem.service")).toMatch(/# changed\n$/);
    expect(releases()).toHaveLength(2);
    writeFileSync(join(totem.source, "firmware/main.ts"), "// third\n");
    rmSync(join(totem.source, "hardware/image/totem/etc/sysctl.d"), { recursive: true });
    expect(totem.install()).toBe(0);
    expect(releases()).toHaveLength(2);
    expect(releases()).not.toContain(first);
    expect(totem.read("opt/faccine/current/firmware/main.ts")).toBe("// third\n");
    expect(existsSync(join(totem.root, "etc/sysctl.d/50-faccine.conf"))).toBe(false);
  });

  it("that was cut off is finished by the next one", () => {
    const totem = machine();
    totem.install();
    const whole = treeOf(totem.root);
    for (const path of [
      "opt/faccine/installed",
      "etc/udev",
      "opt/faccine/current",
      "usr/local/bin/faccine",
    ]) {
      rmSync(join(totem.root, path), { recursive: true });
    }
    totem.install();
    expect(withoutManifest(treeOf(totem.root))).toEqual(withoutManifest(whole));
  });

  it("loads the keypad's overlay only where keys are a matrix", () => {
    const totem = machine();
    writeFileSync(join(totem.source, "hardware/faccine-keypad.dts"), "/dts-v1/;\n/plugin/;\n/ { };\n");
    totem.install({ givenSettings: "board: { keypad: matrix }\n" });
    const isCompiled = existsSync(join(totem.root, "boot/firmware/overlays/faccine-keypad.dtbo"));
    expect(totem.read("boot/firmware/config.txt").includes("dtoverlay=faccine-keypad")).toBe(isCompiled);
    expect(totem.heard.some((line) => line.includes("needs dtc"))).toBe(!isCompiled);
    const plain = machine({ source: totem.source });
    plain.install();
    expect(plain.read("boot/firmware/config.txt")).not.toContain("dtoverlay");
  });
});

const withoutManifest = (tree: readonly string[]) =>
  tree.filter((line) => !line.includes("opt/faccine/installed"));

describeWithTool("systemd-analyze", "an uninstallation", () => {
  it("leaves votes and settings, and nothing else", () => {
    const totem = machine();
    const before = withoutUsers(treeOf(totem.root));
    totem.install();
    writeFileSync(join(totem.root, "data/faccine/journal.db"), "votes");
    expect(totem.uninstall()).toBe(0);
    const left = withoutUsers(treeOf(totem.root)).filter((line) => !before.includes(line));
    expect(left.map((line) => line.split(" ")[0])).toEqual([
      "data/",
      "data/faccine/",
      "data/faccine/journal.db",
      "etc/faccine/",
      "etc/faccine/totem.yaml",
    ]);
    expect(totem.heard.filter((line) => line.startsWith("  kept"))).toHaveLength(2);
  });

  it("with --purge leaves the tree as it was before", () => {
    const totem = machine();
    const before = withoutUsers(treeOf(totem.root));
    totem.install();
    writeFileSync(join(totem.root, "data/faccine/journal.db"), "votes");
    expect(totem.uninstall(true)).toBe(0);
    expect(withoutUsers(treeOf(totem.root))).toEqual(before);
  });

  it("of a totem leaves the gateway on the same machine whole", () => {
    const totem = machine();
    totem.install();
    totem.install({ role: ROLES.gateway });
    totem.uninstall();
    expect(totem.read("opt/faccine/current/gateway/main.ts")).toBe("// gateway\n");
    expect(totem.read("etc/systemd/system/faccine-gateway.service")).toContain("[Service]");
    expect(existsSync(join(totem.root, "etc/systemd/system/faccine-totem.service"))).toBe(false);
    totem.uninstall(true, { role: ROLES.gateway });
    expect(existsSync(join(totem.root, "opt/faccine"))).toBe(false);
  });
});
