/**
 * A journal for the session's world: answers requests in the order they came, as one thread does, or fails, or stalls.
 * It demands what a real journal would only refuse: one vote for each ticket, and no change of a sealed vote.
 */
import type { Mode } from "#schemas/code-list.ts";
import type { Draft, Event, JournalFailure } from "./events.ts";
import { good, ticket, used } from "./session.fixture.ts";

/** `prompt` answers at once; `stalled` only when told to; the others fail, `torn` after it has stored all the same. */
export type Condition = "prompt" | "stalled" | "journal-failed" | "disk-full" | "torn";

export type Request =
  | { readonly type: "commit"; readonly draft: Draft }
  | { readonly type: "seal" }
  | { readonly type: "probe" }
  | { readonly type: "judge"; readonly ticket: number; readonly mode: Mode };

/** An event whose time its receiver knows. */
export type Untimed = Event extends infer E ? (E extends Event ? Omit<E, "atMs"> : never) : never;

export class WorldJournal {
  readonly #onEvent: (event: Untimed) => void;
  #condition: Condition = "prompt";
  #requests: Request[] = [];
  #judged = 0;
  #draft: Draft | null = null;
  readonly #sealed = new Map<string, Draft>();
  readonly #spentBy = new Map<string, string>();

  constructor(onEvent: (event: Untimed) => void) {
    this.#onEvent = onEvent;
  }

  /** A vote as it stands on the disk. */
  stored(voteId: string): Draft | null {
    return this.#draft?.voteId === voteId ? this.#draft : (this.#sealed.get(voteId) ?? null);
  }

  isSpent(mark: string | null): boolean {
    return mark !== null && this.#spentBy.has(mark);
  }

  sealedVotes(): number {
    return this.#sealed.size;
  }

  becomes(condition: Condition): void {
    this.#condition = condition;
    if (condition !== "stalled") this.answer(Number.POSITIVE_INFINITY);
  }

  ask(request: Request): void {
    // One probe at a time, as the totem does it.
    if (request.type === "probe" && this.#requests.some(({ type }) => type === "probe")) return;
    this.#requests.push(request);
    if (this.#condition !== "stalled" && this.#requests.length === 1) this.answer(Number.POSITIVE_INFINITY);
  }

  /** Answers this many of the waiting requests; what an answer asks for in its turn waits behind the others. */
  answer(requests: number): void {
    for (let answered = 0; answered < requests; answered += 1) {
      const [request] = this.#requests;
      if (request === undefined) return;
      const event = this.#outcome(request, this.#condition === "stalled" ? "prompt" : this.#condition);
      if (event !== null) this.#onEvent(event);
      this.#requests.shift();
    }
  }

  /** What was asked for is forgotten; the request being carried out may or may not have been completed. */
  losePower(completes: boolean): void {
    const [running] = this.#requests;
    if (completes && running?.type === "commit") this.#commits(running.draft);
    if (completes && running?.type === "seal") this.#seals();
    this.#requests = [];
  }

  /** Nothing a commit has stored is lost once the session is over. */
  demandAllSealed(): void {
    demand(this.#draft === null, "a committed draft is never sealed");
    for (const voteId of this.#spentBy.values()) {
      demand(this.#sealed.has(voteId), "a committed vote is not in the chain");
    }
  }

  #outcome(request: Request, condition: Exclude<Condition, "stalled">) {
    const stores = condition === "prompt" || condition === "torn";
    const cause: JournalFailure = condition === "disk-full" ? "disk-full" : "journal-failed";
    switch (request.type) {
      case "commit":
        if (stores) this.#commits(request.draft);
        return condition === "prompt"
          ? ({ type: "draft-committed", voteId: request.draft.voteId } as const)
          : ({ type: "draft-failed", voteId: request.draft.voteId, cause } as const);
      case "seal":
        if (stores) this.#seals();
        return condition === "prompt" ? null : ({ type: "storage-failed", cause } as const);
      case "probe":
        return { type: condition === "prompt" ? "journal-works" : "journal-still-fails" } as const;
      case "judge":
        this.#judged += 1;
        if (condition !== "prompt") return { type: "storage-failed", cause } as const;
        return {
          type: "ticket-judged",
          judgement: this.#spentBy.has(ticket(request.ticket).mark ?? "")
            ? used(request.ticket)
            : good(request.ticket, request.mode),
          length: 133,
          freshId: `judged-${this.#judged}`,
          afterHours: false,
        } as const;
    }
  }

  #commits(draft: Draft): void {
    if (this.#draft !== null && this.#draft.voteId !== draft.voteId) this.#seals();
    const { mark } = draft.ticket;
    if (mark !== null) {
      const before = this.#spentBy.get(mark) ?? draft.voteId;
      demand(before === draft.voteId, "two votes for one ticket");
      this.#spentBy.set(mark, draft.voteId);
    }
    demand(!this.#sealed.has(draft.voteId), "a sealed vote is changed");
    this.#draft = draft;
  }

  #seals(): void {
    if (this.#draft !== null) this.#sealed.set(this.#draft.voteId, this.#draft);
    this.#draft = null;
  }
}

export function demand(kept: boolean, broken: string): asserts kept {
  if (!kept) throw new Error(broken);
}
