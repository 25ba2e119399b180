/**
 * Keys that hang on two devices, told as one: faces and the service key on lines of their own, reasons on a keypad. Each
 * can fail alone, and says so itself. Refuses to order edges of one by those of the other: each is stamped by the kernel.
 */
import type { WatchableKeys } from "../ports.ts";

export function joinKeys(a: WatchableKeys, b: WatchableKeys): WatchableKeys {
  const watchable = [a, b].flatMap(({ watchContacts }) => watchContacts ?? []);
  return {
    onEdge: (listener) => both(a.onEdge(listener), b.onEdge(listener)),
    onFault: (listener) => both(a.onFault(listener), b.onFault(listener)),
    lostEdges: () => a.lostEdges() + b.lostEdges(),
    ...(watchable.length > 0 && { watchContacts: () => watchedBy(watchable) }),
  };
}

/** Whichever can be watched is; a keypad that the kernel scans shows no contact. */
function watchedBy(watchable: readonly (() => () => void)[]): () => void {
  const ends = watchable.map((watch) => watch());
  return () => {
    for (const end of ends) end();
  };
}

function both(first: () => void, second: () => void): () => void {
  return () => {
    first();
    second();
  };
}
