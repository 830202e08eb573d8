"""Shares and rates as exact fractions: 0.1 is a tenth, and "1/3" a third."""

from __future__ import annotations

import math
import re
import reprlib
from collections.abc import Iterable
from fractions import Fraction
from numbers import Rational
from typing import Annotated, Any, Final

import numpy as np
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from baseload.errors import FieldFault

FINEST_SHARE: Final = 10**8
"""Largest denominator of one share: eight decimals."""

FINEST_SPLIT: Final = 1 << 31
"""Largest common denominator of the shares of one split: its square still fits 64 bits."""

_QUOTIENT = re.compile(r"(\d{1,10})\s*/\s*(\d{1,10})")


def fraction_of(value: object) -> Fraction | None:
    """The number as it is written, or None for what is no finite number.

    Parameters
    ----------
    value : object
        A number, or a text such as "1/3".

    Returns
    -------
    Fraction or None
        A float stands for the shortest decimal that means it.

    Examples
    --------
    >>> fraction_of(0.1), fraction_of("1/3"), fraction_of(True), fraction_of("a third")
    (Fraction(1, 10), Fraction(1, 3), None, None)
    """
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, str):
        match = _QUOTIENT.fullmatch(value.strip())
        return Fraction(int(match[1]), int(match[2])) if match and int(match[2]) else None
    if isinstance(value, float | np.floating):
        return Fraction(str(value)) if math.isfinite(value) else None
    if isinstance(value, int | np.integer):
        return Fraction(int(value))
    if isinstance(value, Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    return None


def plain_number(fraction: Fraction) -> float | str:
    """How the fraction is written in a scenario: a decimal where there is one, else "1/3".

    Examples
    --------
    >>> plain_number(Fraction(1, 4)), plain_number(Fraction(1, 3))
    (0.25, '1/3')
    """
    decimal = float(fraction)
    same = Fraction(str(decimal)) == fraction
    return decimal if same else f"{fraction.numerator}/{fraction.denominator}"


def common_denominator(shares: Iterable[Fraction]) -> int:
    """The smallest number by which all shares become whole.

    Examples
    --------
    >>> common_denominator([Fraction(1, 4), Fraction(1, 6)])
    12
    """
    return math.lcm(*(share.denominator for share in shares))


class Within:
    """Bounds of a share or rate that is written as a number or as a quotient of whole numbers.

    Parameters
    ----------
    low, high : int
        What it may be, both ends included.
    above : bool
        Whether `low` itself is excluded.
    """

    def __init__(self, low: int, high: int, *, above: bool = False) -> None:
        self.low, self.high, self.above = low, high, above

    def words(self) -> str:
        """The bounds in words."""
        start = "above" if self.above else "from"
        return f'a number {start} {self.low} to {self.high}, or a text as "1/3"'

    def check(self, value: object) -> Fraction:
        """The value as a fraction; raises FieldFault."""
        number = fraction_of(value)
        if number is None:
            raise FieldFault(found=reprlib.repr(value), allowed=self.words())
        too_low = number < self.low or (self.above and number == self.low)
        if too_low or number > self.high:
            raise FieldFault(found=str(plain_number(number)), allowed=self.words())
        if number.denominator > FINEST_SHARE:
            raise FieldFault(found=str(value), allowed=f"{self.words()}, of eight decimals at most")
        return number

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.check, serialization=core_schema.plain_serializer_function_ser_schema(plain_number)
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"title": "share", "description": self.words()}


ExactShare = Annotated[Fraction, Within(0, 1)]
SharePaid = Annotated[Fraction, Within(0, 1, above=True)]
ExactFactor = Annotated[Fraction, Within(0, 10)]
