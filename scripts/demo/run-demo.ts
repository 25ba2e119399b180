/**
 * Runs a whole demo: provisions, starts gateway and totems, and ends them together. `npm start`, `npm run try` and the
 * end-to-end tests run this same one.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gatewayKey } from "#gateway/access/key-files.ts";
import { settingsProblems } from "#gateway/directory.ts";
import { holdDataFolder } from "#gateway/store/sqlite/hold-data-folder.ts";
import { GATEWAY_DEFAULTS, GATEWAY_SETTINGS, type GatewaySettings } from "#schemas/gateway-settings.ts";
import { dayStartMs } from "#schemas/local-day.ts";
import { problemLine, readSettings } from "#schemas/read-settings.ts";
import { fail, ok, type Result } from "#schemas/result.ts";
import { historyFromDay, liveThrough } from "./history.ts";
import { type DemoPlan, type TotemPlan, totemEnvironment } from "./plan.ts";
import { freePort, isPortFree } from "./ports.ts";
import { type Running, startProgram } from "./processes.ts";
import { provisionDemo } from "./provision.ts";

export type Demo = {
  readonly url: string;
  /** Opens the gateway's page once. */
  readonly link: string;
  readonly panels: readonly { readonly totemId: string; readonly url: string }[];
  readonly credentials: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
};

type Environment = Readonly<Record<string, string | undefined>>;

const SETTINGS_FILE = join(import.meta.dirname, "comune.yaml");

/** Starts everything and waits until the totems are ready to scan; says what is wrong when it cannot. */
export async function runDemo(options: {
  readonly plan: DemoPlan;
  readonly env: Environment;
  readonly nowMs: number;
  /** Told how far a history is that is lived through first. */
  readonly say?: (line: string) => void;
  /** A program ended by itself: the demo cannot go on. */
  readonly onDeath: (words: string) => void;
}): Promise<Result<Demo, string>> {
  const trouble = whyNotIn(options.plan);
  if (trouble !== null) return fail(trouble);
  const placed = await withPorts(options.plan, options.env);
  if (!placed.ok) return placed;
  const { plan, env, settings } = placed.value;
  const credentials = await provisionWithHistory(plan, settings, options);
  const programs: Running[] = [];
  let died: (words: string) => void = options.onDeath;
  const death = new Promise<Result<Demo, string>>((resolve) => {
    died = (words) => resolve(fail(words));
  });
  const begin = async (): Promise<Result<Demo, string>> => {
    const gateway = startGatewayProgram(plan, env, (words) => died(words));
    programs.push(gateway);
    const url = await gateway.message("url");
    const link = await gateway.message("link");
    const panels = await Promise.all(
      plan.totems.map(async (totem) => {
        const running = startTotem(totem, { plan, env, settings, url }, (words) => died(words));
        programs.push(running);
        const panel = await running.message("panel");
        await untilServed(panel);
        return { totemId: totem.totemId, url: panel };
      }),
    );
    return ok({ url, link, panels, credentials, stop: () => stopAll(programs) });
  };
  const begun = begin().catch((error: Error) => fail(error.message));
  const started = await Promise.race([begun, death]);
  if (!started.ok) await stopAll(programs);
  died = options.onDeath;
  return started;
}

/** What is there already is left as it is: a history is lived through once, before anybody has voted. */
async function provisionWithHistory(
  plan: DemoPlan,
  settings: GatewaySettings,
  { nowMs, say = () => undefined }: { readonly nowMs: number; readonly say?: (line: string) => void },
): Promise<Readonly<Record<string, string>>> {
  const isNew = !existsSync(join(plan.gatewayDir, "gateway.db"));
  const zone = settings.sites[0]?.zone ?? "UTC";
  const fromDay = historyFromDay(nowMs, zone);
  const enrolledMs = plan.history && isNew ? dayStartMs(fromDay, zone) : nowMs;
  const credentials = await provisionDemo(plan, nowMs, enrolledMs);
  if (plan.history && isNew) await liveThrough(plan, settings, { fromDay, nowMs }, say);
  else if (plan.history) say("There are votes in this folder already: no history is made up beside them.");
  return credentials;
}

/** Two demos on one folder would each hold back what the other has to send; a folder may also be none at all. */
function whyNotIn({ dataDir, gatewayDir }: DemoPlan): string | null {
  try {
    holdDataFolder(gatewayDir)();
    return null;
  } catch (error) {
    return `${(error as Error).message}\nFACCINE_DATA_DIR sets another folder than ${dataDir}.`;
  }
}

/** How often to ask, and how many times: a first start on a slow board takes a few seconds. */
const ASK_EVERY_MS = 100;
const ASKS_MAX = 300;

/** Waits until a totem knows its site: at its very first start the gateway has to tell it, before it can judge tickets. */
async function untilServed(panel: string): Promise<void> {
  for (let asks = 0; asks < ASKS_MAX; asks++) {
    const response = await fetch(`${panel}/panel/state`).catch(() => null);
    const state = (await response?.json().catch(() => null)) as { services?: readonly string[] } | null;
    if ((state?.services?.length ?? 0) > 0) return;
    await new Promise((resolve) => {
      setTimeout(resolve, ASK_EVERY_MS);
    });
  }
  throw new Error(`${panel}: the totem got no settings from the gateway; see its log`);
}

/** Totems first, so that they can still say that they go. */
async function stopAll(programs: readonly Running[]): Promise<void> {
  const [gateway, ...totems] = programs;
  await Promise.all(totems.map((totem) => totem.stop()));
  await gateway?.stop();
}

function startGatewayProgram(plan: DemoPlan, env: Environment, onDeath: (words: string) => void): Running {
  return startProgram(
    {
      name: "gateway",
      main: "gateway/main.ts",
      args: [SETTINGS_FILE],
      env: { ...env, FACCINE_DATA_DIR: plan.gatewayDir },
      logFile: join(plan.dataDir, "gateway.log"),
      returns: false,
    },
    onDeath,
  );
}

function startTotem(
  totem: TotemPlan,
  demo: {
    readonly plan: DemoPlan;
    readonly env: Environment;
    readonly settings: GatewaySettings;
    readonly url: string;
  },
  onDeath: (words: string) => void,
): Running {
  const { plan, settings, url } = demo;
  const own = totemEnvironment(totem, {
    siteId: plan.siteId,
    publicKey: gatewayKey(plan.gatewayDir).publicKeyHex,
    mqttUrl: settings.mqtt.url ?? `mqtt://127.0.0.1:${settings.mqtt.port}`,
    httpUrl: url,
  });
  return startProgram(
    {
      name: totem.totemId,
      main: "firmware/main.ts",
      args: [],
      env: {
        ...demo.env,
        ...own,
        // The panel prints its tickets over HTTPS then, and believes the gateway's own certificate.
        ...(settings.http.tlsCert === null ? {} : { NODE_EXTRA_CA_CERTS: settings.http.tlsCert }),
      },
      logFile: join(plan.dataDir, `${totem.totemId}.log`),
      returns: true,
    },
    onDeath,
  );
}

/** Fills in free ports where any will do, and looks whether the others are free. */
async function withPorts(
  plan: DemoPlan,
  given: Environment,
): Promise<Result<{ plan: DemoPlan; env: Environment; settings: GatewaySettings }, string>> {
  const env = plan.freePorts
    ? { ...given, FACCINE_HTTP_PORT: String(await freePort()), FACCINE_MQTT_PORT: String(await freePort()) }
    : given;
  const totems = await Promise.all(
    plan.totems.map(async (totem) => ({ ...totem, panelPort: totem.panelPort || (await freePort()) })),
  );
  const yaml = readFileSync(SETTINGS_FILE, "utf8");
  const read = readSettings({
    shape: GATEWAY_SETTINGS,
    defaults: GATEWAY_DEFAULTS,
    yaml,
    env: { ...env, FACCINE_DATA_DIR: plan.gatewayDir },
  });
  const problems = read.ok ? settingsProblems(read.value) : read.problem;
  if (!read.ok || problems.length > 0) return fail(problems.map(problemLine).join("\n"));
  const { http, mqtt } = read.value;
  const wanted = [
    { host: http.host, port: http.port, name: "FACCINE_HTTP_PORT" },
    ...(mqtt.url === null ? [{ host: mqtt.host, port: mqtt.port, name: "FACCINE_MQTT_PORT" }] : []),
    ...totems.map((totem) => ({ host: "127.0.0.1", port: totem.panelPort, name: "FACCINE_PANEL_PORT" })),
  ];
  for (const { host, port, name } of wanted) {
    if (await isPortFree(host, port)) continue;
    return fail(
      `port ${port} is taken: set ${name} to a free one, for example ${name}=${await freePort()} npm start`,
    );
  }
  return ok({ plan: { ...plan, totems }, env, settings: read.value });
}
