/**
 * The gateway's figures for Prometheus. None of them tells a face, a reason, a key or a ticket (promise 8).
 */
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { IngestorParts } from "./ingest/ingestor.ts";

export type Metrics = {
  readonly counted: IngestorParts["onCounted"];
  readonly refused: (what: string) => void;
  readonly answered: (route: string, status: number, seconds: number) => void;
  /** Sets what is read anew at each scrape. */
  readonly note: (fleet: {
    readonly totems: number;
    readonly online: number;
    readonly alarms: number;
  }) => void;
  readonly text: () => Promise<string>;
  readonly contentType: string;
};

export function openMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const ingested = new Counter({
    name: "faccine_ingested_total",
    help: "Entries and batches stored, commits they took, duplicates, and batches and messages quarantined",
    labelNames: ["what"],
    registers,
  });
  const refused = new Counter({
    name: "faccine_broker_refused_total",
    help: "Connections, credentials, publishes and subscriptions refused by the embedded broker",
    labelNames: ["what"],
    registers,
  });
  const requests = new Histogram({
    name: "faccine_http_seconds",
    help: "HTTP requests by route and status",
    labelNames: ["route", "status"],
    buckets: [0.005, 0.02, 0.05, 0.2, 1, 5],
    registers,
  });
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const totems = gauge("faccine_totems", "Registered totems");
  const online = gauge("faccine_totems_online", "Totems that say they are there");
  const alarms = gauge("faccine_alarms", "Alarms raised and not cleared");
  const resident = gauge("faccine_resident_bytes", "Resident memory of the gateway");
  return {
    counted: (what, count) => ingested.inc({ what }, count),
    refused: (what) => refused.inc({ what }),
    answered: (route, status, seconds) => requests.observe({ route, status: String(status) }, seconds),
    note: (fleet) => {
      totems.set(fleet.totems);
      online.set(fleet.online);
      alarms.set(fleet.alarms);
      resident.set(process.memoryUsage.rss());
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
