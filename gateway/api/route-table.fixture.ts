/**
 * Who may use which route: the whole table, written by hand from what each role and scope is for, and read by nothing but the test that holds
 * the server to it. A new route needs a row here.
 */

import { ROLES } from "#schemas/access-settings.ts";
import { ALARM_CODES } from "#schemas/alarms.ts";
import { SCOPES } from "../access/tokens.ts";

/** Nobody, a person of each role, a token of each scope. */
export const WHO = ["nobody", ...ROLES, ...SCOPES] as const;
export type Who = (typeof WHO)[number];
export const PEOPLE: readonly Who[] = ROLES;

/** How a route tells somebody that it is not for them. */
export type Door =
  /** It is for everybody. */
  | "open"
  /** 401 without a good token, 403 without the scope. A session counts for reading only. */
  | "api"
  /** To the sign-in page, 403 without the scope; tokens may read. */
  | "page"
  /** The same for people only, whose forms bring their session's token back. */
  | "form";

export type Row = {
  /** As registered: `GET /files`. */
  readonly route: string;
  readonly door: Door;
  /** Who is let in. */
  readonly in: readonly Who[];
  /** What they are answered then. */
  readonly answer: number;
  /** The address that is asked, where it is not the route itself. */
  readonly ask?: string;
  readonly json?: object;
  /** `$NEW` in a value is another each time: who guesses a name again and again waits. */
  readonly form?: Readonly<Record<string, string>>;
};

const ALL: readonly Who[] = WHO;
const READERS: readonly Who[] = [...PEOPLE, "reports"];
/** Promise 10: below operator nobody reads exact figures. */
const EXACT: readonly Who[] = ["operator", "admin"];
const WATCHERS: readonly Who[] = ["operator", "admin", "fleet"];
const SIGNED_IN: readonly Who[] = ALL.filter((who) => who !== "nobody");

const open = (route: string, answer = 200, more: Partial<Row> = {}): Row => ({
  ...{ route, door: "open", in: ALL, answer },
  ...more,
});
const page = (path: string, who: readonly Who[]): Row => ({
  ...{ route: `GET ${path}`, door: "page", in: who, answer: 200 },
});
const form = (route: string, who: readonly Who[], answer: number): Row => ({
  ...{ route, door: "form", in: who, answer },
  ...(route.startsWith("POST ") ? { form: {} } : {}),
});
const REPORT = "/api/v1/reports";
const MONTH = "month=2026-08";
const reports = ["csv", "json", "ndjson", "xlsx", "csv-metadata.json"].flatMap((form): readonly Row[] => {
  const aggregate = `${REPORT}/aggregate.${form}`;
  const monthly = `${REPORT}/monthly.${form}`;
  const common = { door: "api", answer: 200 } as const;
  const rows = [
    { ...common, route: `GET ${aggregate}`, ask: `${aggregate}?${MONTH}&by=day`, in: READERS },
    { ...common, route: `GET ${monthly}`, ask: `${monthly}?${MONTH}`, in: READERS },
  ];
  // What a column holds is no figure.
  if (form === "csv-metadata.json") return rows;
  return [...rows, ...rows.map((row) => ({ ...row, ask: `${row.ask}&exact=1`, in: EXACT }))];
});

export const ROUTE_TABLE: readonly Row[] = [
  open("GET /healthz"),
  open("GET /readyz"),
  { route: "GET /metrics", door: "api", in: WATCHERS, answer: 200 },
  open("GET /api/v1/openapi.json"),
  // By a form of another site or by a script in a page, a person's cookie issues no ticket and counts nobody.
  { route: "POST /api/v1/tickets", door: "api", in: ["issue"], answer: 201, json: { service: "anagrafe" } },
  { route: "GET /api/v1/status", door: "api", in: WATCHERS, answer: 200 },
  { route: "POST /api/v1/links", door: "api", in: ["fleet"], answer: 201 },
  {
    ...{ route: "GET /api/v1/totems/:totemId/readiness", ask: "/api/v1/totems/totem-1/readiness" },
    ...{ door: "api", in: WATCHERS, answer: 404 },
  },
  ...reports,
  // Signs of gaming are exact figures of single services.
  {
    route: "GET /api/v1/watch",
    ask: `/api/v1/watch?${MONTH}`,
    door: "api",
    in: [...EXACT, "reports:exact"],
    answer: 409,
  },
  {
    ...{ route: "GET /api/v1/reports/ministry.zip", ask: `${REPORT}/ministry.zip?from=2026-08&to=2026-08` },
    ...{ door: "api", in: READERS, answer: 409 },
  },
  { route: "POST /api/v1/served", door: "api", in: ["served"], answer: 400, json: {} },
  { route: "POST /api/v1/served/receipts", door: "api", in: ["served"], answer: 400, json: {} },
  {
    route: "GET /api/v1/served",
    ask: "/api/v1/served?from=2026-08-01&to=2026-08-02",
    door: "api",
    in: ["admin", "served"],
    answer: 200,
  },

  ...["page", "fonts", "dashboard", "fleet", "account", "desk"].map((name) => open(`GET /${name}.css`)),
  ...["400", "600", "700"].map((weight) => open(`GET /fonts/titillium-${weight}.ttf`)),
  ...["live", "desk"].map((name) => open(`GET /${name}.js`)),
  { route: "GET /live", door: "api", in: READERS, answer: 200 },
  page("/", SIGNED_IN),
  page("/files", READERS),
  page("/trends", READERS),
  page("/fleet", WATCHERS),
  page("/alarms", WATCHERS),
  form("POST /alarms/acknowledge", ["operator", "admin"], 303),
  ...ALARM_CODES.map((code) => page(`/alarms/${code}`, WATCHERS)),

  // Published for everybody.
  open("GET /public/*", 404, { ask: "/public/2026-08/" }),
  open("GET /public/proof/*", 404, { ask: "/public/proof/nothing.json" }),
  open("GET /public/verify/*", 200, { ask: "/public/verify/" }),

  // Ways in: each judges what it is handed, and who hands it matters to none.
  open("GET /sign-in"),
  open("POST /sign-in", 401, { form: { name: "stranger-$NEW", password: "not the password" } }),
  open("GET /sign-in/oidc", 503),
  open("GET /sign-in/oidc/callback", 400),
  open("GET /enter", 401, { ask: "/enter?key=none" }),
  open("GET /invite", 401, { ask: "/invite?key=none" }),
  open("POST /invite", 401, { form: { key: "none" } }),
  form("GET /sign-out", PEOPLE, 200),
  form("POST /sign-out", PEOPLE, 303),
  // One's own account; what is sent here is wrong on purpose.
  form("GET /account", PEOPLE, 200),
  form("POST /account/password", PEOPLE, 422),
  form("POST /account/sessions", PEOPLE, 303),
  ...["accounts", "tokens", "audit"].map((name) => form(`GET /${name}`, ["admin"], 200)),
  ...["add", "role", "link", "disable", "enable"].map((verb) =>
    form(`POST /accounts/${verb}`, ["admin"], 422),
  ),
  ...["make", "revoke"].map((verb) => form(`POST /tokens/${verb}`, ["admin"], 422)),
  // For who came by the link of a first start, which is none of these.
  { route: "GET /first-account", door: "form", in: [], answer: 200 },
  { route: "POST /first-account", door: "form", in: [], answer: 303, form: { name: "mallory" } },

  // The desk has a sign-in of its own, by a token of its office.
  open("GET /desk"),
  open("POST /desk/sign-in", 401, { form: { code: "none" } }),
  open("POST /desk/sign-out", 303, { form: {} }),
  open("POST /desk/receipt", 401, { form: { service: "anagrafe", key: "00" } }),
];
