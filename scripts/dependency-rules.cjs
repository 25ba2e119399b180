/**
 * Who may import whom, as rules for dependency-cruiser: firmware -> hardware -> schemas <- gateway. Each rule carries its reason, which is
 * shown with every violation. The ambient clock, randomness and log of the pure files are denied in biome.json.
 */

const { FENCES } = require("./dependency-fences.cjs");

const TESTS = "\\.(test|suite|fixture)\\.ts$";
const MAINS = "^(firmware|gateway)/main\\.ts$";

/** Files and folders that are values in, values out: no clock, disk, network, randomness or log. biome.json lists the same. */
const PURE = [
  "firmware/session/",
  "firmware/clock/estimate\\.ts$",
  "firmware/devices/evdev/(input-event|keypad-levels|typed-text|us-layout)\\.ts$",
  "firmware/devices/(back-off|framing)\\.ts$",
  "firmware/devices/gpio/(edge-count|key-levels|line-layouts)\\.ts$",
  "firmware/devices/indicators/(lit-of|sounds)\\.ts$",
  "firmware/devices/johnny-five/header-pins\\.ts$",
  "firmware/devices/scanner/(aim|code-pipeline|duplicates)\\.ts$",
  "firmware/devices/scanner/families/",
  "firmware/(markup|mount|notices|refusal-tally|site-times|vote-entry)\\.ts$",
  "firmware/journal/day-summary\\.ts$",
  "firmware/service/vitals\\.ts$",
  "firmware/self-test/(bounce|items|report-words|self-test)\\.ts$",
  "firmware/sync/outbox\\.ts$",
  "firmware/tickets/(judge|plain-ticket|reading|short-ticket|signed-ticket|spent-elsewhere)\\.ts$",
  "gateway/access/(account-rules|attempts|oidc-errand|oidc-identity|oidc-problems|roles|tokens)\\.ts$",
  "gateway/api/(report-query|served-csv|status)\\.ts$",
  "gateway/broker/packet-guard\\.ts$",
  "gateway/directory\\.ts$",
  "gateway/fleet/(storage-checks|totem-settings-message)\\.ts$",
  "gateway/alerts/(health-alarms|plan|red-share|runbook)\\.ts$",
  "gateway/ministry/report-data\\.ts$",
  "gateway/publication/(bars|dcat|month-data|month-page|public-shell|publication-words)\\.ts$",
  "gateway/tickets/(keys-in-force|listed-receipts)\\.ts$",
  "gateway/dashboard/",
  "gateway/web/charts/",
  "gateway/web/(account-words|html|frame|next-path|oidc-page|oidc-words|navigation|page-policy|page-words|desk-words|shell|formats|files-page|overview-page|overview-words|figures-table|trends-page|trends-results|trends-compare|trends-words|stranger-page|fleet-words|fleet-page|alarms-page)\\.ts$",
  "gateway/proof/(month-proof|revision|totem-day)\\.ts$",
  "gateway/ingest/(prove|received-text|stitch|verify)\\.ts$",
  "gateway/reports/",
  "gateway/rollups/",
  "gateway/settle/",
  "gateway/watch/",
  "hardware/(assembly|drawings|enclosure|kinds|rules)/",
  "hardware/code-sheet/codes\\.ts$",
  "hardware/(bilingual|boards|circuit|matrix-keypad|nets|overlays|parts|pins|rules|sheet|wiring)\\.ts$",
].join("|");

/** The files of schemas/ that touch the world: one connection loop for both programs, files of secrets, migrations read from disk. */
const ACTING_SCHEMAS = "schemas/(link|secret-file|sqlite)\\.ts$";

/** What hashes and compares bytes it is handed is a function of them; keys are values. Nothing here makes a random one. */
const PURE_CRYPTO = "^(node:)?crypto$";

const FIRMWARE_ADAPTERS = "firmware/(devices|journal|service|simulated|sync|tickets)/";
const GATEWAY_ADAPTERS = "gateway/(api|broker|ingest|store)/";
/** The store's port, in the files that describe it. */
const STORE_PORT =
  "^gateway/store/(store|access-store|account-store|alarm-store|closing-store|delivery-store|held-store|listed-store|proof-store|readiness-store|watch-store)\\.ts$";
/** What an adapter may know of another one: pure arithmetic, and the port that both stand behind. */
const KNOWN_TO_ALL = `^(${PURE})|${STORE_PORT}`;

const fences = Object.entries(FENCES).map(([name, places]) => ({
  name: `${name
    .replace(/^@/, "")
    .replace(/\/\[.*$/, "-plugins")
    .replace("/", "-")}-stays-behind-its-fence`,
  comment: `The package ${name} is used in ${places} and nowhere else in the product: everybody else is handed a port.`,
  severity: "error",
  from: { path: "^(schemas|hardware|firmware|gateway)/", pathNot: [`^(${places})`, TESTS] },
  to: { path: `(^|/)node_modules/(@types/)?${name}/` },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      comment:
        "Files that need each other are one idea in two places: neither can be read, tested or replaced alone.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { pathNot: "(^|/)node_modules/" } },
    },
    {
      name: "everything-resolves",
      comment: "An import that leads nowhere fails on the machine of whoever starts it first.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "schemas-import-nothing-of-ours",
      comment: "schemas/ is the contract both programs stand on: what it imported, it would impose on both.",
      severity: "error",
      from: { path: "^schemas/" },
      to: { path: "^(hardware|firmware|gateway)/" },
    },
    {
      name: "schemas-touch-nothing",
      comment: `Shapes and their arithmetic are used by pure files; only ${ACTING_SCHEMAS} act, and they are handed what they act on.`,
      severity: "error",
      from: { path: "^schemas/", pathNot: [ACTING_SCHEMAS, TESTS] },
      to: { dependencyTypes: ["core"], pathNot: PURE_CRYPTO },
    },
    {
      name: "hardware-imports-only-schemas",
      comment: "The machine is data that drawings and firmware read; it does not know who reads it.",
      severity: "error",
      from: { path: "^hardware/" },
      to: { path: "^(firmware|gateway)/" },
    },
    {
      name: "firmware-and-gateway-are-strangers",
      comment:
        "They meet over the wire only, and are updated on different days: they share schemas/ and nothing else.",
      severity: "error",
      from: { path: "^(firmware|gateway)/" },
      to: { path: "^(firmware|gateway)/", pathNot: "^$1/" },
    },
    {
      name: "gateway-knows-no-wiring",
      comment:
        "Which pin a key hangs on is the totem's own affair; the gateway would count differently by machine.",
      severity: "error",
      from: { path: "^gateway/" },
      to: { path: "^hardware/" },
    },
    {
      name: "nobody-imports-scripts",
      comment:
        "Tools stand above the product; a product that needs its tools cannot be installed without them.",
      severity: "error",
      from: { path: "^(schemas|hardware|firmware|gateway)/", pathNot: TESTS },
      to: { path: "^scripts/" },
    },
    {
      name: "tests-know-one-script",
      comment:
        "Beside the code, a test may ask for an outside tool; one that needs more belongs in scripts/.",
      severity: "error",
      from: { path: `^(schemas|hardware|firmware|gateway)/.*${TESTS}` },
      to: { path: "^scripts/", pathNot: "^scripts/outside-tools\\.ts$" },
    },
    {
      name: "nobody-imports-main",
      comment: "A main starts a program when it is loaded. What others need of it has a file of its own.",
      severity: "error",
      from: {},
      to: { path: MAINS },
    },
    {
      name: "no-test-code-in-the-product",
      comment: "What only tests use is not installed, and may do what the product must not.",
      severity: "error",
      from: { path: "^(schemas|hardware|firmware|gateway)/", pathNot: TESTS },
      to: { path: TESTS },
    },
    {
      name: "no-development-package-in-the-product",
      comment:
        "Machines are installed without development packages: such an import fails there and nowhere else.",
      severity: "error",
      from: { path: "^(schemas|hardware|firmware|gateway)/", pathNot: TESTS },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], pathNot: "(^|/)node_modules/@types/" },
    },
    {
      name: "pure-files-touch-nothing",
      comment:
        "Sessions, sums and verdicts are functions of what they are handed, so that every case can be tested and told again. Types of the store's port are no way to the store.",
      severity: "error",
      from: { path: `^(${PURE})`, pathNot: TESTS },
      to: {
        path: ".",
        pathNot: [
          `^(${PURE})`,
          `^schemas/(?!${ACTING_SCHEMAS.slice("schemas/".length)})`,
          PURE_CRYPTO,
          STORE_PORT,
        ],
      },
    },
    {
      name: "pure-files-see-only-types-of-a-port",
      comment: "A port's types are its words; its values would be a way to what stands behind it.",
      severity: "error",
      from: { path: `^(${PURE})`, pathNot: TESTS },
      to: { path: STORE_PORT, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "firmware-adapters-do-not-know-each-other",
      comment:
        "Each device, the journal and the uplink can be replaced or fail alone; totem.ts and main.ts join them.",
      severity: "error",
      from: { path: `^${FIRMWARE_ADAPTERS}`, pathNot: TESTS },
      to: { path: `^${FIRMWARE_ADAPTERS}`, pathNot: ["^firmware/$1/", KNOWN_TO_ALL] },
    },
    {
      name: "gateway-adapters-do-not-know-each-other",
      comment:
        "Broker, ingest, store and HTTP can be replaced or fail alone; gateway.ts and main.ts join them.",
      severity: "error",
      from: { path: `^${GATEWAY_ADAPTERS}`, pathNot: TESTS },
      to: { path: `^${GATEWAY_ADAPTERS}`, pathNot: ["^gateway/$1/", KNOWN_TO_ALL] },
    },
    {
      name: "totem-sees-ports-not-adapters",
      comment:
        "The totem is the same with real, simulated and failing devices because it cannot tell them apart.",
      severity: "error",
      from: { path: "^firmware/[^/]+\\.ts$", pathNot: [MAINS, TESTS] },
      to: { path: `^(${FIRMWARE_ADAPTERS}|firmware/clock/)`, pathNot: KNOWN_TO_ALL },
    },
    {
      name: "store-is-reached-through-its-port",
      comment:
        "Another engine must be able to stand in for SQLite: only what opens the store knows which one it is.",
      severity: "error",
      from: { path: "^gateway/", pathNot: ["^gateway/store/", MAINS, TESTS] },
      to: { path: "^gateway/store/", pathNot: STORE_PORT },
    },
    ...fences,
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    // Imports of types count: they are knowledge too.
    tsPreCompilationDeps: true,
    doNotFollow: { path: "(^|/)node_modules/" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};
