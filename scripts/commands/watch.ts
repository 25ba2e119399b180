/**
 * `faccine watch`: the services of a month that show signs of gaming, in words.
 */
import { type Sign, WATCH_ANSWER, type WatchAnswer } from "#schemas/api.ts";
import { API_HELP, API_OPTIONS, apiOf, ask, type Command, readArgs } from "./command.ts";

const SIGN_WORDS: Readonly<Record<Sign, string>> = {
  burst: "far more votes within ten minutes than at any usual time",
  row: "many votes of the same face within seconds of each other",
  "kept-receipts": "many content votes long after the service had ended, as on receipts that were kept",
  "after-hours": "many content votes outside opening hours",
  "chosen-citizens": "fewer of the people served vote than before, and those who do are more content",
  "switched-off": "totems at work for fewer hours on days that began badly",
  "more-than-issued": "more tickets used than were printed through the gateway",
};

export const WATCH: Command = {
  name: "watch",
  summary: "say which services of a month show signs of gaming",
  help: `
faccine watch --month YYYY-MM [options]

Compares each service's month with its three months before and names those that are hard to explain without cheating: a question to
ask at the office, no proof, and nothing is ever taken away because of it. Off until the setting campaign.agreement names the worker
agreement. Looks at days that are closed; never below a service of an office, and not where fewer than three people work. The
token needs the scope reports:exact, and the reading is logged.

  --month YYYY-MM    the month
  --json             the same as JSON

Exit code 0 when nothing shows, 3 when something does.

${API_HELP}`,
  run: async (args) => {
    const { values } = readArgs(args, {
      ...API_OPTIONS,
      month: { type: "string" },
      json: { type: "boolean" },
    });
    if (values.month === undefined) throw new Error("say which month: --month YYYY-MM");
    const api = apiOf(values, process.env, "reports");
    const response = await ask(api, `/watch?${new URLSearchParams({ month: values.month })}`);
    const read = WATCH_ANSWER.parse(await response.json());
    if (!read.ok) throw new Error(`the gateway's answer: ${read.problem}`);
    process.stdout.write(values.json ? `${JSON.stringify(read.value, null, 2)}\n` : inWords(read.value));
    return read.value.flags.length === 0 ? 0 : 3;
  },
};

function inWords({ month, agreement, flags, judged, leftOut, falseFlagPerMille }: WatchAnswer): string {
  const found = flags.map(
    ({ officeId, serviceId, sign, oneIn }) =>
      `${officeId} / ${serviceId}: ${SIGN_WORDS[sign]}\n  an honest service shows as much in less than one of ${oneIn} months`,
  );
  return [
    ...(found.length === 0 ? ["Nothing shows."] : found),
    "",
    `${month}: ${judged} signs judged, under ${agreement}; ${leftOut} services with fewer than three people left out.`,
    `Where nobody cheats, at most ${falseFlagPerMille} of 1000 months show anything.`,
    "",
  ].join("\n");
}
