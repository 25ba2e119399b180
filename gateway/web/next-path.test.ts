import fc from "fast-check";
import { expect, it } from "vitest";
import { nextPath, signInPath } from "./next-path.ts";

const BASE = "https://gateway.example";

it("Whoever signs in is sent on to where they wanted to go", () => {
  for (const path of ["/", "/fleet", "/trends?from=2026-01&to=2026-03&lang=en", "/a%20b"])
    expect(nextPath(path)).toBe(path);
  expect(signInPath("/fleet?lang=en", "en")).toBe("/sign-in?lang=en&next=%2Ffleet%3Flang%3Den");
  expect(signInPath("/", "it")).toBe("/sign-in?lang=it");
});

it.each([
  ...[
    "//evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "evil.example",
  ],
  ...[
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "/%0a\r\nset-cookie: x",
    "/./\\evil.example",
    "/..//evil.example",
  ],
  ...[
    "/.//evil.example",
    "/sign-out",
    "/enter?key=x",
    "/sign-in?next=/sign-in",
    "/è",
    "",
    `/${"x".repeat(1_000)}`,
  ],
])("Nobody is sent on to %j", (path) => {
  expect(nextPath(path)).toBe("/");
});

it("Nobody is ever sent to another site, whatever is asked for", () => {
  const hostile = fc.array(
    fc.constantFrom(
      "/",
      "\\",
      ".",
      "..",
      "@",
      ":",
      "\t",
      "\n",
      "evil.example",
      "?",
      "#",
      "%2f",
      "http:",
      "a",
    ),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl(),
        hostile.map((parts) => parts.join("")),
      ),
      (text) => {
        const next = nextPath(text);
        expect(new URL(next, BASE).origin).toBe(BASE);
        expect(next).toMatch(/^\/(?![/\\])[!-~]*$/);
        // A proxy or browser that reads it again comes to the same.
        expect(nextPath(next)).toBe(next);
      },
    ),
    { numRuns: 2_000 },
  );
});
