/**
 * In the browser: keeps the figures of today up to date. The page is complete without it. Served with its types blanked out.
 */
type Face = "valid" | "green" | "yellow" | "red";
type View = {
  readonly day: string;
  readonly addsUp: boolean;
  readonly places: Readonly<Record<string, Readonly<Record<Face, number | null>>>>;
};

const FACES: readonly Face[] = ["valid", "green", "yellow", "red"];
const board = element("today");
const state = element("live-state");
const total = element("votes-today");
const number = new Intl.NumberFormat(document.documentElement.lang, { useGrouping: "always" });

const events = new EventSource("/live");
events.addEventListener("open", () => tell(true));
events.addEventListener("error", () => tell(false));
events.addEventListener("message", (event) => show(JSON.parse(event.data) as View));

function show(view: View): void {
  // Another day, or the sums no longer add up: the page has other words for that.
  if (view.day !== board.dataset["day"] || String(view.addsUp) !== board.dataset["addsUp"]) location.reload();
  let votes = 0;
  for (const row of board.querySelectorAll<HTMLElement>("[data-place]")) {
    const figures = view.places[row.dataset["place"] ?? ""];
    if (figures === undefined) continue;
    votes += figures.valid ?? 0;
    for (const face of FACES) write(row.querySelector<HTMLElement>(`[data-figure="${face}"]`), figures[face]);
  }
  total.textContent = number.format(votes);
}

function write(cell: HTMLElement | null, figure: number | null): void {
  const text = figure === null ? board.dataset["hidden"] : number.format(figure);
  if (cell === null || text === undefined || cell.textContent === text) return;
  cell.textContent = text;
  cell.classList.remove("moved");
  // Looked at, so that the style begins anew.
  cell.getBoundingClientRect();
  cell.classList.add("moved");
}

function tell(isLive: boolean): void {
  state.textContent = state.dataset[isLive ? "on" : "off"] ?? "";
  state.classList.toggle("on", isLive);
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
}
