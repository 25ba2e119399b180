"""A second checker of public proofs, written from schemas/PROOF.md alone, with Python's standard library alone.
`python3 second_checker.py FOLDER` prints what is wrong, one finding a line, and ends with 1; with nothing to say it ends with 0.
"""
import datetime
import hashlib
import json
import pathlib
import struct
import sys

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
CELLS = ["green", "yellow", "red", "wait", "staff", "return", "outcome", "none"]
H_HEX = "744accdb3ddd153ab61cdb308eaf7100aadbb9abd814fa245bc9cfc0c2fb694b"


# Points in extended coordinates (RFC 8032, 5.1.4).
def add(one, other):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = one, other
    a, b = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * D * t1 * t2 % P, 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(point, number):
    result = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = add(result, point)
        point = add(point, point)
        number >>= 1
    return result


def negate(point):
    x, y, z, t = point
    return (-x % P, y, z, -t % P)


def recover_x(y, sign):
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * SQRT_M1 % P
    if (x * x - xx) % P:
        raise ValueError("no point")
    return P - x if x % 2 != sign else x


def extended(x, y):
    return (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = extended(recover_x(BASE_Y, 0), BASE_Y)


def decompress(data):
    number = int.from_bytes(data, "little")
    y, sign = number & (1 << 255) - 1, number >> 255
    return extended(recover_x(y, sign), y)


def same_edwards(one, other):
    (x1, y1, z1, _), (x2, y2, z2, _) = one, other
    return (x1 * z2 - x2 * z1) % P == 0 and (y1 * z2 - y2 * z1) % P == 0


def is_signed(kind, body, signature, key):
    try:
        public, nonce = decompress(key), decompress(signature[:32])
    except ValueError:
        return False
    number = int.from_bytes(signature[32:], "little")
    if number >= L:
        return False
    message = b"faccine/v1/" + kind.encode() + b"\0" + canonical(body)
    digest = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    return same_edwards(multiply(BASE, number), add(nonce, multiply(public, digest)))


# ristretto255 (RFC 9496, 4.3.1 and 4.3.3).
def decode(text):
    data = bytes.fromhex(text)
    s = int.from_bytes(data, "little")
    if len(data) != 32 or s >= P or s % 2:
        raise ValueError("no element")
    ss = s * s % P
    u1, u2 = (1 - ss) % P, (1 + ss) % P
    v = (-(D * u1 * u1) - u2 * u2) % P
    square, inverse = inverse_root(v * u2 * u2 % P)
    den_x = inverse * u2 % P
    den_y = inverse * den_x * v % P
    x = 2 * s * den_x % P
    x = P - x if x % 2 else x
    y = u1 * den_y % P
    t = x * y % P
    if not square or t % 2 or y == 0:
        raise ValueError("no element")
    return (x, y, 1, t)


def inverse_root(v):
    """The square root of 1/v, and whether there is one."""
    v3 = v * v * v % P
    v7 = v3 * v3 * v % P
    root = v3 * pow(v7, (P - 5) // 8, P) % P
    if v * root * root % P in (P - 1, -SQRT_M1 % P):
        root = root * SQRT_M1 % P
    return v * root * root % P == 1, P - root if root % 2 else root


def same_element(one, other):
    (x1, y1, _, _), (x2, y2, _, _) = one, other
    return (x1 * y2 - y1 * x2) % P == 0 or (y1 * y2 - x1 * x2) % P == 0


H = decode(H_HEX)


def opens_to(plus, minus, total, opening):
    try:
        points = [decode(one) for one in plus] + [negate(decode(one)) for one in minus]
    except ValueError:
        return False
    result = (0, 1, 1, 0)
    for point in points:
        result = add(result, point)
    expected = add(multiply(BASE, total % L), multiply(H, int(opening, 16) % L))
    return same_element(result, expected)


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def parts(*values):
    return hashlib.sha256(b"".join(struct.pack(">I", len(value)) + value for value in values)).digest()


def unsigned(message):
    return {name: value for name, value in message.items() if name != "signature"}


def lines_of(path):
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def check_log(lines, checkpoints, gateway):
    wrong, heads, keys, first_days, stated = [], [parts(b"faccine/v1/log")], {}, {}, set()
    for line in lines:
        heads.append(parts(b"faccine/v1/log", heads[-1], canonical(line["entry"])))
    for at, line in enumerate(lines):
        where, entry = f"line {at + 1}", line["entry"]
        if line["no"] != at + 1 or line["head"] != heads[at + 1].hex():
            wrong.append(f"{where} does not follow")
        totem = entry["totemId"]
        if entry["kind"] == "totem":
            keys[totem] = bytes.fromhex(entry["publicKey"])
            first_days.setdefault(totem, entry["fromDay"])
        elif totem not in keys:
            wrong.append(f"{where}: {totem} is not named")
        elif entry["kind"] == "statement":
            body = {name: entry[name] for name in ("totemId", "day", "cells", "content", "checkpoint")}
            if not is_signed("statement", body, bytes.fromhex(entry["signature"]), keys[totem]):
                wrong.append(f"{where}: not signed by {totem}")
            if (totem, entry["day"]) in stated:
                wrong.append(f"{where}: {totem} stated {entry['day']} before")
            stated.add((totem, entry["day"]))
            seen = entry["checkpoint"]
            if seen and (seen["size"] >= len(heads) or heads[seen["size"]].hex() != seen["hash"]):
                wrong.append(f"{where}: {totem} saw another log")
    before = {"size": 0, "closedThrough": ""}
    for one in checkpoints:
        where = f"checkpoint of {one['closedThrough']}"
        if not is_signed("checkpoint", unsigned(one), bytes.fromhex(one["signature"]), gateway):
            wrong.append(f"{where} is not signed")
        elif one["size"] >= len(heads) or heads[one["size"]].hex() != one["hash"]:
            wrong.append(f"{where} is of another log")
        if one["size"] < before["size"] or one["closedThrough"] < before["closedThrough"]:
            wrong.append(f"{where} says less than the one before")
        before = one
    if before["size"] != len(lines):
        wrong.append("not all lines are signed")
    return wrong, heads, first_days, stated, before["closedThrough"]


def check_month(month, lines, heads, gateway, missing):
    name, size = month["month"], month["log"]["size"]
    wrong = []
    if not is_signed("month", unsigned(month), bytes.fromhex(month["signature"]), gateway):
        wrong.append("is not signed")
    if size >= len(heads) or heads[size].hex() != month["log"]["hash"]:
        wrong.append("is of another log")
    entries = [line["entry"] for line in lines[:size]]
    entries = [entry for entry in entries if entry["kind"] != "totem" and entry["day"].startswith(name)]
    plus, minus = {}, {}
    for entry in entries:
        side = plus if entry["kind"] == "statement" else minus
        for cells in entry["cells"]:
            for cell, commitment in zip(CELLS, cells["commitments"], strict=True):
                side.setdefault((cells["service"], cells["wording"], cell), []).append(commitment)
    figures, owners = {}, {}
    for one in month["sums"]:
        row = (one["row"]["uo"], one["row"]["service"], one["row"]["wording"])
        where = f"{'/'.join(map(str, row))} {one['figure']}"
        cells = [(cell["service"], cell["wording"], cell["cell"]) for cell in one["of"]]
        wanted = CELLS[:3] if one["figure"] == "valid" else [one["figure"]]
        if len(set(cells)) < len(cells) or any(cell[2] not in wanted or cell[1] != row[2] for cell in cells):
            wrong.append(f"{where} is made of other cells")
        if one["figure"] in figures.setdefault(row, {}):
            wrong.append(f"{where} is there twice")
        figures[row][one["figure"]] = one["total"]
        for cell in cells:
            if owners.setdefault(cell, row) != row:
                wrong.append(f"{where} counts what another row counts")
        added = [commitment for cell in cells for commitment in plus.get(cell, [])]
        taken = [commitment for cell in cells for commitment in minus.get(cell, [])]
        if not opens_to(added, taken, one["total"], one["opening"]):
            wrong.append(f"{where} does not open to {one['total']}")
    for row, shown in figures.items():
        for whole, halves in (("valid", CELLS[:3]), ("red", CELLS[3:])):
            if whole in shown and all(half in shown for half in halves):
                if sum(shown[half] for half in halves) != shown[whole]:
                    wrong.append(f"{row} {whole} is not the sum of its parts")
    for one in month["corrections"]:
        of_cause = [entry for entry in entries if entry["kind"] == "correction" and entry["cause"] == one["cause"]]
        added = [commitment for entry in of_cause for cells in entry["cells"] for commitment in cells["commitments"][:3]]
        if not opens_to(added, [], one["votes"], one["opening"]):
            wrong.append(f"{one['cause']} does not open to {one['votes']}")
    named = {(one["totemId"], one["day"]) for one in month["missing"]}
    for totem, day in sorted(missing):
        if day.startswith(name) and (totem, day) not in named:
            wrong.append(f"does not say that {totem} stated nothing on {day}")
    return [f"{name}: {what}" for what in wrong]


def check_late(late, month, lines):
    name, size = month["month"], month["log"]["size"]
    beyond = [line["entry"] for line in lines[size:]]
    beyond = [entry for entry in beyond if entry["kind"] != "totem" and entry["day"].startswith(name)]
    told = [one for one in late if one["month"] == name]
    if not told:
        return [f"{name}: late votes are not told"] if beyond else []
    faces = {"statement": [], "correction": []}
    for entry in beyond:
        faces[entry["kind"]] += [one for cells in entry["cells"] for one in cells["commitments"][:3]]
    [one] = told if len(told) == 1 else [{}]
    if (one.get("fromSize"), one.get("toSize")) != (size, len(lines)):
        return [f"{name}: late votes are told of other lines"]
    if not opens_to(faces["statement"], faces["correction"], one["votes"], one["opening"]):
        return [f"{name}: late votes are not {one['votes']}"]
    return []


def missing_days(first_days, stated, closed_through):
    for totem, first in first_days.items():
        day = datetime.date.fromisoformat(first)
        while closed_through and day <= datetime.date.fromisoformat(closed_through):
            if (totem, day.isoformat()) not in stated:
                yield (totem, day.isoformat())
            day += datetime.timedelta(days=1)


def main(folder):
    gateway = bytes.fromhex(json.loads((folder / "gateway.json").read_text())["publicKey"])
    lines, checkpoints = lines_of(folder / "log.ndjson"), lines_of(folder / "checkpoints.ndjson")
    wrong, heads, first_days, stated, closed_through = check_log(lines, checkpoints, gateway)
    missing = set(missing_days(first_days, stated, closed_through))
    late = json.loads((folder / "late.json").read_text())["late"]
    for month in json.loads((folder / "index.json").read_text())["months"]:
        proof = json.loads((folder / "months" / f"{month}.json").read_text())
        wrong += check_month(proof, lines, heads, gateway, missing)
        wrong += check_late(late, proof, lines)
    for one in wrong:
        print(one)
    return 1 if wrong else 0


sys.exit(main(pathlib.Path(sys.argv[1])))
