import { describe, expect, it, vi } from "vitest";
import { fail, ok, type Result } from "#schemas/result.ts";
import { openIssuedOnce, REMEMBERED_MAX } from "./issued-once.ts";
import type { IssuedTicket, IssueProblem } from "./issuer.ts";

const KEEP_MS = 60_000;
const ticketNo = (number: number): Result<IssuedTicket, IssueProblem> =>
  ok({ code: `F1${number}`, profile: "signed", minute: 1 });

function opened() {
  let nowMs = 0;
  let issued = 0;
  const once = openIssuedOnce({ nowMs: () => nowMs, keepMs: KEEP_MS });
  const issue = vi.fn(async () => {
    issued += 1;
    return ticketNo(issued);
  });
  return {
    ask: async (key: string, request: object = { service: "anagrafe" }, how = issue) => {
      const answer = await once.issue(key, request, how);
      return answer === null
        ? null
        : `${(answer.ticket.ok ? answer.ticket.value.code : null) ?? "none"}${answer.isAgain ? " again" : ""}`;
    },
    issue,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

describe("a request for a ticket under a key", () => {
  it("issues one ticket, however often it is sent, for as long as the ticket is good", async () => {
    const so = opened();
    expect(await so.ask("a")).toBe("F11");
    so.pass(KEEP_MS - 1);
    expect(await so.ask("a")).toBe("F11 again");
    expect(await so.ask("b")).toBe("F12");
    so.pass(1);
    expect(await so.ask("a")).toBe("F13");
  });

  it("sent twice at once issues one ticket", async () => {
    const so = opened();
    expect(await Promise.all([so.ask("a"), so.ask("a")])).toEqual(["F11", "F11 again"]);
    expect(so.issue).toHaveBeenCalledTimes(1);
  });

  it("is refused when the key was another request's", async () => {
    const so = opened();
    await so.ask("a", { service: "anagrafe" });
    expect(await so.ask("a", { service: "tributi" })).toBeNull();
    expect(await so.ask("a", { service: "anagrafe" })).toBe("F11 again");
  });

  it("that issued nothing, or failed, may be sent again", async () => {
    const so = opened();
    so.issue.mockResolvedValueOnce(fail("unknown-service"));
    expect(await so.ask("a")).toBe("none");
    so.issue.mockRejectedValueOnce(new Error("busy"));
    await expect(so.ask("a")).rejects.toThrow("busy");
    expect(await so.ask("a")).toBe("F11");
  });

  it("is forgotten when very many come after it: what is remembered has an end", async () => {
    const so = opened();
    await so.ask("first");
    for (let count = 0; count < REMEMBERED_MAX; count += 1) await so.ask(`key ${count}`);
    expect(await so.ask("first")).not.toContain("again");
    expect(await so.ask(`key ${REMEMBERED_MAX - 1}`)).toContain("again");
  });
});
