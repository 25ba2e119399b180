/**
 * Tells a device's faults to whoever listens, each once, and remembers those that last for who comes later. A fault is its
 * code and its part.
 */
import type { DeviceFault, Unsubscribe } from "../ports.ts";

export class FaultTeller {
  readonly #listeners = new Set<(fault: DeviceFault) => void>();
  // As many as the device has codes and parts.
  readonly #lasting = new Map<string, DeviceFault>();

  onFault(listener: (fault: DeviceFault) => void): Unsubscribe {
    this.#listeners.add(listener);
    for (const fault of this.#lasting.values()) listener(fault);
    return () => this.#listeners.delete(listener);
  }

  tell(code: DeviceFault["code"], state: DeviceFault["state"], part: string | null = null): void {
    if (this.isLasting(code, part) === (state === "failed")) return;
    const fault: DeviceFault = { code, state, part };
    if (state === "failed") this.#lasting.set(nameOf(code, part), fault);
    else this.#lasting.delete(nameOf(code, part));
    for (const listener of this.#listeners) listener(fault);
  }

  isLasting(code: DeviceFault["code"], part: string | null = null): boolean {
    return this.#lasting.has(nameOf(code, part));
  }

  close(): void {
    this.#listeners.clear();
  }
}

function nameOf(code: DeviceFault["code"], part: string | null): string {
  return `${code} ${part ?? ""}`;
}
