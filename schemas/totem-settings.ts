/**
 * The settings file of one totem: who it is, where its gateway is and which devices it has. What the gateway decides
 * (wording, hours, ticket keys) comes signed over MQTT instead. Secrets live in files of their own beside the journal.
 */
import { SESSION_DEFAULTS, SESSION_SETTINGS } from "./session-settings.ts";
import { flag, hex, id, integer, nullable, type Of, oneOf, pattern, record, shape, text } from "./shape.ts";

/** Longest path Linux allows. */
const PATH_MAX = 4_096;
/** Longest host name DNS allows. */
const HOST_MAX = 253;
/** The kernel's own limit of a chip's label (gpiochip_info, 32 bytes with the end). */
const CHIP_LABEL_MAX = 31;
/** Names such as plughw:CARD=Device,DEV=0 are a third of this long. */
const ALSA_DEVICE_MAX = 100;

export const LOG_LEVELS = ["silent", "error", "warn", "info", "debug"] as const;

/** A port from 1 to 65535, as mqtt.js throws on any other. */
const PORT = "(6553[0-5]|655[0-2]\\d|65[0-4]\\d{2}|6[0-4]\\d{3}|[1-5]\\d{4}|[1-9]\\d{0,3})";

/** An MQTT address without user or password: those have files of their own and must not reach a log. */
export const mqttUrl = () =>
  pattern(
    `^mqtts?://([A-Za-z0-9.-]+|\\[[0-9a-fA-F:.]+\\])(:${PORT})?/?$`,
    300,
    "mqtt://host:port or mqtts://host:port, without user or password",
  );

export const TOTEM_SETTINGS = shape(
  "totem-settings",
  record({
    totemId: id(),
    siteId: id(),
    dataDir: text(PATH_MAX),
    mqtt: record({ url: mqttUrl(), caFile: nullable(text(PATH_MAX)) }),
    gateway: record({ publicKey: hex(32) }),
    // `board`: the keys, lamps and scanner of a real totem. `simulated`: the same, pressed in a browser.
    devices: oneOf(["simulated", "board"]),
    board: record({
      // The chip's label, as `gpiodetect` shows it. Null: the header of whichever Raspberry Pi this is.
      chipLabel: nullable(text(CHIP_LABEL_MAX)),
      keypad: oneOf(["lines", "matrix"]),
      debounceMs: integer(1, 50),
    }),
    scanner: record({
      kind: oneOf(["serial", "hid"]),
      // Null: the only device of its kind below /dev/serial/by-id or /dev/input/by-id.
      path: nullable(text(PATH_MAX)),
      family: oneOf(["generic", "gm65", "de2120"]),
      baudRate: integer(1_200, 921_600),
    }),
    voice: record({
      on: flag(),
      // As `aplay -L` lists it.
      alsaDevice: text(ALSA_DEVICE_MAX),
    }),
    panel: record({ host: text(HOST_MAX), port: integer(0, 65_535) }),
    simulated: record({
      issuerUrl: nullable(pattern("^https?://[^@\\s]+$", 300)),
      issuerTokenFile: nullable(text(PATH_MAX)),
      bounce: flag(),
    }),
    keepReceiptedDays: integer(1, 400),
    // Below this much free space the totem stops voting openly instead of failing in the middle of a vote.
    minFreeBytes: integer(0, Number.MAX_SAFE_INTEGER),
    session: SESSION_SETTINGS,
    log: record({ level: oneOf(LOG_LEVELS) }),
  }),
);
export type TotemSettings = Of<typeof TOTEM_SETTINGS>;

/** What a totem's settings are when its file says nothing else. Ids and keys have no default. */
export const TOTEM_DEFAULTS = {
  dataDir: "/data/faccine",
  mqtt: { url: "mqtt://127.0.0.1:1883", caFile: null },
  devices: "simulated",
  // Good switches bounce for 6.2 ms at most (Ganssle); a finger stays ten times as long.
  board: { chipLabel: null, keypad: "lines", debounceMs: 10 },
  // A USB scanner as a virtual serial port; its speed is no wire's, but modules on the UART start with this one.
  scanner: { kind: "serial", path: null, family: "generic", baudRate: 9_600 },
  voice: { on: true, alsaDevice: "default" },
  panel: { host: "127.0.0.1", port: 8081 },
  simulated: { issuerUrl: null, issuerTokenFile: null, bounce: true },
  // Receipted entries stay seven days, for a gateway restored from a backup.
  keepReceiptedDays: 7,
  // A hundred days of votes and room for SQLite's own files.
  minFreeBytes: 16_777_216,
  session: SESSION_DEFAULTS,
  log: { level: "info" },
} as const;
