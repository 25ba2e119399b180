/**
 * Follows the totem's event stream, and finds it again after a power cut. The browser's own reconnection is not used:
 * it gives up for good when a totem answers with an error.
 */
import type { PanelState } from "#schemas/panel.ts";
import { isSilent, retryMs } from "./retry.ts";

const WATCH_MS = 500;

export type Following = {
  readonly onState: (state: PanelState) => void;
  /** Called when the totem is lost, once, until it speaks again. */
  readonly onSilence: () => void;
};

export function followTotem({ onState, onSilence }: Following): void {
  let source: EventSource | null = null;
  let failures = 0;
  let lastMs = performance.now();
  let silent = false;
  let retry: number | undefined;

  const leave = () => {
    source?.close();
    source = null;
    clearTimeout(retry);
  };
  const lost = () => {
    leave();
    if (!silent) onSilence();
    silent = true;
    retry = window.setTimeout(join, retryMs(failures, Math.random()));
    failures += 1;
  };
  const join = () => {
    leave();
    lastMs = performance.now();
    source = new EventSource("/panel/events");
    source.onmessage = (event: MessageEvent<string>) => {
      lastMs = performance.now();
      failures = 0;
      silent = false;
      onState(JSON.parse(event.data) as PanelState);
    };
    source.onerror = lost;
  };
  setInterval(() => {
    if (source !== null && isSilent(lastMs, performance.now())) lost();
  }, WATCH_MS);
  // Browsers allow six connections to one host: a page nobody looks at gives its own back.
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : join()));
  join();
}
