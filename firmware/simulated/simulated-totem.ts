/**
 * All simulated devices of one virtual totem, and the cable to its broker.
 */
import { monotonicNowUs } from "../clock/machine-clock.ts";
import { type SimulatedClock, simulatedClock } from "./simulated-clock.ts";
import { type SimulatedIndicators, simulatedIndicators } from "./simulated-indicators.ts";
import { type SimulatedKeys, simulatedKeys } from "./simulated-keys.ts";
import { type SimulatedNetwork, simulatedNetwork } from "./simulated-network.ts";
import { type SimulatedScanner, simulatedScanner } from "./simulated-scanner.ts";

export type SimulatedTotem = {
  readonly clock: SimulatedClock;
  readonly keys: SimulatedKeys;
  readonly scanner: SimulatedScanner;
  readonly indicators: SimulatedIndicators;
  readonly network: SimulatedNetwork;
  /** The broker's address by way of the simulated cable. */
  readonly mqttUrl: string;
  readonly close: () => Promise<void>;
};

/** MQTT's registered ports (IANA). */
const MQTT_PORT = { "mqtt:": 1883, "mqtts:": 8883 } as const;

/** Plugs everything in. */
export async function simulatedTotem(options: {
  readonly mqttUrl: string;
  readonly bounces: boolean;
}): Promise<SimulatedTotem> {
  const broker = new URL(options.mqttUrl);
  const defaultPort = MQTT_PORT[broker.protocol as keyof typeof MQTT_PORT];
  const network = await simulatedNetwork({
    // An IPv6 address stands in brackets in a URL, and nowhere else.
    host: broker.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: broker.port === "" ? defaultPort : Number(broker.port),
  });
  const keys = simulatedKeys({
    nowMs: () => monotonicNowUs() / 1_000,
    random: Math.random,
    bounces: options.bounces,
  });
  const scanner = simulatedScanner();
  return {
    clock: simulatedClock(),
    keys,
    scanner,
    indicators: simulatedIndicators(),
    network,
    mqttUrl: `${broker.protocol}//127.0.0.1:${network.port}`,
    close: async () => {
      keys.close();
      scanner.close();
      await network.close();
    },
  };
}
