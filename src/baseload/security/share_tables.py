"""Who has how much of the hash rate: dated tables with a source on every row, which a file may replace."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from baseload.errors import Fault, InputError, nearest
from baseload.security.arguments import SUM_TOLERANCE, one_of
from baseload.sources import Sourced, SourceError, read_packaged, read_sourced

LEVELS: Final = ("pool", "template", "operator", "state")
"""By what the hash rate is told apart: the pool's tag in the coinbase, who builds the block template
(pools that hand out those of another are one), who owns the machines, where they stand."""

COLUMNS: Final = ("level", "name", "template_family", "value", "unit", "on")


@dataclass(frozen=True)
class ShareRow:
    """The share of one pool, operator or state.

    Attributes
    ----------
    level : str
        `pool`, `operator` or `state`; templates come from the families of the pools.
    name : str
        As messages and results call it.
    template_family : str
        Of a pool: the group whose templates it hands out; empty for its own.
    share : float
        Of the hash rate, 0 to 1.
    on : str
        Month that the share is of.
    source : str
        Where the figure comes from.
    read_on : date
        The day the source was read.
    note : str
        How it was derived, and what is uncertain.
    """

    level: str
    name: str
    template_family: str
    share: float
    on: str
    source: str
    read_on: date
    note: str


def share_rows(file: str | os.PathLike[str] | None = None) -> tuple[ShareRow, ...]:
    """Every row of the shipped table, or of a file in its place.

    Parameters
    ----------
    file : path, optional
        CSV in UTF-8 with the columns `level,name,template_family,value,unit,on,source,read_on,note`;
        the unit is `share`. None for the table that ships.

    Returns
    -------
    tuple of ShareRow
        In the order of the table.

    Raises
    ------
    InputError
        For a file that cannot be read, a row without source or date, a name that stands twice, or
        shares of a level that add up to more than one.

    Examples
    --------
    >>> share_rows()[0].name, share_rows()[0].on
    ('Foundry USA', '2026-04')
    """
    if file is None:
        return _shipped()
    path = Path(file)
    try:
        return _checked(read_sourced(path, COLUMNS))
    except SourceError as error:
        raise InputError(
            Fault(
                None,
                None,
                None,
                "file",
                str(error),
                f"columns {', '.join(COLUMNS)}, source, read_on",
            )
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "text that is not UTF-8"
        raise InputError(
            Fault(None, None, None, "file", f"{path}: {why}", "a CSV file in UTF-8")
        ) from None


def hash_rate_shares(
    level: str = "pool", file: str | os.PathLike[str] | None = None
) -> dict[str, float]:
    """Shares of the hash rate at one level, largest first.

    They add up to less than one where the source does not tell all apart.

    Parameters
    ----------
    level : str
        "pool" by tags, "template" by who builds the block template, "operator" or "state".
    file : path, optional
        As in `share_rows`.

    Returns
    -------
    dict of str to float
        A fresh dictionary.

    Raises
    ------
    InputError
        For an unknown level, a level without rows, and as `share_rows`.

    Examples
    --------
    >>> next(iter(hash_rate_shares("pool").items()))
    ('Foundry USA', 0.300612)
    >>> name, share = next(iter(hash_rate_shares("template").items()))
    >>> name, round(share, 3)
    ('AntPool & friends', 0.316)
    """
    one_of("level", level, LEVELS)
    wanted = "pool" if level == "template" else level
    found: dict[str, float] = {}
    for row in share_rows(file):
        if row.level == wanted:
            name = row.template_family or row.name if level == "template" else row.name
            found[name] = found.get(name, 0.0) + row.share
    if not found:
        raise InputError(
            Fault(
                None, None, None, "level", f"no rows of the level {level}", "a level of the table"
            )
        )
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def known_name(name: str, shares: dict[str, float], field: str = "pool") -> str:
    """The name in a table that is meant; capitals, blanks and hyphens do not matter.

    Raises
    ------
    InputError
        For a name that the table does not have, with the nearest spelling.

    Examples
    --------
    >>> known_name("foundryusa", hash_rate_shares())
    'Foundry USA'
    """
    by_letters = {_letters(one): one for one in shares}
    if isinstance(name, str) and _letters(name) in by_letters:
        return by_letters[_letters(name)]
    near = nearest(name, shares) if isinstance(name, str) else ""
    if not near and isinstance(name, str):
        # A short name for a long one, as in "Foundry".
        begins = [one for key, one in by_letters.items() if key.startswith(_letters(name)[:4])]
        near = begins[0] if _letters(name) and begins else ""
    raise InputError(
        Fault(None, None, None, field, repr(name), f"one of {', '.join(shares)}", near)
    )


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


@cache
def _shipped() -> tuple[ShareRow, ...]:
    return _checked(read_packaged("baseload.security", "pool_shares.csv", COLUMNS))


def _checked(rows: tuple[Sourced, ...]) -> tuple[ShareRow, ...]:
    found: list[ShareRow] = []
    seen: set[tuple[str, str]] = set()
    totals: dict[str, float] = {}
    for row in rows:
        level, name, share = row.text("level"), row.text("name"), row.number("value")
        if level not in LEVELS or level == "template":
            raise SourceError(f"{row.place}  level: found {level!r}, allowed pool, operator, state")
        if row.text("unit") != "share":
            raise SourceError(f"{row.place}  unit: found {row.text('unit')!r}, allowed share")
        if not 0.0 <= share <= 1.0:
            raise SourceError(f"{row.place}  value: found {share:.12g}, allowed from 0 to 1")
        if (level, _letters(name)) in seen:
            raise SourceError(f"{row.place}  name: found {name!r} a second time")
        seen.add((level, _letters(name)))
        totals[level] = totals.get(level, 0.0) + share
        if totals[level] > 1.0 + SUM_TOLERANCE:
            raise SourceError(
                f"{row.place}  value: found shares of level {level} that add up to"
                f" {totals[level]:.12g}, allowed at most 1"
            )
        found.append(
            ShareRow(
                level, name, row.cells["template_family"], share, row.text("on"),
                row.source, row.read_on, row.note,
            )
        )  # fmt: skip
    return tuple(found)
