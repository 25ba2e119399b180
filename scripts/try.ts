/**
 * `npm run try`: the README's requests, one by one: a ticket, a scan, a press, the CSV. On a running demo, or on one of
 * its own in a temporary folder.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planDemo } from "./demo/plan.ts";
import { runDemo } from "./demo/run-demo.ts";
import { type Place, tryVote } from "./demo/try-vote.ts";

const HELP = `npm run try

Makes the README's requests without curl or browser: prints a ticket, scans it, presses the green face and shows the
line of the gateway's CSV that counts it. Uses the demo that \`npm start\` started, or starts its own for a moment.
`;

/** A demo on this machine answers at once; something else that holds the port may never do. */
const ANSWER_MS = 5_000;

if (process.argv.includes("--help")) {
  process.stdout.write(HELP);
} else {
  const place = await runningDemo(process.env);
  process.exitCode = place === null ? await onOwnDemo() : await tryAndTell(place);
}

async function onOwnDemo(): Promise<number> {
  console.log("No demo is running: starting one for this try; its votes are thrown away afterwards …\n");
  const dataDir = mkdtempSync(join(tmpdir(), "faccine-try-"));
  const plan = planDemo([], { FACCINE_DATA_DIR: dataDir, FACCINE_PANEL_PORT: "0" });
  if (!plan.ok) throw new Error(plan.problem);
  const env = { ...process.env, FACCINE_HTTP_HOST: "127.0.0.1", FACCINE_MQTT_URL: "" };
  const demo = await runDemo({
    plan: plan.value,
    env,
    nowMs: Date.now(),
    onDeath: (words) => console.error(words),
  });
  if (!demo.ok) {
    console.error(demo.problem);
    return 1;
  }
  try {
    const { url, panels, credentials } = demo.value;
    return await tryAndTell({ url, panel: panels[0]?.url ?? "", credentials });
  } finally {
    await demo.value.stop();
    rmSync(dataDir, { recursive: true });
  }
}

async function tryAndTell(place: Place): Promise<number> {
  const counted = await tryVote(place, (line) => console.log(line));
  console.log(
    counted ? "\nThe vote is counted." : "\nThe vote did not arrive: see the logs beside credentials.json.",
  );
  return counted ? 0 : 1;
}

/** The demo of this folder, when it answers. */
async function runningDemo(env: NodeJS.ProcessEnv): Promise<Place | null> {
  const file = join(env["FACCINE_DATA_DIR"] || ".data", "credentials.json");
  const url = `http://127.0.0.1:${env["FACCINE_HTTP_PORT"] || 8080}`;
  const panel = `http://127.0.0.1:${env["FACCINE_PANEL_PORT"] || 8081}`;
  if (!existsSync(file)) return null;
  const answers = await Promise.all([`${url}/healthz`, `${panel}/panel/state`].map(isAnswering));
  if (answers.includes(false)) return null;
  return { url, panel, credentials: JSON.parse(readFileSync(file, "utf8")) };
}

function isAnswering(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) }).then(
    (response) => response.ok,
    () => false,
  );
}
