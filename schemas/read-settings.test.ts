import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GATEWAY_DEFAULTS, GATEWAY_SETTINGS } from "./gateway-settings.ts";
import { envName, envNames, problemLine, readSettings, SETTINGS_FILE_BYTES_MAX } from "./read-settings.ts";
import { flag, integer, nullable, record, shape, text } from "./shape.ts";
import { mqttUrl, TOTEM_DEFAULTS, TOTEM_SETTINGS } from "./totem-settings.ts";

const TINY = shape(
  "tiny",
  record({
    name: text(20),
    http: record({ port: integer(0, 65_535), tlsCert: nullable(text(100)) }),
    mqtt: record({ url: mqttUrl() }),
    sample: flag(),
  }),
);
const DEFAULTS = {
  name: "default",
  http: { port: 8080, tlsCert: null },
  mqtt: { url: "mqtt://127.0.0.1:1883" },
  sample: false,
};
const read = (yaml: string, env: Record<string, string | undefined> = {}) =>
  readSettings({ shape: TINY, defaults: DEFAULTS, yaml, env });
const lines = (yaml: string, env: Record<string, string | undefined> = {}) => {
  const result = read(yaml, env);
  return result.ok ? [] : result.problem.map(problemLine);
};

describe("settings", () => {
  it("come from defaults, then from the file, then from the environment", () => {
    expect(read("")).toEqual({ ok: true, value: DEFAULTS });
    const result = read("name: from file\nhttp: {port: 1}", { FACCINE_HTTP_PORT: "2" });
    expect(result).toMatchObject({
      ok: true,
      value: { name: "from file", http: { port: 2, tlsCert: null } },
    });
  });

  it("of a text are taken from the environment as they stand, numbers and truths as numbers and truths", () => {
    const env = { FACCINE_NAME: "0123", FACCINE_SAMPLE: "true", FACCINE_HTTP_TLS_CERT: "/etc/a: b" };
    expect(read("", env)).toMatchObject({
      ok: true,
      value: { name: "0123", sample: true, http: { tlsCert: "/etc/a: b" } },
    });
  });

  it("are not touched by an empty variable, nor by one of another program", () => {
    expect(read("", { FACCINE_NAME: "", FACCINE_OTHER: "x", NAME: "y" })).toEqual({
      ok: true,
      value: DEFAULTS,
    });
  });

  it("have a variable of their own each, spelled from their path", () => {
    expect(envName(["http", "tlsCert"])).toBe("FACCINE_HTTP_TLS_CERT");
    for (const { schema } of [GATEWAY_SETTINGS, TOTEM_SETTINGS]) {
      const names = envNames(schema);
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) expect(name).toMatch(/^FACCINE_[A-Z0-9_]+$/);
    }
    expect(envNames(GATEWAY_SETTINGS.schema)).toEqual(
      expect.arrayContaining([
        "FACCINE_HTTP_HOST",
        "FACCINE_HTTP_PORT",
        "FACCINE_MQTT_PORT",
        "FACCINE_MQTT_URL",
        "FACCINE_DATA_DIR",
        "FACCINE_LIVE_STEP",
      ]),
    );
    expect(envNames(TOTEM_SETTINGS.schema)).toEqual(
      expect.arrayContaining(["FACCINE_PANEL_PORT", "FACCINE_MQTT_URL", "FACCINE_DATA_DIR"]),
    );
  });
});

describe("a wrong setting", () => {
  it("is named by its variable when it came from there, by its path when it came from the file", () => {
    expect(lines("", { FACCINE_HTTP_PORT: "eighty" })).toEqual([
      "FACCINE_HTTP_PORT = eighty: must be a whole number from 0 to 65535",
    ]);
    expect(lines("http: {port: 70000}")).toEqual([
      "http.port = 70000: must be a whole number from 0 to 65535",
    ]);
  });

  it("is told with every other wrong one", () => {
    expect(lines("name: [1]\nsample: perhaps", { FACCINE_HTTP_PORT: "-1" })).toEqual([
      "name = (a list of 1): must be a text of at most 20 characters",
      "FACCINE_HTTP_PORT = -1: must be a whole number from 0 to 65535",
      "sample = perhaps: must be true or false",
    ]);
  });

  it("that nobody knows is named, with what is known there, and not repeated: it may be a password", () => {
    expect(lines("http: {prot: hunter2}")).toEqual([
      "http.prot = (not read): is no setting; known here: port, tlsCert",
    ]);
    expect(lines("__proto__: {polluted: 1}\nconstructor: 2")).toEqual([
      "__proto__ = (not read): is no setting; known here: name, http, mqtt, sample",
      "constructor = (not read): is no setting; known here: name, http, mqtt, sample",
    ]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it("that is missing says so", () => {
    const result = readSettings({ shape: TINY, defaults: {}, yaml: "name: a", env: {} });
    expect(result.ok ? [] : result.problem.map(problemLine)).toEqual([
      "http = (not set): must be given",
      "mqtt = (not set): must be given",
      "sample = (not set): must be given",
    ]);
  });

  it.each([
    "mqtt://user:hunter2@broker:1883",
    "mqtt://user:hunter2@@broker",
    "mqtt://user:hunt er2@broker",
    "mqtts://hunter2@broker",
    "mqtt://u:hunter2/x@broker",
  ])("that holds a password in an address does not show it: %s", (url) => {
    for (const shown of [
      lines(`mqtt: {url: ${JSON.stringify(url)}}`),
      lines("", { FACCINE_MQTT_URL: url }),
    ]) {
      expect(shown).toHaveLength(1);
      expect(shown[0]).not.toMatch(/hunt/);
      expect(shown[0]).toContain("//…@broker");
    }
  });

  it("is shown on one line and not at any length", () => {
    const [line = ""] = lines("", { FACCINE_HTTP_PORT: `"a\\n\\u001b[31m${"x".repeat(500)}"` });
    expect(line).not.toMatch(/\p{Cc}/u);
    expect(line.length).toBeLessThan(200);
  });

  it.each([
    ["mqtt://broker:0", false],
    ["mqtt://broker:65536", false],
    ["mqtt://broker:99999", false],
    ["http://broker:1883", false],
    ["mqtt://", false],
    ["mqtt://a b", false],
    ["mqtt://broker", true],
    ["mqtts://broker.comune.example:8883/", true],
    ["mqtt://[::1]:65535", true],
  ])("address %s is told from a good one", (url, good) => {
    expect(lines("", { FACCINE_MQTT_URL: url }).length === 0).toBe(good);
  });
});

describe("a settings file", () => {
  it.each([
    [
      "name: a\n  b: c: d\n",
      "the settings file, line 1 = not YAML: must be valid YAML (block as implicit key)",
    ],
    ["name: a\nname: b\n", "the settings file, line 2 = not YAML: must be valid YAML (duplicate key)"],
    ["- a\n- b\n", "the settings file = (a list of 2): must be a list of `name: value`"],
    ["just text", "the settings file = just text: must be a list of `name: value`"],
    ["a: &x 1\nb: *x\n", "the settings file = an alias or merge: must spell out every value"],
    ["a: &x [*x]\n", "the settings file = an alias or merge: must spell out every value"],
  ])("that is %j is refused with its place", (yaml, line) => {
    expect(lines(yaml)[0]).toBe(line);
  });

  it("larger than the limit is refused unread", () => {
    const comment = `#${"x".repeat(SETTINGS_FILE_BYTES_MAX - 1)}`;
    expect(lines(comment)).toEqual([]);
    expect(lines(`${comment}x`)).toEqual([
      "the settings file = 4194305 bytes: must be at most 4194304 bytes",
    ]);
  });

  it("nested a hundred thousand deep is refused, not obeyed", () => {
    expect(lines(`a: ${"[".repeat(100_000)}`)).toHaveLength(1);
    expect(lines(`name: ${"[".repeat(90)}${"]".repeat(90)}`)).toHaveLength(1);
  });

  it("of any text at all is read or refused, and never stops the program", () => {
    const yamlish = fc
      .array(
        fc.constantFrom(
          "name",
          ":",
          " ",
          "\n",
          "- ",
          "[",
          "]",
          "{",
          "}",
          "&a",
          "*a",
          "!!",
          "|",
          ">",
          "'",
          '"',
          "#",
          "%",
          "?",
          "<<",
          "~",
          "0x",
          "\t",
          "---",
          "__proto__",
          "http",
          "é",
        ),
        { maxLength: 30 },
      )
      .map((parts) => parts.join(""));
    const env = fc.record({ FACCINE_HTTP_PORT: fc.string(), FACCINE_NAME: fc.string() });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), yamlish), env, (yaml, variables) => {
        const result = read(yaml, variables);
        if (result.ok) expect(TINY.is(result.value)).toBe(true);
        else expect(result.problem.length).toBeGreaterThan(0);
      }),
      { numRuns: 1_000 },
    );
  });

  it("says everything a program cannot know by itself: who it is and whose", () => {
    const totem = readSettings({ shape: TOTEM_SETTINGS, defaults: TOTEM_DEFAULTS, yaml: "", env: {} });
    expect(totem.ok ? [] : totem.problem.map((p) => p.name)).toEqual(["totemId", "siteId", "gateway"]);
    const gateway = readSettings({ shape: GATEWAY_SETTINGS, defaults: GATEWAY_DEFAULTS, yaml: "", env: {} });
    expect(gateway.ok ? [] : gateway.problem.map((p) => p.name)).toEqual(["administration", "sites"]);
  });
});
