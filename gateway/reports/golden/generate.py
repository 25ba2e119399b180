"""What the report files must hold, computed a second time in another language: `python3 generate.py [FOLDER]` reads
votes.json beside it and writes the expected CSV files, exact figures, into FOLDER (here, when none is given). It knows the
contract and Python's standard library, time zones from zoneinfo among it, and nothing of the gateway's code.
"""
import json
import pathlib
import sys
from collections import defaultdict
from datetime import date, datetime, time, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal, getcontext
from zoneinfo import ZoneInfo

getcontext().prec = 60
HERE = pathlib.Path(__file__).parent
DATA = json.loads((HERE / "votes.json").read_text("utf-8"))
FACES = ["green", "yellow", "red"]
REASONS = ["wait", "staff", "return", "outcome", "none"]
FIGURES = (
    ["tickets_issued", "served", "votes_valid", *FACES, *[f"reason_{reason}" for reason in REASONS]]
    + ["participation_pct", "green_pct", "green_ci_low", "green_ci_high"]
    + ["rejected_used", "rejected_expired", "rejected_bad_sig", "rejected_other", "unverified_votes"]
)
AGGREGATE = (
    ["period", "period_start", "site", "office_id", "service_id", "wording_version", *FIGURES]
    + ["conflict_votes", "expired_late_votes", "time_uncertain_votes", "after_hours_votes", "suppressed"]
    + ["office_name", "service_name"]
)
MONTHLY = (
    ["schema_version", "wording_version", "ipa_code", "uo_code", "service_id", "channel", "month", "tz", *FIGURES]
    + ["totem_hours_due", "totem_hours_up", "suppressed", "checkpoint_root", "votes_late", "status", "revision"]
)
TEXTS = {"period", "site", "office_id", "service_id", "office_name", "service_name", "ipa_code", "uo_code"}
TEXTS |= {"channel", "month", "tz", "status"}
PERCENTAGES = {"participation_pct", "green_pct", "green_ci_low", "green_ci_high"}
REJECTED = {"used": "used", "used-elsewhere": "used", "expired": "expired", "bad-signature": "bad_sig"}
Z = Decimal("1.959963984540054")

SITES = {site["siteId"]: site for site in DATA["sites"]}
OFFICES = {o["officeId"]: (s, o) for s in DATA["sites"] for o in s["offices"]}
SERVICES = {v["serviceId"]: (s, o, v) for s in DATA["sites"] for o in s["offices"] for v in o["services"]}


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def place_of(service, site=None):
    """Site, office and service; a scan that knew no service knows its office only where the site has one."""
    if service is not None:
        found, office, _ = SERVICES[service]
        return found["siteId"], office["officeId"], service
    offices = SITES[site]["offices"]
    return site, offices[0]["officeId"] if len(offices) == 1 else "", ""


def zone_of(site):
    return ZoneInfo(SITES[site]["zone"])


def events():
    """Everything that happened: place, wording, moment, figure, how many."""
    tickets = set()
    for vote in DATA["votes"]:
        key = (place_of(vote["service"]), vote["wording"], moment(vote["at"]))
        if vote.get("mode") == "test":
            continue
        if "ticket" in vote and vote["ticket"] is None:
            yield *key, "unverified_votes", 1
        elif vote.get("ticket") in tickets:
            yield *key, "conflict_votes", 1
        else:
            tickets |= {vote["ticket"]} if "ticket" in vote else set()
            yield *key, vote["face"], 1
            if vote["reason"] is not None:
                yield *key, f"reason_{vote['reason']}", 1
            if "afterHours" in vote.get("flags", []):
                yield *key, "after_hours_votes", 1
    for refusal in DATA["refusals"]:
        place = place_of(refusal["service"], "municipio")
        figure = f"rejected_{REJECTED.get(refusal['reason'], 'other')}"
        yield place, 1, moment(refusal["at"]), figure, refusal["count"]
    for ticket in DATA["issued"]:
        yield place_of(ticket["service"]), 1, moment(ticket["at"]), "tickets_issued", ticket["count"]


def midnight(day, zone):
    return datetime.combine(day, time(), zone)


def iso(instant):
    text = instant.strftime("%Y-%m-%dT%H:%M:%S%z")
    return f"{text[:-2]}:{text[-2:]}"


def period_of(by, day, instant, zone, first):
    """Sort key, name and start of the period an event falls in. The first period asked for may begin late."""
    if by == "hour":
        hour = instant.replace(minute=0, second=0, microsecond=0).astimezone(zone)
        return (day, hour.astimezone(timezone.utc)), f"{iso(hour)[:16]}{iso(hour)[19:]}", iso(hour)
    starts = {"day": day, "week": day - timedelta(days=day.weekday()), "month": day.replace(day=1)}
    start = max(starts[by], first)
    year, week, _ = day.isocalendar()
    name = {"day": str(day), "week": f"{year}-W{week:02}", "month": f"{day:%Y-%m}"}[by]
    return (start,), name, iso(midnight(start, zone))


def tenths(value):
    return (value * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


def wilson(part, whole):
    share, n = Decimal(part) / whole, Decimal(whole)
    centre = share + Z * Z / (2 * n)
    spread = Z * (share * (1 - share) / n + Z * Z / (4 * n * n)).sqrt()
    scale = 1 + Z * Z / n
    return tenths(max((centre - spread) / scale, Decimal(0))), tenths(min((centre + spread) / scale, Decimal(1)))


def rows(by, first, end):
    """One dict a row, sorted; `end` is not included."""
    counts = defaultdict(lambda: defaultdict(int))
    names = {}
    served = defaultdict(int)
    for place, wording, instant, figure, count in events():
        zone = zone_of(place[0])
        day = instant.astimezone(zone).date()
        if first <= day < end:
            sort, name, start = period_of(by, day, instant, zone, first)
            counts[sort, place, wording][figure] += count
            names[sort, place[0]] = name, start
    for count in [] if by == "hour" else DATA["served"]:
        day = date.fromisoformat(count["day"])
        if first <= day < end:
            site = OFFICES[count["office"]][0]["siteId"]
            sort, name, start = period_of(by, day, midnight(day, zone_of(site)), zone_of(site), first)
            served[sort, (site, count["office"], count["service"])] += count["served"]
            names[sort, site] = name, start
    for sort, place in served:
        if not any(key[:2] == (sort, place) for key in counts):
            counts[sort, place, 0]["nobody"] = 0
    for key in sorted(counts):
        row = row_of(key, counts, served)
        if row is not None:
            row["period"], row["period_start"] = names[key[0], key[1][0]]
            yield row


def row_of(key, counts, served):
    (sort, place, wording), row = key, counts[key]
    wordings = sorted(other[2] for other in counts if other[:2] == (sort, place))
    people = served.get((sort, place)) if wording == wordings[-1] else None
    if people is None and not set(row) - {"tickets_issued", "after_hours_votes"}:
        return None
    site, office, service = place
    valid = sum(row[face] for face in FACES)
    score = [None, None, None]
    if valid > 0:
        score = [tenths(Decimal(row["green"]) / valid), *wilson(row["green"], valid)]
    office_setting = OFFICES[office][1] if office else {}
    cells = {name: row[name] for name in set(AGGREGATE) - TEXTS}
    return cells | {
        "site": site,
        "office_id": office,
        "service_id": service,
        "office_name": office_setting.get("name", ""),
        "service_name": SERVICES[service][2]["name"] if service else "",
        "wording_version": wording or None,
        "tickets_issued": row["tickets_issued"] or None,
        "served": people,
        "votes_valid": valid,
        "participation_pct": tenths(Decimal(valid) / people) if people and len(wordings) == 1 else None,
        "green_pct": score[0],
        "green_ci_low": score[1],
        "green_ci_high": score[2],
        "suppressed": 0,
        "schema_version": 1,
        "ipa_code": DATA["ipaCode"],
        "uo_code": office_setting.get("uoCode") or office or site,
        "channel": "totem",
        "tz": SITES[site]["zone"],
        "totem_hours_due": None,
        "totem_hours_up": None,
        "checkpoint_root": None,
        "votes_late": 0,
        "status": "provisional",
        "revision": 1,
    }


def cell(name, value, italian):
    if value is None:
        return ""
    text = str(value)
    if name in TEXTS:
        text = f"'{text}" if text[:1] in set("=+-@") else text
        return '"' + text.replace('"', '""') + '"' if set(text) & set('",;') else text
    if name == "period_start" and italian:
        return datetime.fromisoformat(text).strftime("%d/%m/%Y %H:%M:%S")
    return text.replace(".", ",") if name in PERCENTAGES and italian else text


def write(path, columns, table, italian=False):
    comma = ";" if italian else ","
    lines = [comma.join(columns)]
    lines += [comma.join(cell(name, row[name], italian) for name in columns) for row in table]
    text = ("\ufeff" if italian else "") + "".join(f"{line}\r\n" for line in lines)
    path.write_bytes(text.encode("utf-8"))


def main(folder):
    spans = [("03", date(2026, 3, 28), date(2026, 3, 31)), ("10", date(2026, 10, 24), date(2026, 10, 27))]
    for month, first, end in spans:
        whole = date(2026, int(month), 1), date(2026, int(month) + 1, 1)
        write(folder / f"hours-{month}.csv", AGGREGATE, rows("hour", first, end))
        write(folder / f"days-{month}.csv", AGGREGATE, rows("day", first, end))
        write(folder / f"days-{month}-excel-it.csv", AGGREGATE, rows("day", first, end), italian=True)
        write(folder / f"weeks-{month}.csv", AGGREGATE, rows("week", *whole))
        write(folder / f"cut-month-{month}.csv", AGGREGATE, rows("month", first, end))
        monthly = [row | {"month": row["period"]} for row in rows("month", *whole)]
        write(folder / f"monthly-{month}.csv", MONTHLY, monthly)


main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
