"""Whole numbers divided by shares so that nothing is lost: the method of the largest remainder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, NoReturn

import numpy as np
import numpy.typing as npt

from baseload.errors import Fault, InputError
from baseload.sharing.shares import FINEST_SPLIT, common_denominator, fraction_of

Wholes = npt.NDArray[np.int64]

LARGEST_AMOUNT: Final = 1 << 56
"""Largest whole number that is divided: 720 trillion dollars in cents."""

_PIECE = 8192
_SMALL = 2048


@dataclass(frozen=True)
class Split:
    """Shares over one common denominator, in the order in which ties are settled.

    Parameters
    ----------
    numerators : tuple of int
        Add up to the denominator.
    denominator : int
        From 1 to 2**31.
    """

    numerators: tuple[int, ...]
    denominator: int

    def of(self, amount: Wholes) -> Wholes:
        """Parts of amounts of either sign, without a check; (n, ...) for amounts (...)."""
        if amount.size <= _SMALL:
            return self._divide(amount.reshape(-1)).reshape(len(self.numerators), *amount.shape)
        parts = np.zeros((len(self.numerators), *amount.shape), np.int64)
        # In pieces that stay in the cache; the many months in which nothing falls due are left out.
        flat, out = amount.reshape(-1), parts.reshape(len(parts), -1)
        for start in range(0, flat.size, _PIECE):
            piece = flat[start : start + _PIECE]
            due = np.flatnonzero(piece)
            if 2 * len(due) > len(piece):
                out[:, start : start + _PIECE] = self._divide(piece)
            elif len(due):
                out[:, start + due] = self._divide(piece[due])
        return parts

    def _divide(self, amount: Wholes) -> Wholes:
        size = np.abs(amount)
        # amount x share without 128 bits: whole multiples of the denominator and the rest apart.
        multiple = size // self.denominator
        rest = size - multiple * self.denominator
        parts = np.empty((len(self.numerators), len(amount)), np.int64)
        remainders = np.empty_like(parts)
        for part, remainder, numerator in zip(parts, remainders, self.numerators, strict=True):
            product = rest * numerator
            quotient = product // self.denominator
            np.subtract(product, quotient * self.denominator, out=remainder)
            np.add(multiple * numerator, quotient, out=part)
        left = size - parts.sum(axis=0)
        # How many come before each: larger remainders, and equal ones that are listed earlier.
        before = np.zeros(parts.shape, np.int16)
        for i in range(len(parts)):
            for j in range(i + 1, len(parts)):
                earlier = remainders[i] >= remainders[j]
                before[j] += earlier
                before[i] += ~earlier
        parts += before < left
        if (amount < 0).any():
            parts *= np.sign(amount)
        return parts


def split_of(shares: Sequence[Fraction]) -> Split:
    """Shares that are known to add up to one, made ready for dividing many amounts."""
    denominator = common_denominator(shares)
    return Split(tuple(int(share * denominator) for share in shares), denominator)


def apportion(amount: npt.ArrayLike, shares: Mapping[str, object] | Sequence[object]) -> Wholes:
    """Whole parts of whole amounts by shares: they add up to the amount exactly.

    Each gets what its share gives, rounded towards zero; what is left goes, one by one, to the
    largest remainders, among equal ones to the first [1]_. An amount below zero is divided as the
    same amount above it. No part is a whole unit away from its exact share.

    Parameters
    ----------
    amount : array_like of int
        Of any shape, either sign, up to 2**56. [cents, satoshis or any unit]
    shares : sequence of number, or mapping of name to number
        At least one, from 0 to 1, 1 together; numbers, or texts such as "1/3".

    Returns
    -------
    ndarray of int64
        (shares, ...), in the order given.

    Raises
    ------
    InputError
        For amounts that are no whole numbers, shares that do not add up to one, are below zero or
        too fine for a common denominator of 2**31.

    References
    ----------
    .. [1] M. L. Balinski, H. P. Young, Fair Representation, Yale University Press 1982 (Hamilton's
       method, 1792).

    Examples
    --------
    >>> apportion(100, ["1/3", "1/3", "1/3"]).tolist()
    [34, 33, 33]
    >>> apportion([10, -10], {"miner": 0.25, "state": 0.75}).tolist()
    [[3, -3], [7, -7]]
    """
    if isinstance(shares, Mapping):
        names: list[object] = list(shares)
        given = list(shares.values())
    else:
        try:
            given = list(shares)
        except TypeError:
            _refuse("shares", repr(shares), "a list of shares, or shares by name")
        names = list(range(len(given)))
    found: list[Fraction] = []
    for name, share in zip(names, given, strict=True):
        number = fraction_of(share)
        if number is None or not 0 <= number <= 1:
            _refuse(f"shares[{name!r}]", repr(share), 'a number from 0 to 1, or a text as "1/3"')
        found.append(number)
    if not found or sum(found) != 1:
        _refuse("shares", f"{float(sum(found)):.12g} together", "shares that add up to 1")
    split = split_of(found)
    if split.denominator > FINEST_SPLIT:
        _refuse("shares", "shares too fine to be divided exactly", "fewer decimals")
    return split.of(whole_amounts("amount", amount, -LARGEST_AMOUNT))


def rounded_product(amount: Wholes, factor: Fraction) -> Wholes:
    """amount x factor to the nearest whole, halves up, for amounts of 0 and more.

    Exact for factors up to 10 with a denominator of up to 12 times eight decimals.

    Examples
    --------
    >>> rounded_product(np.array([5, 7]), Fraction(1, 2)).tolist()
    [3, 4]
    """
    top, bottom = factor.numerator, factor.denominator
    multiple = amount // bottom
    product = (amount - multiple * bottom) * top
    quotient = product // bottom
    # 2 x remainder >= bottom, without the room for twice.
    up = product - quotient * bottom >= bottom - bottom // 2
    return multiple * top + quotient + up


def whole_amounts(field: str, given: npt.ArrayLike, least: int = 0) -> Wholes:
    """The argument as a fresh int64 array, refused where it is no whole number in a range.

    Parameters
    ----------
    field : str
        Name of the argument, for the message.
    given : array_like
        Whole numbers; truth values, text, and numbers with a fraction are refused.
    least : int
        The largest is 2**56.

    Returns
    -------
    ndarray of int64

    Raises
    ------
    InputError
        For the first entry that is not allowed.

    Examples
    --------
    >>> whole_amounts("cents", [1, 2]).tolist()
    [1, 2]
    """
    allowed = f"whole numbers from {least:,} to {LARGEST_AMOUNT:,}"
    try:
        array: npt.NDArray[Any] = np.asarray(given)
    except ValueError:
        _refuse(field, "lists of different lengths", allowed)
    kind = array.dtype.kind
    if kind == "f":
        # Whole floats count, as long as every whole number near them is one too.
        wrong = ~((np.abs(array) <= 2.0**53) & (array == np.floor(array)) & (array >= least))
    elif kind in "iu":
        wrong = (array < least) | (array > LARGEST_AMOUNT)
    elif array.size == 0:
        return np.zeros(array.shape, np.int64)
    else:
        _refuse(field, f"{array.ravel()[0]!r}", allowed)
    if wrong.any():
        index = tuple(int(i) for i in np.unravel_index(int(np.argmax(wrong)), array.shape))
        place = f"{field}[{', '.join(map(str, index))}]" if index else field
        _refuse(place, f"{array[index]}", allowed)
    return array.astype(np.int64)


def product_over(total: Wholes, part: Wholes, whole: Wholes) -> Wholes:
    """floor(total x part / whole) without 128 bits, for 0 <= part <= whole and total < 2**52.

    A float finds the quotient to within one; the residue, which is small, comes out right in
    arithmetic modulo 2**64, and tells which way to go. Zero where `whole` is zero.

    Examples
    --------
    >>> amounts = (np.array([2_099_999_999_999_999]), np.array([10**15]), np.array([3 * 10**15]))
    >>> product_over(*amounts).tolist()
    [699999999999999]
    """
    divisor = np.where(whole == 0, 1, whole)
    quotient = np.floor(total.astype(np.float64) * (part / divisor)).astype(np.int64)
    with np.errstate(over="ignore"):
        residue = total * part - quotient * divisor
    for _ in range(2):
        step = (residue >= divisor).astype(np.int64) - (residue < 0)
        quotient += step
        residue -= step * divisor
    if not ((residue >= 0) & (residue < divisor)).all():
        raise RuntimeError("a product was not divided exactly")
    return np.where(whole == 0, 0, quotient)


def _refuse(field: str, found: str, allowed: str) -> NoReturn:
    raise InputError(Fault(None, None, None, field, found, allowed))
