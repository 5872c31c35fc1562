"""Fingerprints of what the player and the error surface are sent: what must stay, without the numbers themselves.

A fingerprint holds the header's fields that say what is shown, a digest of all numbers at nine significant digits, and
for each array three marks by which it is recognised where another computer rounds the last digits otherwise.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.lessons.record.said import numbers

KEPT = ("cell", "reset_after", "steps", "first_step", "layers", "directions", "units", "all_units", "gates", "backward")
PLACE = ("step", "unit", "layer", "direction", "selected", "backward")
CLOSE = 1e-5  # of an array's largest number
Fingerprint = dict[str, Any]


def fingerprint(payload: bytes) -> Fingerprint | None:
    """Of a payload of `rnnviz.player.pack` or of three descents, also after a header of the page's own; else None."""
    size = int.from_bytes(payload[:4], "little")
    if not 2 <= size <= len(payload) - 4:
        return None
    try:
        header = json.loads(payload[4 : 4 + size])
    except ValueError:
        return None
    if not isinstance(header, dict):
        return None
    if not {"arrays", "points"} & header.keys():
        return fingerprint(payload[4 + size :])
    arrays = dict(_arrays(header, payload[4 + size :]))
    said = {key: header[key] for key in KEPT if key in header}
    if "start" in header:
        said["start"] = {key: header["start"][key] for key in PLACE}
        said["tokens"] = " ".join(header.get("tokens") or ())
        said["note"] = numbers(header.get("note", ""))
        said["loss"] = header.get("loss") and f"{float(header['loss']):.6g}"
    all_of_it = hashlib.sha256()
    for name, a in arrays.items():
        all_of_it.update(f"{name} {a.shape} {' '.join(f'{v:.9g}' for v in a.ravel().tolist())}\n".encode())
    return said | {"digest": all_of_it.hexdigest()[:16], "arrays": {name: marks(a) for name, a in arrays.items()}}


def arrays_in(payload: bytes) -> dict[str, np.ndarray]:
    """All arrays of a payload, perhaps after a header of the page's own; none where it is no payload."""
    size = int.from_bytes(payload[:4], "little")
    header = json.loads(payload[4 : 4 + size])
    if {"arrays", "points"} & header.keys():
        return dict(_arrays(header, payload[4 + size :]))
    return arrays_in(payload[4 + size :])


def marks(a: np.ndarray) -> list[Any]:
    """Its shape, how many of its numbers are not finite, its largest magnitude, and a sum to which all add."""
    finite = np.where(np.isfinite(a), a, 0.0)
    largest = float(np.abs(finite).max(initial=0.0))
    mixed = float((np.cos(np.arange(a.size)) * (finite / largest).ravel()).sum()) if largest else 0.0
    return [*a.shape, int((~np.isfinite(a)).sum()), float(f"{largest:.6g}"), round(mixed, 6)]


def differences(old: Fingerprint, new: Fingerprint) -> list[str]:
    """What a payload shows otherwise than the recorded one, in a few words each."""
    apart = ("digest", "arrays", "loss", "start", "note")
    said = [f"{key}: {old[key]} is now {new.get(key)}" for key in old if key not in apart and old[key] != new.get(key)]
    said += [f"note: {number} is not in it" for number in old.get("note", ()) if number not in new.get("note", ())]
    place, now = old.get("start", {}), new.get("start", {})
    said += [f"start at {key}: {place[key]} is now {now.get(key)}" for key in place if place[key] != now.get(key)]
    if old.get("loss") and not np.isclose(
        float(old["loss"]), float(new.get("loss") or np.nan), rtol=CLOSE, equal_nan=True
    ):
        said.append(f"loss: {old['loss']} is now {new.get('loss')}")
    if old["digest"] != new["digest"]:
        here, there = old["arrays"], new["arrays"]
        said += [f"array {name} is not there" for name in here if name not in there]
        said += [f"array {name}: {a} is now {there[name]}" for name, a in here.items()
                 if name in there and not alike(a, there[name])]  # fmt: skip
    return said


def alike(one: list[Any], other: list[Any]) -> bool:
    """Two arrays' marks, but for the last digits."""
    count = one[0] * one[1]
    largest = max(abs(one[-2]), abs(other[-2]))
    near = abs(one[-2] - other[-2]) <= CLOSE * largest and abs(one[-1] - other[-1]) <= CLOSE * max(count, 1)
    return one[:-2] == other[:-2] and near


def found_in(data: Any) -> Iterator[Fingerprint]:
    """The fingerprints of all payloads in bytes, or in texts that are bytes in base64."""
    if isinstance(data, str) and len(data) > 100 and data.isascii() and not data.startswith(("{", "[", "<")):
        try:
            data = base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            return
    if isinstance(data, bytes):
        found = fingerprint(data)
        if found is not None:
            yield found


def descents(stage: dict[str, Any]) -> Iterator[bytes]:
    """Of a stage of descents, their numbers as they were recorded: a header, then each descent's first six arrays."""
    if stage.get("kind") != "descent":
        return
    header = json.dumps({"points": stage["points"]}).encode()
    body = b"".join(base64.b64decode(course["numbers"])[: 24 * stage["points"]] for course in stage["courses"])
    yield len(header).to_bytes(4, "little") + header + body


def _arrays(header: dict[str, Any], body: bytes) -> Iterator[tuple[str, np.ndarray]]:
    if "points" in header:
        sent = len(body) // (12 * header["points"]) * 12 * header["points"]  # behind it may stand a host's tail
        yield "descents", np.frombuffer(body[:sent], "<f4").astype(float).reshape(3, -1)
        return
    at, mantissas = 0, []
    for _, rows, columns, bits in header["arrays"]:
        kind = "<f8" if bits == 64 else "<f4"
        a = np.frombuffer(body, kind, rows * columns, at).astype(float).reshape(rows, columns)
        mantissas.append(a)
        at += a.size * bits // 8
    for (name, rows, _, _), a in zip(header["arrays"], mantissas):
        exponents = np.frombuffer(body, "<i2", rows, at).astype(int)
        at += 2 * rows
        yield name, np.ldexp(a, exponents[:, None])
