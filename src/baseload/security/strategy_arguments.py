"""Checks of what is handed to the functions on strategic mining: numbers in their range, or one error."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Sequence
from numbers import Integral, Real

import numpy as np
import numpy.typing as npt

from baseload.errors import Fault, InputError

Floats = npt.NDArray[np.float64]

A_SHARE = "a share from 0 to 1"
TIES = ("gamma", "uniform")


def fault(field: str, found: str, allowed: str, note: str = "") -> InputError:
    """The error for one wrong argument."""
    return InputError(Fault(None, None, None, field, found, allowed, note=note))


def shares(value: npt.ArrayLike, field: str) -> Floats:
    """An argument as an array of numbers from 0 to 1, or an `InputError` that names what is wrong."""
    try:
        found = np.asarray(value)
        if found.dtype.kind not in "iuf":
            # Text that looks like a number and True are mistakes; fractions are numbers.
            found = np.asarray(value, dtype=object)
            for index, one in np.ndenumerate(found):
                if isinstance(one, bool | np.bool_) or not isinstance(one, Real):
                    raise fault(_place(field, index), reprlib.repr(one), A_SHARE)
        numbers = np.array(found, dtype=np.float64) + 0.0  # minus zero becomes zero
    except (TypeError, ValueError, OverflowError):
        kind = "rows of unequal length" if isinstance(value, Sequence) else type(value).__name__
        raise fault(field, kind, A_SHARE) from None
    if isinstance(value, np.ma.MaskedArray):
        numbers[np.ma.getmaskarray(value)] = np.nan  # what is masked is not known
    wrong = ~((numbers >= 0.0) & (numbers <= 1.0))
    if wrong.any():
        index = tuple(int(i) for i in np.unravel_index(int(np.argmax(wrong)), numbers.shape))
        raise fault(_place(field, index), repr(float(numbers[index])), A_SHARE)
    return numbers


def together(**given: npt.ArrayLike) -> tuple[Floats, ...]:
    """Shares by name, brought to one shape."""
    arrays = [shares(value, field) for field, value in given.items()]
    try:
        return tuple(array.copy() for array in np.broadcast_arrays(*arrays))
    except ValueError:
        shapes = " and ".join(str(array.shape) for array in arrays)
        names = " and ".join(given)
        raise fault(names, f"shapes {shapes}", "shapes that fit one another") from None


def plain(result: Floats) -> float | Floats:
    """A number for numbers, an array for arrays."""
    return float(result) if result.ndim == 0 else result


def one_share(value: float, field: str) -> float:
    """A single share."""
    number = shares(value, field)
    if number.ndim:
        raise fault(field, f"an array of shape {number.shape}", "one number from 0 to 1")
    return float(number)


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


def _place(field: str, index: tuple[int, ...]) -> str:
    return f"{field}[{', '.join(str(i) for i in index)}]" if index else field
