/**
 * Tells faults to whoever listens, each once, and remembers those that last, for who comes later.
 */
import type { FaultCode } from "#schemas/fault-codes.ts";
import type { DeviceFault, Unsubscribe } from "../../ports.ts";

export class FaultTeller {
  readonly #listeners = new Set<(fault: DeviceFault) => void>();
  readonly #lasting = new Set<FaultCode>();

  onFault(listener: (fault: DeviceFault) => void): Unsubscribe {
    this.#listeners.add(listener);
    for (const code of this.#lasting) listener({ code, state: "failed", part: null });
    return () => this.#listeners.delete(listener);
  }

  tell(code: FaultCode, state: DeviceFault["state"]): void {
    if (this.isLasting(code) === (state === "failed")) return;
    if (state === "failed") this.#lasting.add(code);
    else this.#lasting.delete(code);
    for (const listener of this.#listeners) listener({ code, state, part: null });
  }

  isLasting(code: FaultCode): boolean {
    return this.#lasting.has(code);
  }

  close(): void {
    this.#listeners.clear();
  }
}
