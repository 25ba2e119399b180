/**
 * The peer every integrator would write first: votes as single MQTT messages, a subscriber that inserts each as it
 * comes. No signature, no chain, no receipt, no counters. Run as its own process: `plain-peer.ts DATABASE`.
 */
import { createServer } from "node:net";
import { Aedes } from "aedes";
import Database from "better-sqlite3";
import { connect } from "mqtt";

/** What the peer's votes are published on. */
export const PLAIN_TOPIC = "votes";

type PlainVote = {
  readonly id: string;
  readonly service: string;
  readonly face: string;
  readonly wallMs: number;
};

if (process.argv[1] === import.meta.filename) await serve(process.argv[2] ?? "plain.db");

async function serve(databaseFile: string): Promise<void> {
  const database = new Database(databaseFile);
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.exec(
    "CREATE TABLE vote (id TEXT PRIMARY KEY, service TEXT NOT NULL, face TEXT NOT NULL, wall_ms INTEGER NOT NULL)",
  );
  const put = database.prepare("INSERT OR IGNORE INTO vote VALUES (@id, @service, @face, @wallMs)");
  const broker = await Aedes.createBroker();
  const server = createServer((socket) => broker.handle(socket));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const client = connect(`mqtt://127.0.0.1:${port}`);
  client.on("message", (_, payload) => put.run(JSON.parse(payload.toString("utf8")) as PlainVote));
  await client.subscribeAsync(PLAIN_TOPIC, { qos: 1 });
  // The same shape as our programs' log lines, which the bench waits for.
  process.stdout.write(`${JSON.stringify({ event: "ready", time: Date.now(), port })}\n`);
}
