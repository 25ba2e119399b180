/**
 * What a program of the lab's machine tells the host: one line of JSON each, on the console.
 */
import { readFileSync } from "node:fs";

/** Tells the host something. */
export function report(what: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`@@${JSON.stringify(what)}\n`);
}

/** One thing that was looked at, and whether it was so. */
export function check(name: string, ok: boolean, detail = ""): void {
  report({ check: name, ok, detail });
}

/** A figure for the lab's table. */
export function figure(name: string, value: number, unit: string): void {
  report({ figure: name, value, unit });
}

/** What the host told this program. */
export function readJob<T>(): T {
  const file = process.env["LAB_JOB"];
  if (file === undefined) throw new Error("this program runs in the lab's machine: see machine.ts");
  return JSON.parse(readFileSync(file, "utf8")) as T;
}
