/**
 * A johnny-five board on the header's lines, made so that it keeps to itself: no prompt on the terminal, nothing printed,
 * and no handler of SIGINT that would end the process before what is being written is on the disk.
 */
import type { Five, FiveBoard } from "./five.ts";
import type { GpiochipIO } from "./gpiochip-io.ts";

/** johnny-five's own patience with a board that does not become ready; the plugin needs one turn of the loop. */
const READY_MS = 10_000;

/** Resolves when parts can be put on the board. It is made once: johnny-five never forgets one. */
export function openBoard(five: Five, io: GpiochipIO): Promise<FiveBoard> {
  return new Promise((resolve, reject) => {
    const board = new five.Board({ io, repl: false, debug: false, sigint: false, timeout: READY_MS });
    // Stays for ever: an `error` that nobody hears would end the process. Lost lines are told by the plugin's `lost`.
    board.on("error", (said) => reject(said instanceof Error ? said : new Error("the board is not ready")));
    board.once("ready", () => resolve(board));
  });
}
