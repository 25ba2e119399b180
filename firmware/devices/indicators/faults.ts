/**
 * The troubles of one device as its port tells them: each once, and to whoever comes later at once what is broken still.
 */
import type { DeviceFault, Unsubscribe } from "../../ports.ts";

export type Faults = {
  readonly set: (part: string | null, isBroken: boolean) => void;
  readonly has: (part: string | null) => boolean;
  readonly on: (listener: (fault: DeviceFault) => void) => Unsubscribe;
};

export function faultsOf(code: DeviceFault["code"]): Faults {
  const listeners = new Set<(fault: DeviceFault) => void>();
  // As many as the device has parts.
  const broken = new Set<string | null>();
  return {
    set: (part, isBroken) => {
      if (broken.has(part) === isBroken) return;
      if (isBroken) broken.add(part);
      else broken.delete(part);
      for (const listener of listeners) listener({ code, state: isBroken ? "failed" : "recovered", part });
    },
    has: (part) => broken.has(part),
    on: (listener) => {
      listeners.add(listener);
      for (const part of broken) listener({ code, state: "failed", part });
      return () => listeners.delete(listener);
    },
  };
}
