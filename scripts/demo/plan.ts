/**
 * What a demo consists of: folders, ports and each program's environment. Pure: the environment is passed in.
 */
import { join } from "node:path";
import { fail, ok, type Result } from "#schemas/result.ts";

export type TotemPlan = {
  readonly totemId: string;
  readonly dataDir: string;
  readonly panelPort: number;
};

export type DemoPlan = {
  /** Everything the demo keeps, credentials.json among it. */
  readonly dataDir: string;
  readonly gatewayDir: string;
  readonly siteId: string;
  readonly totems: readonly TotemPlan[];
  /** Nine invented months are lived through before the first start. */
  readonly history: boolean;
  /** Whether the ports may be any free ones: for tests and for `npm run try`. */
  readonly freePorts: boolean;
};

/** Ports, processes and memory: fifty totems are about 5 GiB. */
const TOTEMS_MAX = 50;

/** Panels from 8081 on, beside the gateway's 8080. */
const FIRST_PANEL_PORT = 8081;

export const DEMO_HELP = `npm start [-- --totems N --history]

Starts a gateway and N virtual totems (default 1, at most ${TOTEMS_MAX}) as separate processes, on this machine only.
Press their keys in the browser. Ctrl-C ends everything; what was voted stays.

  --totems N    how many virtual totems
  --history     before the first start, nine invented months are lived through: votes, statements, closed days, and the proof of
                them (a few minutes; check it with: node scripts/faccine.mjs verify --demo)
  --help        this text

  FACCINE_DATA_DIR    where everything is kept (.data)
  FACCINE_HTTP_PORT   the gateway's page and API (8080)
  FACCINE_MQTT_PORT   the embedded broker (1883)
  FACCINE_PANEL_PORT  the first totem's panel (8081); the others follow
`;

/** Reads the command line and the environment, or says what is wrong with them. */
export function planDemo(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Result<DemoPlan, string> {
  const count = totemCount(args);
  if (count === null) return fail(`--totems: must be a whole number from 1 to ${TOTEMS_MAX}`);
  const unknown = args.find(
    (arg, index) =>
      arg !== "--history" && arg !== "--totems" && args[index - 1] !== "--totems" && !/^--totems=/.test(arg),
  );
  if (unknown !== undefined) return fail(`${unknown}: not known; see --help`);
  const port = Number(env["FACCINE_PANEL_PORT"] || FIRST_PANEL_PORT);
  if (!Number.isInteger(port) || port < 0 || port + count > 65_536) {
    return fail(
      `FACCINE_PANEL_PORT = ${env["FACCINE_PANEL_PORT"]}: must be a port number with room for ${count} more`,
    );
  }
  const dataDir = env["FACCINE_DATA_DIR"] || ".data";
  return ok({
    dataDir,
    gatewayDir: join(dataDir, "gateway"),
    siteId: "municipio",
    history: args.includes("--history"),
    freePorts: port === 0,
    totems: Array.from({ length: count }, (_, index) => ({
      totemId: `totem-${index + 1}`,
      dataDir: join(dataDir, `totem-${index + 1}`),
      panelPort: port === 0 ? 0 : port + index,
    })),
  });
}

function totemCount(args: readonly string[]): number | null {
  const at = args.findIndex((arg) => arg === "--totems" || arg.startsWith("--totems="));
  if (at < 0) return 1;
  const text = args[at] === "--totems" ? args[at + 1] : args[at]?.slice("--totems=".length);
  const count = Number(text);
  return Number.isInteger(count) && count >= 1 && count <= TOTEMS_MAX ? count : null;
}

/** One totem's environment. */
export function totemEnvironment(
  totem: TotemPlan,
  gateway: {
    readonly siteId: string;
    readonly publicKey: string;
    readonly mqttUrl: string;
    readonly httpUrl: string;
  },
): Readonly<Record<string, string>> {
  return {
    FACCINE_TOTEM_ID: totem.totemId,
    FACCINE_SITE_ID: gateway.siteId,
    FACCINE_DATA_DIR: totem.dataDir,
    FACCINE_MQTT_URL: gateway.mqttUrl,
    FACCINE_GATEWAY_PUBLIC_KEY: gateway.publicKey,
    FACCINE_PANEL_PORT: String(totem.panelPort),
    FACCINE_SIMULATED_ISSUER_URL: `${gateway.httpUrl}/api/v1/tickets`,
    FACCINE_SIMULATED_ISSUER_TOKEN_FILE: issuerTokenFile(totem),
  };
}

/** Where a virtual totem keeps the token it prints tickets with. */
export function issuerTokenFile(totem: TotemPlan): string {
  return join(totem.dataDir, "issuer.token");
}
