"""Checks of what is handed to the functions on strategic mining: numbers in their range, or one error."""

from __future__ import annotations

import math
import reprlib
from numbers import Integral, Real

import numpy as np
import numpy.typing as npt

from baseload.errors import InputError
from baseload.security import arguments
from baseload.security.arguments import broadcast, one_number, refuse, share_of_hash_rate

Floats = npt.NDArray[np.float64]

TIES = ("gamma", "uniform")


def fault(field: str, found: str, allowed: str, note: str = "") -> InputError:
    """The error for one wrong argument."""
    return refuse(field, found, allowed, note=note)


def shares(value: npt.ArrayLike, field: str) -> Floats:
    """An argument as an array of numbers from 0 to 1."""
    return share_of_hash_rate(value, field)


def together(**given: npt.ArrayLike) -> tuple[Floats, ...]:
    """Shares by name, brought to one shape."""
    arrays = {field: shares(value, field) for field, value in given.items()}
    return tuple(array.copy() for array in broadcast(**arrays))


def plain(result: Floats) -> float | Floats:
    """A number for numbers, an array for arrays."""
    found: float | Floats = arguments.plain(result)
    return found


def one_share(value: float, field: str) -> float:
    """A single share."""
    return one_number(field, shares(value, field))


def positive(value: float, field: str, unit: str = "", zero_allowed: bool = False) -> float:
    """A finite number above 0, or of 0 or more."""
    number = isinstance(value, Real) and not isinstance(value, bool | np.bool_)
    allowed = f"a finite number {'of 0 or more' if zero_allowed else 'above 0'}{unit}"
    if not number or not math.isfinite(value) or value < 0 or (value == 0 and not zero_allowed):
        raise fault(field, reprlib.repr(value), allowed)
    return float(value)


def whole(value: int, field: str, first: int, last: int) -> int:
    """A whole number within two others."""
    number = isinstance(value, Integral) and not isinstance(value, bool | np.bool_)
    if not number or not first <= value <= last:
        raise fault(field, reprlib.repr(value), f"a whole number from {first:,} to {last:,}")
    return int(value)


def tie_rule(value: str) -> bool:
    """Whether miners choose among equal branches at random."""
    if not isinstance(value, str) or value not in TIES:
        raise fault("tie", reprlib.repr(value), " or ".join(f'"{one}"' for one in TIES))
    return value == "uniform"
