"""A second implementation of the contract's bytes in another language: canonical form, chain, signatures, ticket codes
and marks, with Python's standard library alone. `python3 oracle.py FOLDER` writes the golden vectors there. The keys
are those of RFC 8032 section 7.1, which are printed in a public standard: they protect nothing.
"""
import datetime
import hashlib
import hmac
import json
import pathlib
import struct
import sys

# Ed25519 after RFC 8032 section 5.1, written for clearness and not for speed.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
BASE_Y = 4 * pow(5, P - 2, P) % P


def recover_x(y, sign):
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    return P - x if x % 2 != sign else x


BASE = (recover_x(BASE_Y, 0), BASE_Y)


def add(a, b):
    (x1, y1), (x2, y2) = a, b
    product = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + product, P - 2, P) % P
    y = (y1 * y2 + x1 * x2) * pow(1 - product, P - 2, P) % P
    return (x, y)


def multiply(point, number):
    result = (0, 1)
    while number:
        if number & 1:
            result = add(result, point)
        point = add(point, point)
        number >>= 1
    return result


def compress(point):
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")


def expand(seed):
    digest = hashlib.sha512(seed).digest()
    number = int.from_bytes(digest[:32], "little")
    number = (number & (1 << 254) - 8) | 1 << 254
    return number, digest[32:]


def public_key(seed):
    return compress(multiply(BASE, expand(seed)[0]))


def ed25519_sign(seed, message):
    number, prefix = expand(seed)
    public = compress(multiply(BASE, number))
    r = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % L
    commitment = compress(multiply(BASE, r))
    challenge = int.from_bytes(hashlib.sha512(commitment + public + message).digest(), "little")
    return commitment + ((r + challenge * number) % L).to_bytes(32, "little")


# RFC 8785 with whole numbers; keys in the order of their UTF-16 units.
def canonical(value):
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(canonical(key) + ":" + canonical(value[key]) for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def sha256(data):
    return hashlib.sha256(data).digest()


def with_length(part):
    return struct.pack(">I", len(part)) + part


def hash_parts(*parts):
    return sha256(b"".join(with_length(part) for part in parts))


def sign(kind, body, seed):
    return ed25519_sign(seed, b"faccine/v1/" + kind.encode() + b"\0" + canonical(body).encode()).hex()


# The keys of RFC 8032 section 7.1, tests 1 to 3.
SEEDS = {
    "gateway": bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"),
    "totem": bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"),
    "issuer": bytes.fromhex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"),
}

VALUES = {
    "nothing": None,
    "truths": [True, False],
    "numbers": [0, 1, -1, 2147483647, 9007199254740991, -9007199254740991],
    "empty": {"list": [], "record": {}, "text": ""},
    "keys in order": {"b": 1, "a": 2, "A": 3, "10": 4, "9": 5, "": 6},
    "keys by UTF-16 units, not by code points": {"\U0001f600": 1, "\ufb33": 2, "\u20ac": 3, "\u00f6": 4},
    "control characters": "\u0000\u0001\b\t\n\u000b\f\r\u001f\u007f\u0080\u2028\u2029",
    "quotes and slashes": 'a"b\\c/d',
    "letters of Europe": "Perch\u00e9 \u010cakalni \u010das \u00dfe\u00e7\u00f6",
    "nested": {"z": [{"y": {"x": [[], [None]]}}], "a": {"b": {"a": "b"}}},
}

TIME = {"wallMs": 1790000000000, "monotonicUs": 61000000, "bootId": "boot-1", "clock": "trusted"}


def chain_vectors():
    first, second = "0123456789abcdef" * 2, "fedcba9876543210" * 2
    vote = {
        "kind": "vote", "time": TIME, "id": "00112233445566778899aabbccddeeff", "service": "anagrafe", "wording": 1,
        "face": "red", "reason": "wait", "mode": "live", "flags": ["assist"],
        "ticket": {"profile": "signed", "proof": "signature", "issuerKeyId": "anagrafe-2026", "minute": 29833333,
                   "mark": "ffeeddccbbaa99887766554433221100"},
    }
    opened = {"kind": "opened", "time": TIME, "ordinal": 1, "previousEpoch": None, "previousLast": 0, "previousHead": None}
    epochs = [chained("totem-1", first, None, [opened, vote])]
    head = epochs[0]["entries"][-1]["head"]
    reopened = {**opened, "ordinal": 2, "previousEpoch": first, "previousLast": 2, "previousHead": head}
    epochs.append(chained("totem-1", second, head, [reopened]))
    leaf = {"totemId": "totem-1", "epoch": first, "first": 1, "last": 2, "head": head}
    empty = hash_parts(b"faccine/v1/audit")
    return {
        "totemId": "totem-1", "epochs": epochs,
        "audit": {"empty": empty.hex(), "leaf": leaf,
                  "head": hash_parts(b"faccine/v1/audit", empty, canonical(leaf).encode()).hex()},
    }


def chained(totem_id, epoch, previous, entries):
    head = hash_parts(b"faccine/v1/chain", totem_id.encode(), epoch.encode(), bytes.fromhex(previous or ""))
    vectors = {"epoch": epoch, "previousHead": previous, "firstHead": head.hex(), "entries": []}
    for entry in entries:
        digest = sha256(canonical(entry).encode())
        head = sha256(head + digest)
        vectors["entries"].append({"entry": entry, "hash": digest.hex(), "head": head.hex()})
    return vectors


def signature_vectors():
    kinds = ["entries", "receipt", "settings", "command", "keys", "spent", "checkpoint", "ticket"]
    body = {"number": 7, "text": "perch\u00e9", "nothing": None, "list": [1, 2]}
    return {
        "keys": {name: {"seed": seed.hex(), "publicKey": public_key(seed).hex()} for name, seed in SEEDS.items()},
        "body": body,
        "signatures": {kind: sign(kind, body, SEEDS["gateway"]) for kind in kinds},
    }


# Tickets of the signed profile.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def base32(data):
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    return "".join(ALPHABET[int(bits[at:at + 5], 2)] for at in range(0, len(bits), 5))


def ticket_vectors():
    site_key = sha256(b"site key of a day")
    tickets = [
        (1, 1, 1, 29833333, "0123456789abcdef"),
        (0, 0, 0, 0, "0000000000000000"),
        (65535, 65535, 65535, 4223371679, "ffffffffffffffff"),
        (7, 12, 340, 29844001, "8000000000000001"),
    ]
    vectors = []
    for issuer_key, office, service, minute, serial in tickets:
        ticket = {"issuerKey": issuer_key, "office": office, "service": service, "minute": minute, "serial": serial}
        signed = {"profile": "signed", **ticket}
        body = struct.pack(">BHHHI", 1, issuer_key, office, service, minute) + bytes.fromhex(serial)
        signature = bytes.fromhex(sign("ticket", signed, SEEDS["issuer"]))
        mark = hmac.new(site_key, canonical(signed).encode(), hashlib.sha256).digest()[:16]
        vectors.append({"ticket": ticket, "code": "F1" + base32(body + signature), "mark": mark.hex()})
    return {"publicKey": public_key(SEEDS["issuer"]).hex(), "siteKey": site_key.hex(), "tickets": vectors}


# Tickets of the short profile: 12 + 8 + 25 + 18 + 32 bits, in 19 characters of 5 bits.
EPOCH_MINUTE = 29453760  # 2026-01-01T00:00Z


def short_ticket_vectors():
    site_key, office_key = sha256(b"site key of a day"), sha256(b"office key of a day")
    tickets = [
        (1, 1, 29833333, 0),
        (0, 0, EPOCH_MINUTE, 0),
        (4095, 255, EPOCH_MINUTE + 2**25 - 1, 2**18 - 1),
        (12, 34, 29844001, 131073),
    ]
    vectors = []
    for office, service, minute, serial in tickets:
        ticket = {"office": office, "service": service, "minute": minute, "serial": serial}
        form = canonical({"profile": "short", **ticket}).encode()
        mac = hmac.new(office_key, form, hashlib.sha256).digest()[:4]
        bits = f"{office:012b}{service:08b}{minute - EPOCH_MINUTE:025b}{serial:018b}{int.from_bytes(mac, 'big'):032b}"
        code = "S" + "".join(ALPHABET[int(bits[at:at + 5], 2)] for at in range(0, len(bits), 5))
        mark = hmac.new(site_key, form, hashlib.sha256).digest()[:16]
        vectors.append({"ticket": ticket, "code": code, "mark": mark.hex()})
    return {"siteKey": site_key.hex(), "officeKey": office_key.hex(), "tickets": vectors}


# HKDF after RFC 5869, one block of 32 bytes and no salt.
def next_day_key(key, scope, day):
    extracted = hmac.new(bytes(32), key, hashlib.sha256).digest()
    return hmac.new(extracted, f"faccine/v1/day-key/{scope}/{day}".encode() + b"\x01", hashlib.sha256).digest()


def day_key_vectors():
    starts = [("site/municipio", "2026-12-30", sha256(b"site key of a day")), ("office/anagrafe", "2028-02-27", sha256(b"office key of a day"))]
    vectors = []
    for scope, first, key in starts:
        day, start = datetime.date.fromisoformat(first), key
        days = [{"day": first, "key": key.hex()}]
        for _ in range(4):
            day += datetime.timedelta(days=1)
            key = next_day_key(key, scope, day.isoformat())
            days.append({"day": day.isoformat(), "key": key.hex()})
        vectors.append({"scope": scope, "fromDay": first, "key": start.hex(), "days": days})
    return vectors


def main(folder):
    files = {
        "canonical.json": [{"name": name, "value": value, "text": canonical(value)} for name, value in VALUES.items()],
        "chain.json": chain_vectors(),
        "signatures.json": signature_vectors(),
        "tickets.json": ticket_vectors(),
        "short-tickets.json": short_ticket_vectors(),
        "day-keys.json": day_key_vectors(),
    }
    for name, content in files.items():
        text = json.dumps(content, ensure_ascii=True, indent=2) + "\n"
        (pathlib.Path(folder) / name).write_text(text, encoding="ascii")


main(sys.argv[1])
