/**
 * Guest, the peer of the latency scenario: the least a program can do with a key. It takes one line with the same debounce and
 * lights one lamp while it is closed; no session, no journal, no johnny-five.
 */
import { gpioBackEnd } from "#firmware/devices/gpio/open-lines.ts";
import { lineOffset } from "#hardware/pins.ts";
import { KEY_PINS, LAMP_PINS } from "#hardware/wiring.ts";

const backEnd = gpioBackEnd({ labels: ["pinctrl-bcm2711"], isSettled: true });
const lamp = lineOffset(LAMP_PINS.green);
const outputs = backEnd.openOutputs(new Map([[lamp, 0]]));
backEnd.openInputs({
  offsets: [lineOffset(KEY_PINS.green)],
  activeLow: true,
  bias: "pull-up",
  debounceMs: 10,
  onEdges: (edges) => {
    for (const { active } of edges) outputs.write(new Map([[lamp, active ? 1 : 0]]));
  },
  onLost: (error) => {
    throw error;
  },
});
process.stdout.write("ready\n");
