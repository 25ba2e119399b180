/**
 * Keys that hang on two devices, told as one: faces and the service key on lines of their own, reasons on a keypad. Each
 * can fail alone, and says so itself. Refuses to order edges of one by those of the other: each is stamped by the kernel.
 */
import type { Keys } from "../ports.ts";

export function joinKeys(a: Keys, b: Keys): Keys {
  return {
    onEdge: (listener) => both(a.onEdge(listener), b.onEdge(listener)),
    onFault: (listener) => both(a.onFault(listener), b.onFault(listener)),
    lostEdges: () => a.lostEdges() + b.lostEdges(),
  };
}

function both(first: () => void, second: () => void): () => void {
  return () => {
    first();
    second();
  };
}
