"""Numbers as they were written, exactly: what makes equal mean equal in games and bargains."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from numbers import Rational
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from baseload.errors import Fault, InputError

Integers = npt.NDArray[Any]
"""Whole numbers: int64 where they fit, Python's own (dtype object) where they do not."""

NUMBER = "a finite number"
_SAFE = 1 << 62


def exact(value: object) -> Fraction | None:
    """The number as a fraction, or None for what is no finite number.

    A float stands for the shortest decimal that means it: 0.1 is a tenth, so that sums which agree
    on paper agree here.

    Examples
    --------
    >>> exact(0.1), exact(float("nan")), exact(True), exact("1")
    (Fraction(1, 10), None, None, None)
    """
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, int | np.integer):
        return Fraction(int(value))
    if isinstance(value, float | np.floating):
        return Fraction(str(value)) if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return Fraction(value) if value.is_finite() else None
    if isinstance(value, Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    return None


def demand(value: object, field: str, allowed: str = NUMBER, *, note: str = "") -> Fraction:
    """The number as a fraction.

    Raises
    ------
    InputError
        For what is no finite number.

    Examples
    --------
    >>> demand(2.5, "quota")
    Fraction(5, 2)
    """
    number = exact(value)
    if number is None:
        refuse(field, reprlib.repr(value), allowed, note=note)
    return number


def refuse(field: str, found: str, allowed: str = "", *, note: str = "") -> NoReturn:
    """Raise an `InputError` with one fault.

    Examples
    --------
    >>> refuse("quota", "-1", "a number above 0")
    Traceback (most recent call last):
    baseload.errors.InputError: quota
      found    -1
      allowed  a number above 0
    """
    raise InputError(Fault(None, None, None, field, found, allowed, note=note))


def common_scale(numbers: Iterable[Fraction]) -> int:
    """The smallest number by which all of them become whole.

    Examples
    --------
    >>> common_scale([Fraction(1, 4), Fraction(5, 6)])
    12
    """
    return math.lcm(*(number.denominator for number in numbers))


def whole(numbers: Sequence[Fraction], scale: int) -> list[int]:
    """The numbers times a scale that makes them whole.

    Examples
    --------
    >>> whole([Fraction(1, 4), Fraction(5, 6)], 12)
    [3, 10]
    """
    return [number.numerator * (scale // number.denominator) for number in numbers]


def integers(numbers: Sequence[int], headroom: int = 1) -> Integers:
    """An array of int64, or of Python's numbers where one, times the headroom, does not fit.

    Examples
    --------
    >>> integers([1, 2]).dtype, integers([1, 10**30]).dtype
    (dtype('int64'), dtype('O'))
    """
    largest = max((abs(number) for number in numbers), default=0)
    return np.array(numbers, np.int64 if largest * headroom < _SAFE else object)


def listed(names: Iterable[object], most: int = 5) -> str:
    """Names for a message, cut off after a few.

    Examples
    --------
    >>> listed(["A", "B"]), listed("ABCDEFG", most=2)
    ('A, B', 'A, B and 5 more')
    """
    all_names = [str(name) for name in names]
    more = len(all_names) - most
    return ", ".join(all_names[:most]) + (f" and {more} more" if more > 0 else "")
