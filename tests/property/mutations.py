"""Slips and malice for fuzzing: documents and texts of scenarios, spoiled by a seeded generator."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable
from random import Random
from typing import Any

NAN = float("nan")
WORDS = (
    *("", " ", "\x00", "nan", "☢" * 20, "9" * 400, "a ~ b", "years", "__class__", "name", "../x"),
    *("plant.units[ZNPP-1].net_mw", "fleet.0", "[", "]", '"', "e\u0301", "\u202e", "-1", "true"),
)
NUMBERS = (
    *(NAN, float("inf"), float("-inf"), 1e308, -1e308, 5e-324, 1e15, 0.1 + 0.2, 1.0000000001),
    *(-0.0, 0, 1, -1, 2, 61, 2**31, 2**63 - 1, -(2**63), 0.5, 1e-9, 99.99),
)
DAYS = (
    *(dt.date.min, dt.date.max, dt.date(2027, 1, 1), dt.date(1970, 1, 1), dt.date(2028, 2, 29)),
    *(dt.time(12, 30), dt.datetime(2027, 1, 1, 12), dt.datetime(2027, 1, 1, tzinfo=dt.UTC)),
)
DISTRIBUTIONS: tuple[dict[str, Any], ...] = (
    {"uniform": [NAN, NAN]},
    {"uniform": [1e308, -1e308]},
    {"uniform": [-1e308, 1e308]},
    {"uniform": [0, 0]},
    {"uniform": []},
    {"uniform": [1, 2], "normal": [0, 1]},
    {"triangular": [0, 0, 0]},
    {"triangular": [1, 2, 3, 4]},
    {"pert": [0, 1, 0]},
    {"lognormal": {"median": 0, "p95": 0}},
    {"lognormal": {"median": 1, "p95": 1e308}},
    {"lognormal": {"median": 1e-300, "p95": 1e300}},
    {"normal": {"mean": 0, "sd": 0}},
    {"normal": {"mean": 0, "sd": 1e308, "low": 5, "high": 4}},
    {"fixed": {}},
    {"choice": {"values": [], "weights": []}},
    {"unifrom": [1, 2]},
)


def _values(random: Random) -> Any:
    kind = random.randrange(8)
    if kind < 2:
        return random.choice(NUMBERS)
    if kind == 2:
        return random.choice(WORDS)
    if kind == 3:
        return random.choice(DAYS)
    if kind == 4:
        return copy.deepcopy(random.choice(DISTRIBUTIONS))
    if kind == 5:
        return random.choice((True, False, [], {}, [[]], [{}], [None], [1, "a", {}], {"a": {}}))
    if kind == 6:
        return [_values(random) for _ in range(random.randrange(4))]
    return {random.choice(WORDS): _values(random) for _ in range(random.randrange(3))}


def _without_none(value: Any) -> Any:
    """TOML has no None."""
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_none(item) for item in value if item is not None]
    return value


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every table or list with each of its keys or indices."""
    found: list[tuple[Any, Any]] = []
    pending = [value]
    while pending:
        here = pending.pop()
        items = here.items() if isinstance(here, dict) else enumerate(here)
        for key, item in items:
            found.append((here, key))
            if isinstance(item, dict | list):
                pending.append(item)
    return found


def _misspelt(random: Random, word: str) -> str:
    if not word:
        return "x"
    at = random.randrange(len(word))
    return random.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + random.choice("_-. xé\n") + word[at + 1 :],
            word.upper(),
            word + "s",
            random.choice(WORDS),
        )
    )


def spoiled_document(random: Random, document: dict[str, Any]) -> dict[str, Any]:
    """A copy with one to four things in it deleted, doubled, renamed, moved or replaced.

    Parameters
    ----------
    random : Random
        Seeded: the same gives the same.
    document : dict
        Left as it is.
    """
    made = copy.deepcopy(document)
    for _ in range(random.randint(1, 4)):
        # A scenario has many more leaves than sections, and sections deserve their share.
        whole = random.random() < 0.3
        places = [(made, key) for key in made] if whole else _places(made)
        if not places:
            return made
        here, key = random.choice(places)
        value = here[key]
        slip = random.randrange(9)
        if slip == 0:
            del here[key]
        elif slip == 1 and isinstance(here, list):
            here.insert(key, copy.deepcopy(value))
        elif slip == 2 and isinstance(here, dict):
            here[_misspelt(random, key)] = here.pop(key)
        elif slip == 3 and isinstance(value, str):
            here[key] = _misspelt(random, value)
        elif slip == 4:
            other, there = random.choice(places)
            if other is not here or there != key:
                here[key] = copy.deepcopy(other[there])
        elif slip == 5 and isinstance(value, dict):
            value[random.choice(WORDS)] = _values(random)
        elif slip == 6:
            for _ in range(random.choice((1, 2, 30))):
                value = random.choice(([value], {"uniform": value}))
            here[key] = value
        elif slip == 7 and isinstance(value, int | float) and not isinstance(value, bool):
            here[key] = value * random.choice((-1, 10, 100, 1e6, 1e-6))
        else:
            here[key] = _values(random)
    found: dict[str, Any] = _without_none(made)
    return found


def _cut(random: Random, text: str) -> str:
    return text[: random.randrange(len(text))]


def _put(random: Random, text: str) -> str:
    pieces = (
        *("[", "]]", '"', "'''", '"""', "\ufeff", "\x00", "\x1b[31m", "\r", "\t", "\\u0000", "{"),
        *("= ", "#", ",", "[[plant.units]]\n", "[accord]\n", "\n[[gates]]\n", "\n[law]\n", "🙂"),
        *("9" * 5000, "a." * 50, "[" * 80, "\n[led_by]\nx=1\n", "nan", "1e999", "2027-13-01"),
    )
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice(pieces) + text[at:]


def _double_lines(random: Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    first = random.randrange(len(lines))
    last = min(len(lines), first + random.randrange(1, 30))
    return "".join(lines[:last] + lines[first:])


def _lose_lines(random: Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    first = random.randrange(len(lines))
    return "".join(lines[:first] + lines[first + random.randrange(1, 8) :])


def _swap_lines(random: Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "".join(lines)


def _lose_sign(random: Random, text: str) -> str:
    sign = random.choice('="[]{},\n')
    places = [at for at, one in enumerate(text) if one == sign]
    if not places:
        return text
    at = random.choice(places)
    return text[:at] + text[at + 1 :]


TEXT_SLIPS: tuple[Callable[[Random, str], str], ...] = (
    _cut,
    _put,
    _put,
    _double_lines,
    _lose_lines,
    _swap_lines,
    _lose_sign,
    lambda _, text: text.replace("\n", "\r\n"),
    lambda _, text: text.replace("\n", "\r"),
    lambda _, text: "\ufeff" + text,
)


def spoiled_bytes(random: Random, text: str) -> bytes:
    """The text with one to three slips, now and then in another encoding or with odd bytes."""
    for _ in range(random.randint(1, 3)):
        text = random.choice(TEXT_SLIPS)(random, text) or text
    kind = random.randrange(12)
    if kind == 0:
        return text.encode(random.choice(("utf-16", "utf-32", "utf-8-sig")))
    data = text.encode("utf-8")
    if kind == 1:
        at = random.randrange(len(data) + 1)
        return data[:at] + random.randbytes(random.randrange(1, 4)) + data[at:]
    return data
