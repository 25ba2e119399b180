/**
 * The page that checks a proof: takes its address, shows how far the check is and what it found. All texts come with the page itself.
 */
import type { Told } from "./worker.ts";

const form = element<HTMLFormElement>("#check");
const address = element<HTMLInputElement>("#address");
const key = element<HTMLInputElement>("#key");
const verdict = element("#verdict");
const found = element("#found");
const bar = element<HTMLProgressElement>("#progress");
const text = (name: string) => document.body.dataset[name] ?? "";
let running: Worker | null = null;

address.value = new URL(new URLSearchParams(location.search).get("proof") ?? "../proof/", location.href).href;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  start();
});

function start(): void {
  running?.terminate();
  found.replaceChildren();
  show("running", text("running"));
  const base = address.value.endsWith("/") ? address.value : `${address.value}/`;
  running = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  running.addEventListener("message", ({ data }: MessageEvent<Told>) => take(data));
  running.addEventListener("error", () => show("bad", text("failed")));
  bar.hidden = false;
  bar.removeAttribute("value");
  if (URL.canParse(base)) running.postMessage(base);
  else take({ kind: "failed", why: base });
}

function take(told: Told): void {
  switch (told.kind) {
    case "progress":
      bar.max = told.of;
      bar.value = told.done;
      return;
    case "log":
      say(filled("log", { lines: told.lines, statements: told.statements }));
      for (const silent of told.missing) say(filled("missing", { silent }));
      return;
    case "month":
      say(filled(told.wrong === 0 ? "month" : "monthWrong", { month: told.month, figures: told.figures }));
      return;
    case "late":
      say(filled("late", { month: told.month, votes: told.votes }));
      return;
    case "failed":
      bar.hidden = true;
      show("bad", `${text("failed")} ${told.why}`);
      return;
    case "done": {
      bar.hidden = true;
      const expected = key.value.trim();
      const wrong =
        expected === "" || expected === told.key
          ? told.wrong
          : [filled("otherKey", { key: told.key }), ...told.wrong];
      for (const what of wrong) say(what, "bad");
      show(
        wrong.length === 0 ? "good" : "bad",
        wrong.length === 0 ? text("holds") : filled("wrong", { count: wrong.length }),
      );
    }
  }
}

function say(line: string, kind = ""): void {
  const item = document.createElement("li");
  item.textContent = line;
  item.className = kind;
  found.append(item);
}

function show(kind: string, line: string): void {
  verdict.dataset["kind"] = kind;
  verdict.textContent = line;
}

function filled(name: string, values: Readonly<Record<string, string | number>>): string {
  return text(name).replace(/\{(\w+)\}/g, (_, value: string) => String(values[value] ?? ""));
}

function element<T extends HTMLElement = HTMLElement>(selector: string): T {
  const one = document.querySelector<T>(selector);
  if (one === null) throw new Error(`no ${selector}`);
  return one;
}
