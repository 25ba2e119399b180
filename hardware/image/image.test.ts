import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { KEYS } from "#schemas/code-list.ts";
import { describeWithTool } from "../../scripts/outside-tools.ts";
import { lineOffset } from "../pins.ts";
import { KEY_PINS, LAMP_PINS } from "../wiring.ts";
import { bootConfigLines } from "./boot-config.ts";
import { GATEWAY_LINKS, TOTEM_LINKS } from "./links.ts";

const IMAGE = import.meta.dirname;
const ROLES = ["totem", "gateway"] as const;
const UNITS = {
  totem: ["faccine-totem.service", "faccine-totem.path"],
  gateway: ["faccine-gateway.service"],
} as const;

const files = ROLES.flatMap((role) =>
  readdirSync(join(IMAGE, role), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name)),
);
const unitPath = (role: (typeof ROLES)[number], unit: string) =>
  join(IMAGE, role, "etc/systemd/system", unit);
const setting = (text: string, name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(text)?.[1];

describe("every file of the image", () => {
  it.each(files.map((file) => [file.slice(IMAGE.length + 1), file]))(
    "%s says at its top what it is for",
    (_, file) => {
      expect(readFileSync(file, "utf8")).toMatch(/^# [A-Z].{20,}/);
    },
  );
});

describe("every link of the image", () => {
  it.each([...TOTEM_LINKS, ...GATEWAY_LINKS])(
    "$path leads to a unit of ours, or to nothing",
    ({ target }) => {
      const ours = files.some(
        (file) =>
          target ===
          `/${file
            .slice(IMAGE.length + 1)
            .split("/")
            .slice(1)
            .join("/")}`,
      );
      expect(ours || target === "/dev/null").toBe(true);
    },
  );
});

describe("the totem's service", () => {
  const text = readFileSync(unitPath("totem", "faccine-totem.service"), "utf8");

  it("loads every driver that brings a group of devices it is allowed, before it starts", () => {
    for (const [group, driver] of [
      ["char-ttyACM", "cdc_acm"],
      ["char-ttyUSB", "usbserial"],
      ["char-alsa", "snd"],
    ]) {
      expect(text).toContain(`DeviceAllow=${group} rw`);
      expect(setting(text, "Wants")).toContain(`modprobe@${driver}.service`);
      expect(setting(text, "After")).toContain(`modprobe@${driver}.service`);
    }
  });

  it("can run nothing that it can write", () => {
    const noExec = setting(text, "NoExecPaths")?.split(" ") ?? [];
    const cache = `/var/cache/${setting(text, "CacheDirectory")}`;
    for (const path of [setting(text, "ReadWritePaths"), cache, "/tmp", "/var/tmp", "/dev/shm"]) {
      expect(noExec).toContain(path);
    }
  });

  it("is started anew by its watchdog at most as often as never starts the machine anew", () => {
    const lifeSeconds = Number(setting(text, "WatchdogSec")) + Number(setting(text, "RestartSec"));
    expect(setting(text, "StartLimitIntervalSec")).toBe("1h");
    expect(3_600 / lifeSeconds).toBeLessThan(Number(setting(text, "StartLimitBurst")));
  });
});

describe("the board's watchdog", () => {
  it("is asked for less than the 15 s it can count to", () => {
    const file = join(IMAGE, "totem/etc/systemd/system.conf.d/50-faccine-watchdog.conf");
    expect(setting(readFileSync(file, "utf8"), "RuntimeWatchdogSec")).toBe("14s");
  });
});

describe("config.txt", () => {
  const lines = bootConfigLines(["faccine-keypad"]);
  const pins = (ending: string) =>
    lines
      .filter((line) => line.startsWith("gpio=") && line.endsWith(ending))
      .flatMap((line) => line.slice("gpio=".length).split("=")[0]?.split(",").map(Number) ?? []);

  it("pulls up every key and holds every lamp dark, and no line is both", () => {
    for (const key of KEYS) expect(pins("=ip,pu")).toContain(lineOffset(KEY_PINS[key]));
    for (const pin of Object.values(LAMP_PINS)) expect(pins("=op,dl")).toContain(lineOffset(pin));
    expect(pins("=ip,pu").filter((pin) => pins("=op,dl").includes(pin))).toEqual([]);
  });

  it("is for every board, whatever stood above", () => {
    expect(lines[0]).toBe("[all]");
    expect(lines.at(-1)).toBe("dtoverlay=faccine-keypad");
  });
});

/** udev(7): keys separated by commas, each a name, perhaps with {attribute}, an operator and a quoted value. */
const UDEV_KEY = /^[A-Z_]+(\{[A-Za-z0-9_/.-]+\})?(==|!=|=|\+=|-=|:=)"[^"]*"$/;

describe("the udev rules", () => {
  const rules = readFileSync(join(IMAGE, "totem/etc/udev/rules.d/72-faccine.rules"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const keys = rules.map((line) => line.split(/,\s*/));

  it("come after what finds out and tags each device, and before it is handed to a seat", () => {
    const name = readdirSync(join(IMAGE, "totem/etc/udev/rules.d"))[0] ?? "";
    const order = [
      "60-persistent-input.rules",
      "60-serial.rules",
      "71-seat.rules",
      name,
      "73-seat-late.rules",
    ];
    expect(order.toSorted()).toEqual(order);
  });

  it("are well formed", () => {
    for (const key of keys.flat()) expect(key).toMatch(UDEV_KEY);
    // What this must find: no comma, a missing quote, a single sign where two are meant.
    for (const bad of ['KERNEL=="a" MODE="0660"', 'KERNEL=="a', "KERNEL==a"])
      expect(bad).not.toMatch(UDEV_KEY);
  });

  it("jump only forward, to marks that are there", () => {
    for (const [at, line] of keys.entries()) {
      const mark = line.find((key) => key.startsWith("GOTO="))?.slice("GOTO=".length);
      if (mark === undefined) continue;
      expect(keys.findIndex((other) => other.includes(`LABEL=${mark}`))).toBeGreaterThan(at);
    }
  });

  it("match before they set", () => {
    for (const line of keys) {
      const sets = line.map((key) => !/(==|!=)"/.test(key));
      expect(sets.indexOf(true)).toBeGreaterThanOrEqual(
        sets.lastIndexOf(false) === -1 ? 0 : sets.lastIndexOf(false),
      );
    }
  });
});

describeWithTool("systemd-analyze", "the units, as systemd reads them", (analyze) => {
  const root = mkdtempSync(join(tmpdir(), "units-"));
  afterAll(() => rmSync(root, { recursive: true }));
  for (const role of ROLES) cpSync(join(IMAGE, role), root, { recursive: true });
  // Units may name only programs and units that are there.
  for (const path of ["opt/faccine/current/node_modules/.bin/node", "bin/true"]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    copyFileSync("/bin/true", join(root, path));
  }
  const systemd = ["/usr/lib/systemd/system", "/lib/systemd/system"].map(
    (path) => [path, join(root, path)] as const,
  );
  for (const [from, to] of systemd.slice(0, 1)) cpSync(from, to, { recursive: true, verbatimSymlinks: true });

  it.each(ROLES.flatMap((role) => UNITS[role].map((unit) => unit)))("%s has no fault", (unit) => {
    const done = spawnSync(analyze, [`--root=${root}`, "verify", "--man=no", unit], { encoding: "utf8" });
    const said = `${done.stdout}${done.stderr}`.split("\n").filter((line) => line.includes("faccine"));
    expect(said).toEqual([]);
  });

  it("a fault would be found", () => {
    const unit = join(root, "etc/systemd/system/broken.service");
    copyFileSync(unitPath("totem", "faccine-totem.service"), unit);
    execFileSync("sed", [
      "-i",
      "s/^ProtectHome=yes/ProtectHom=yes/; s/^RestartSec=5/RestartSec=often/",
      unit,
    ]);
    const done = spawnSync(analyze, [`--root=${root}`, "verify", "--man=no", "broken.service"], {
      encoding: "utf8",
    });
    expect(done.stderr).toMatch(/ProtectHom/);
    expect(done.stderr).toMatch(/Failed to parse sec value/);
  });

  // 20 is 2.0 of 10 in systemd's own sum of what is open.
  it.each(ROLES)("the service of the %s leaves little open", (role) => {
    const unit = unitPath(role, UNITS[role][0]);
    const args = ["security", "--offline=true", "--threshold=20", "--no-pager", unit];
    const done = spawnSync(analyze, args, { encoding: "utf8" });
    expect(done.stdout).toMatch(/Overall exposure level/);
    expect(done.status, done.stdout).toBe(0);
  });
});
