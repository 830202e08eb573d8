"""Dispatch of any block of hours for anyone who has arrays: the merit order, in floats as given.

The engine does the same in whole kilowatts for every hour of every path; on whole numbers the two
agree exactly.
"""

from __future__ import annotations

import math
import reprlib
from collections.abc import Sequence
from numbers import Real
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.errors import Fault, InputError, raise_all

Floats = npt.NDArray[np.float64]
Size = int | str  # a length, or the letter that stands for it where it is not known

HOURLY = ("available_mw", "firm_mw", "price_usd_per_mwh", "export_limit_mw")
FLOAT_KINDS = "iuf"


class DispatchedHours(NamedTuple):
    """What became of every hour's power; H hours, K batches.

    Parameters
    ----------
    served_mw : ndarray (H,)
        Firm load that the plant serves. [MW]
    unserved_mw : ndarray (H,)
        Firm load that it does not. [MW]
    mined_mw : ndarray (H, K)
        What each batch of the mine takes. [MW]
    exported_mw : ndarray (H,)
        [MW]
    curtailed_mw : ndarray (H,)
        What could have been produced and has no use worth zero or more. [MW]
    value_usd : float
        Mining and export over all the hours, not rounded; firm load has no price. [USD]
    """

    served_mw: Floats
    unserved_mw: Floats
    mined_mw: Floats
    exported_mw: Floats
    curtailed_mw: Floats
    value_usd: float


def dispatch_hours(
    available_mw: npt.ArrayLike,
    firm_mw: npt.ArrayLike,
    price_usd_per_mwh: npt.ArrayLike,
    export_limit_mw: npt.ArrayLike,
    batch_mw: npt.ArrayLike,
    batch_value_usd_per_mwh: npt.ArrayLike,
) -> DispatchedHours:
    """The best use of every hour's power, where nothing links one hour with the next.

    Firm load comes first. What is left goes to the batches of the mine and to export in the order
    of what a MWh is worth there; on equal worth batches come before export, and the lower index
    first. A use worth less than zero is not made, one worth zero is: values and prices are meant net
    of what not producing would save. Each hour's surplus is a knapsack that may be filled in parts;
    filling it in the order of value per MWh is best [1]_.

    Parameters
    ----------
    available_mw : array_like (H,)
        What the plant can give. [MW]
    firm_mw : array_like (H,)
        Load that is served before all else. [MW]
    price_usd_per_mwh : array_like (H,)
        Net price of export; may be negative. [USD/MWh]
    export_limit_mw : array_like, scalar or (H,)
        What the line carries. [MW]
    batch_mw : array_like (K,)
        Power of each batch of the mine at the meter; there may be none. [MW]
    batch_value_usd_per_mwh : array_like (K,) or (H, K)
        Net value of mining with a MWh, for all hours or hour by hour. [USD/MWh]

    Returns
    -------
    DispatchedHours
        New arrays of float64; the arguments are left as they are.

    Raises
    ------
    InputError
        With every fault found: what is no number, not finite, negative megawatts, shapes that do not
        fit together.

    References
    ----------
    .. [1] G. B. Dantzig, Discrete-Variable Extremum Problems, Operations Research 5(2), 1957,
       https://doi.org/10.1287/opre.5.2.266

    Examples
    --------
    1,000 MW of which 400 are owed: 300 to the batch worth 80, then 200 of export at 60, then 100 to
    the batch worth 50.

    >>> hour = dispatch_hours([1000], [400], [60], 200, [500, 300], [50, 80])
    >>> hour.mined_mw.tolist(), hour.exported_mw.tolist(), hour.value_usd
    ([[100.0, 300.0]], [200.0], 41000.0)
    """
    given = {
        "available_mw": available_mw,
        "firm_mw": firm_mw,
        "price_usd_per_mwh": price_usd_per_mwh,
        "export_limit_mw": export_limit_mw,
        "batch_mw": batch_mw,
        "batch_value_usd_per_mwh": batch_value_usd_per_mwh,
    }
    faults: list[Fault] = []
    arrays = {field: _numbers(field, value, faults) for field, value in given.items()}
    read = {field: array for field, array in arrays.items() if array is not None}
    _check_shapes(read, faults)
    for field, array in read.items():
        _check_values(field, array, faults)
    raise_all(faults)
    return _dispatched(
        read["available_mw"],
        read["firm_mw"],
        read["price_usd_per_mwh"],
        np.broadcast_to(read["export_limit_mw"], read["available_mw"].shape).copy(),
        read["batch_mw"],
        # One row stands for all hours.
        np.atleast_2d(read["batch_value_usd_per_mwh"]),
    )


def _dispatched(
    available_mw: Floats,
    firm_mw: Floats,
    price_usd_per_mwh: Floats,
    export_limit_mw: Floats,
    batch_mw: Floats,
    batch_value_usd_per_mwh: Floats,
) -> DispatchedHours:
    # The compiler is loaded by whoever dispatches, not by whoever imports.
    from baseload.dispatch.hours_kernels import dispatch_block

    hours, batches = available_mw.size, batch_mw.size
    served_mw = np.zeros(hours)
    mined_mw = np.zeros((hours, batches))
    exported_mw = np.zeros(hours)
    curtailed_mw = np.zeros(hours)
    value_usd = float(
        dispatch_block(
            available_mw,
            firm_mw,
            price_usd_per_mwh,
            export_limit_mw,
            batch_mw,
            batch_value_usd_per_mwh,
            # A stable order keeps the lower index first among equals.
            np.argsort(-batch_value_usd_per_mwh, axis=1, kind="stable"),
            served_mw,
            mined_mw,
            exported_mw,
            curtailed_mw,
        )
    )
    if not math.isfinite(value_usd):
        raise InputError(
            _fault("value_usd", "more than a float64 holds", "a sum below 1.7e308 [USD]")
        )
    return DispatchedHours(
        served_mw, firm_mw - served_mw, mined_mw, exported_mw, curtailed_mw, value_usd
    )


def _numbers(field: str, given: npt.ArrayLike, faults: list[Fault]) -> Floats | None:
    """A copy of the argument in float64, or None and a fault where it holds anything but numbers."""
    allowed = f"numbers {_unit(field)}"
    try:
        found = np.asarray(given)
        if found.dtype.kind not in FLOAT_KINDS:
            # Text that looks like a number is refused, and whole numbers beyond 64 bits are not.
            found = np.asarray(given, dtype=object)
            for index, one in np.ndenumerate(found):
                if isinstance(one, bool | np.bool_) or not isinstance(one, Real):
                    place, note = _place(field, found.ndim, index)
                    faults.append(
                        _fault(place, reprlib.repr(one), f"a number {_unit(field)}", note)
                    )
                    return None
        with np.errstate(over="ignore"):  # what float64 cannot hold is told as infinite
            numbers = np.array(found, dtype=np.float64, order="C")
    except OverflowError:
        faults.append(_fault(field, "a number that float64 cannot hold", allowed))
        return None
    except (TypeError, ValueError):
        kind = "rows of unequal length" if isinstance(given, Sequence) else type(given).__name__
        faults.append(_fault(field, kind, allowed))
        return None
    if isinstance(given, np.ma.MaskedArray):
        numbers[np.ma.getmaskarray(given)] = np.nan  # what is masked is not known
    numbers += 0.0  # minus zero becomes zero
    return numbers


def _check_shapes(arrays: dict[str, Floats], faults: list[Fault]) -> None:
    """Add a fault for each array whose shape does not fit the hours and batches."""
    hours, batches = (
        arrays[field].size if field in arrays and arrays[field].ndim == 1 else letter
        for field, letter in (("available_mw", "H"), ("batch_mw", "K"))
    )
    for field, array in arrays.items():
        allowed: tuple[tuple[Size, ...], ...] = ((hours,),)
        words = "one number an hour"
        if field == "export_limit_mw":
            allowed, words = ((), (hours,)), "one number, or one an hour"
        elif field == "batch_mw":
            allowed, words = ((batches,),), "one number a batch"
        elif field == "batch_value_usd_per_mwh":
            allowed = ((batches,), (hours, batches))
            words = "one number a batch, for all hours or hour by hour"
        if not any(_fits(array.shape, shape) for shape in allowed):
            shapes = " or ".join(_text(shape) for shape in allowed)
            sizes = f"available_mw has {hours} hours, batch_mw {batches} batches"
            faults.append(
                _fault(
                    field,
                    f"shape {_text(array.shape)}",
                    f"shape {shapes}: {words}",
                    "" if isinstance(hours, str) or isinstance(batches, str) else sizes,
                )
            )


def _check_values(field: str, array: Floats, faults: list[Fault]) -> None:
    """Add a fault for the first number that is not finite, or negative where that means nothing."""
    wrong = ~np.isfinite(array)
    allowed = f"a finite number {_unit(field)}"
    if field.endswith("_mw"):
        wrong |= array < 0.0
        allowed = f"a finite number of at least 0 {_unit(field)}"
    if wrong.any():
        index = tuple(int(i) for i in np.unravel_index(int(np.argmax(wrong)), array.shape))
        place, note = _place(field, array.ndim, index)
        faults.append(_fault(place, repr(float(array[index])), allowed, note))


def _place(field: str, dimensions: int, index: tuple[int, ...]) -> tuple[str, str]:
    """The field with its index, and in words which hour and batch that is."""
    if dimensions == 0:
        return field, ""
    axes: tuple[str, ...] = ("hour",) if field in HOURLY else ("batch",)
    if dimensions == 2 and field == "batch_value_usd_per_mwh":
        axes = ("hour", "batch")
    place = f"{field}[{', '.join(str(i) for i in index)}]"
    if len(axes) != dimensions:
        return place, ""
    which = ", ".join(f"{axis} {i}" for axis, i in zip(axes, index, strict=True))
    return place, f"{which}, counted from 0"


def _fits(shape: tuple[int, ...], allowed: tuple[Size, ...]) -> bool:
    """Whether a shape is the allowed one; a letter stands for any length."""
    return len(shape) == len(allowed) and all(
        isinstance(size, str) or size == found for found, size in zip(shape, allowed, strict=True)
    )


def _text(shape: tuple[Size, ...]) -> str:
    if len(shape) == 1:
        return f"({shape[0]},)"
    return f"({', '.join(str(size) for size in shape)})"


def _unit(field: str) -> str:
    return "[MW]" if field.endswith("_mw") else "[USD/MWh]"


def _fault(field: str, found: str, allowed: str, note: str = "") -> Fault:
    return Fault(None, None, None, field, found, allowed, note=note)
