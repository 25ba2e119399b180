/**
 * Reads a public proof from a folder or a web address. Every text is bounded and checked against its shape: it comes from outside.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  LATE_VOTES,
  type LateVotes,
  LOG_CHECKPOINT,
  LOG_ENTRY,
  MONTH_PROOF,
  type MonthProof,
} from "#schemas/public-log.ts";
import { hex, list, pattern, record, type Shape, shape } from "#schemas/shape.ts";
import type { PublishedLine, PublishedLog } from "./check-log.ts";

/** A file of a proof: twenty years of a large administration's log stay below it, and Node can hold it as one text. */
const FILE_BYTES_MAX = 500_000_000;
/** Months of fifty years. */
const MONTHS_MAX = 600;

const GATEWAY = shape("proof-gateway", record({ publicKey: hex(32) }));
const INDEX = shape(
  "proof-index",
  record({ months: list(pattern("^\\d{4}-(0[1-9]|1[0-2])$", 7), MONTHS_MAX) }),
);

export type ReadProof = {
  readonly log: PublishedLog;
  readonly months: readonly MonthProof[];
  readonly late: LateVotes["late"];
};

/** Gives a file's text by its name in the proof. @throws when there is none. */
export type ProofFiles = (name: string) => Promise<string>;

/** @throws with the file and the line when something cannot be read. */
export async function readProof(files: ProofFiles): Promise<ReadProof> {
  const { months } = parsed(INDEX, await files("index.json"), "index.json");
  const { publicKey } = parsed(GATEWAY, await files("gateway.json"), "gateway.json");
  const lines = linesIn(await files("log.ndjson"));
  const checkpoints = linesIn(await files("checkpoints.ndjson"));
  const proofs: MonthProof[] = [];
  for (const month of months) {
    const name = `months/${month}.json`;
    const proof = parsed(MONTH_PROOF, await files(name), name);
    if (proof.month !== month) throw new Error(`${name}: is the proof of ${proof.month}`);
    proofs.push(proof);
  }
  return {
    log: {
      gatewayKey: publicKey,
      lines: lines.map((line, at) => readLine(line, `log.ndjson, line ${at + 1}`)),
      checkpoints: checkpoints.map((line, at) =>
        parsed(LOG_CHECKPOINT, line, `checkpoints.ndjson, line ${at + 1}`),
      ),
    },
    months: proofs,
    late: parsed(LATE_VOTES, await files("late.json"), "late.json").late,
  };
}

/** The files of a folder. */
export function filesOfFolder(folder: string): ProofFiles {
  return async (name) => {
    const file = join(folder, name);
    if (!existsSync(file)) throw new Error(`${file}: no such file; is ${folder} the folder of a proof?`);
    if (statSync(file).size > FILE_BYTES_MAX) throw new Error(`${file}: is larger than any proof`);
    return readFileSync(file, "utf8");
  };
}

/** The files below a web address. */
export function filesOfAddress(address: string): ProofFiles {
  const base = address.endsWith("/") ? address : `${address}/`;
  return async (name) => {
    const url = new URL(name, base);
    const response = await fetch(url).catch(() => {
      throw new Error(`${url.href}: nothing answers there`);
    });
    if (!response.ok) throw new Error(`${url.href}: the server answered ${response.status}`);
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of response.body ?? []) {
      bytes += part.length;
      if (bytes > FILE_BYTES_MAX) throw new Error(`${url.href}: is larger than any proof`);
      parts.push(part);
    }
    return Buffer.concat(parts).toString("utf8");
  };
}

function linesIn(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}

function readLine(text: string, where: string): PublishedLine {
  const value = jsonOf(text, where) as { no?: unknown; head?: unknown; entry?: unknown } | null;
  const { no, head } = value ?? {};
  if (typeof no !== "number" || typeof head !== "string")
    throw new Error(`${where}: has no number or no head`);
  const entry = LOG_ENTRY.parse(value?.entry);
  if (!entry.ok) throw new Error(`${where}: ${entry.problem.where} ${entry.problem.expected}`);
  return { no, head, entry: entry.value };
}

function parsed<T>(as: Shape<T>, text: string, where: string): T {
  const result = as.parse(jsonOf(text, where));
  if (result.ok) return result.value;
  throw new Error(`${where}: ${result.problem.where} ${result.problem.expected}`);
}

function jsonOf(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${where}: is not JSON`);
  }
}
