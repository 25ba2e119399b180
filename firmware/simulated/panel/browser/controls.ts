/**
 * Joins the page's controls to the totem: each only asks; what came of it arrives with the next state. What was not
 * accepted is said in the notice.
 */
import type { Key } from "#schemas/code-list.ts";
import type { PageWords } from "../page-words.ts";
import { byId, setText } from "./elements.ts";
import { post } from "./post.ts";
import { DIGIT_KEYS } from "./shown.ts";

/** Asks the totem for something; null when it was not accepted. `problem` says so in words. */
export type Ask = (action: string, body: object, problem?: string) => Promise<unknown>;

export function openAsk({ panel }: PageWords): Ask {
  return async (action, body, problem = panel.problems.refused) => {
    const answer = await post(action, body);
    if (answer.ok) {
      setText("notice", "");
      return answer.body;
    }
    setText("notice", answer.status === 0 ? panel.problems.off : `${problem} ${answer.message}`);
    return null;
  };
}

/** The totem's keys, and the keyboard's for whoever allowed them. `onPress` is told first. */
export function joinKeys(ask: Ask, onPress: (key: Key) => void): void {
  const press = (key: Key) => {
    onPress(key);
    void ask("press", { key });
  };
  for (const button of document.querySelectorAll<HTMLElement>("button[data-key]")) {
    button.addEventListener("click", () => press(button.dataset["key"] as Key));
  }
  document.addEventListener("keydown", (event) => {
    const key = DIGIT_KEYS[event.key];
    const isTyping = event.target instanceof HTMLInputElement && event.target.type !== "checkbox";
    const withModifier = event.ctrlKey || event.altKey || event.metaKey;
    if (key === undefined || isTyping || withModifier || event.repeat) return;
    if (byId("allow-digits", HTMLInputElement).checked) press(key);
  });
}

/** Cables, jammed keys, the clock and the power. */
export function joinWorld(ask: Ask, { panel }: PageWords): void {
  joinToggle("network-plugged", (plugged) => ask("network", { plugged }));
  joinToggle("scanner-plugged", (plugged) => ask("scanner", { plugged }));
  joinToggle("headphones-plugged", (plugged) => ask("headphones", { plugged }));
  for (const box of document.querySelectorAll<HTMLInputElement>("#jams input")) {
    joinToggle(box.id, (jammed) => ask("jam", { key: box.id.slice("jam-".length), jammed }));
  }
  byId("clock-form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    const offset = byId("clock-offset", HTMLInputElement).valueAsNumber;
    const synchronized = byId("clock-synchronized", HTMLInputElement).checked;
    void ask("clock", { offsetMs: offset * 60_000, synchronized }, panel.clock.wrongOffset);
  });
  byId("cut-power", HTMLButtonElement).addEventListener("click", async () => {
    // Nobody answers a power cut: silence is the expected outcome.
    const answer = await post("power", { cut: true });
    setText("notice", answer.ok ? "" : panel.power.wasCut);
  });
}

/** A check box that follows the totem's state, not the finger: it goes back when the totem did not accept. */
function joinToggle(id: string, change: (checked: boolean) => Promise<unknown>): void {
  const box = byId(id, HTMLInputElement);
  box.addEventListener("change", async () => {
    const { checked } = box;
    box.dataset["asking"] = "";
    const answer = await change(checked);
    delete box.dataset["asking"];
    if (answer === null) box.checked = !checked;
  });
}
