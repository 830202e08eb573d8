"""Checks of what callers hand to `baseload.security`: one number or an array, refused in one sentence."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Mapping
from numbers import Real
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from baseload.errors import Fault, InputError, nearest

Floats = npt.NDArray[np.float64]
Wholes = npt.NDArray[np.int64]
Shares: TypeAlias = Mapping[str, float] | npt.ArrayLike
"""Shares of the hash rate by name, or as numbers along the last axis of an array."""

MOST_BLOCKS: Final = 1_000_000_000
"""Most confirmations or blocks that are taken: 19,000 years of them."""

SUM_TOLERANCE: Final = 1e-9
"""By how much shares may add up to more than one, for the rounding of tables."""

_NUMBER_KINDS = "iuf"


def refuse(field: str, found: str, allowed: str, *, near: str = "", note: str = "") -> InputError:
    """The error that names an argument, what was found and what is allowed; to be raised."""
    return InputError(Fault(None, None, None, field, found, allowed, near, note))


def numbers(
    field: str,
    given: npt.ArrayLike,
    least: float,
    most: float = np.inf,
    *,
    above_least: bool = False,
    below_most: bool = False,
    unit: str = "",
) -> Floats:
    """The argument as float64 of its own shape, refused where it is no finite number in a range.

    Parameters
    ----------
    field : str
        Name of the argument, for the message.
    given : array_like
        Real numbers; truth values, text, complex numbers and masked entries are refused.
    least, most : float
        Bounds of what is allowed.
    above_least, below_most : bool
        Whether the bound itself is refused.
    unit : str
        Unit for the message.

    Returns
    -------
    ndarray
        A copy.

    Raises
    ------
    InputError
        For the first entry that is not allowed.
    """
    allowed = _range_text(least, most, above_least, below_most, unit)
    array = _as_floats(field, given, allowed)
    # Comparisons that NaN fails.
    inside = (array > least) if above_least else (array >= least)
    inside &= (array < most) if below_most else (array <= most)
    inside &= np.isfinite(array)
    _refuse_first(field, array, ~inside, allowed)
    return array + 0.0  # minus zero becomes zero


def share_of_hash_rate(given: npt.ArrayLike, field: str = "share") -> Floats:
    """A share of the hash rate, from 0 to 1."""
    return numbers(field, given, 0.0, 1.0)


def whole_numbers(
    field: str, given: npt.ArrayLike, least: int, most: int = MOST_BLOCKS, unit: str = ""
) -> Wholes:
    """The argument as int64 of its own shape, refused where it is no whole number in a range.

    A float that is whole counts as one.
    """
    allowed = f"a whole number from {least:,} to {most:,}" + (f" [{unit}]" if unit else "")
    array = _as_floats(field, given, allowed)
    wrong = ~((array >= least) & (array <= most) & (array == np.floor(array)))
    _refuse_first(field, array, wrong, allowed)
    return array.astype(np.int64)


def whole_numbers_or_none(
    field: str, given: npt.ArrayLike | None, least: int, most: int = MOST_BLOCKS, unit: str = ""
) -> Wholes | None:
    """As `whole_numbers`; None stays None, which here means without end."""
    return None if given is None else whole_numbers(field, given, least, most, unit)


def truth(field: str, given: object) -> bool:
    """One of True and False."""
    if not isinstance(given, bool | np.bool_):
        raise refuse(field, reprlib.repr(given), "True or False")
    return bool(given)


def one_of(field: str, given: object, options: Iterable[str]) -> str:
    """One of the words that an argument may be."""
    words = tuple(options)
    if not isinstance(given, str) or given not in words:
        near = nearest(given, words) if isinstance(given, str) else ""
        raise refuse(field, reprlib.repr(given), ", ".join(words), near=near)
    return given


def one_number(field: str, array: Floats | Wholes) -> float:
    """The only number of an argument that may not be an array."""
    if array.ndim:
        raise refuse(field, f"an array of shape {array.shape}", "one number")
    return float(array)


def broadcast(**arrays: Floats | Wholes) -> tuple[Any, ...]:
    """The arguments brought to one shape by numpy's rules, in the order given."""
    try:
        return np.broadcast_arrays(*arrays.values())
    except ValueError:
        shapes = ", ".join(f"{field} {array.shape}" for field, array in arrays.items())
        raise refuse(" and ".join(arrays), shapes, "shapes that fit together") from None


def plain(array: npt.ArrayLike) -> Any:
    """A float or int for a single number, else the array itself."""
    found = np.asarray(array)
    return found.item() if found.ndim == 0 else found


def all_shares(shares: Shares) -> Floats:
    """Shares as an array with at least one axis, at most one together along the last."""
    if isinstance(shares, Mapping):
        return np.array(list(named_shares(shares).values()), dtype=np.float64)
    array = share_of_hash_rate(shares, "shares")
    if array.ndim == 0:
        raise refuse("shares", f"{float(array):.12g}", "a list of shares, or shares by name")
    if array.shape[-1] == 0:
        raise refuse("shares", "none", "at least one share")
    _at_most_one(array)
    return array


def named_shares(shares: Mapping[str, float]) -> dict[str, float]:
    """Shares by name as plain floats, at most one together."""
    if not isinstance(shares, Mapping):
        raise refuse("shares", type(shares).__name__, "shares by name, as from hash_rate_shares")
    if not shares:
        raise refuse("shares", "none", "at least one share")
    found = {
        name: one_number(f"shares[{name!r}]", share_of_hash_rate(share, f"shares[{name!r}]"))
        for name, share in shares.items()
    }
    _at_most_one(np.array(list(found.values())))
    return found


def _at_most_one(array: Floats) -> None:
    total = array.sum(axis=-1)
    if (total > 1.0 + SUM_TOLERANCE).any():
        raise refuse("shares", f"{float(total.max()):.12g} together", "at most 1 together")


def _as_floats(field: str, given: npt.ArrayLike, allowed: str) -> Floats:
    try:
        found = np.asarray(given)
        if found.dtype.kind not in _NUMBER_KINDS:
            # Text that looks like a number is refused; whole numbers beyond 64 bits are not.
            found = np.asarray(given, dtype=object)
            for index, one in np.ndenumerate(found):
                if isinstance(one, bool | np.bool_) or not isinstance(one, Real):
                    raise refuse(_place(field, index), reprlib.repr(one), allowed)
        with np.errstate(over="ignore"):  # what float64 cannot hold is told as infinite
            floats = np.array(found, dtype=np.float64)
    except OverflowError:
        raise refuse(field, "a number that float64 cannot hold", allowed) from None
    except (TypeError, ValueError):
        raise refuse(field, reprlib.repr(given), allowed, note="or an array of such") from None
    if isinstance(given, np.ma.MaskedArray):
        floats[np.ma.getmaskarray(given)] = np.nan  # what is masked is not known
    return floats


def _refuse_first(field: str, array: Floats, wrong: npt.NDArray[np.bool_], allowed: str) -> None:
    if wrong.any():
        index = tuple(int(i) for i in np.unravel_index(int(np.argmax(wrong)), array.shape))
        raise refuse(_place(field, index), f"{array[index]:.17g}", allowed)


def _place(field: str, index: tuple[int, ...]) -> str:
    return f"{field}[{', '.join(str(i) for i in index)}]" if index else field


def _range_text(least: float, most: float, above_least: bool, below_most: bool, unit: str) -> str:
    unit_text = f" [{unit}]" if unit else ""
    if np.isinf(least):
        return "a finite number" + unit_text
    words = "above" if above_least else "from" if np.isfinite(most) else "of at least"
    text = f"a finite number {words} {least:,.12g}"
    if np.isfinite(most):
        text += f" to below {most:,.12g}" if below_most else f" to {most:,.12g}"
    return text + unit_text
