/**
 * Asks the gateway for a report as any client does, and reads it to its end without keeping it.
 */
import type { TownGateway } from "./town-gateway.ts";

export type Answered = {
  /** From the request to the last byte. */
  readonly ms: number;
  readonly bytes: number;
  readonly lines: number;
};

/** @param keep handed every piece as it comes. @throws when the gateway refuses. */
export async function askReport(
  gateway: Pick<TownGateway, "url" | "token">,
  query: Readonly<Record<string, string>>,
  keep: (piece: Uint8Array) => void = () => undefined,
): Promise<Answered> {
  const startMs = performance.now();
  const response = await fetch(`${gateway.url}/api/v1/reports/aggregate.csv?${new URLSearchParams(query)}`, {
    headers: { authorization: `Bearer ${gateway.token}` },
  });
  if (!response.ok || response.body === null) {
    throw new Error(`the gateway answered ${response.status}: ${await response.text()}`);
  }
  let bytes = 0;
  let lines = 0;
  for await (const piece of response.body) {
    bytes += piece.length;
    lines += linesIn(piece);
    keep(piece);
  }
  return { ms: performance.now() - startMs, bytes, lines };
}

/** Line ends in some bytes. */
export function linesIn(piece: Uint8Array): number {
  let lines = 0;
  for (let at = piece.indexOf(LINE_FEED); at >= 0; at = piece.indexOf(LINE_FEED, at + 1)) lines += 1;
  return lines;
}

const LINE_FEED = 10;
