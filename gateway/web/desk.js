// Prints the receipt by itself and goes on to the next citizen. Without it, both are done by hand.
// A page that is left at once takes its print with it: a second is enough to hand it over.
addEventListener("load", () => print());
addEventListener("afterprint", () => setTimeout(() => location.assign(`/desk${location.search}`), 1_000));
