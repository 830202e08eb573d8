"""What holds after signing: whether anybody gains by leaving an arrangement, who and when.

No court stands over states. An arrangement holds if each party, at the start of each year, has more
to expect from going on than from leaving with what is within its reach.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from baseload.accord.exact import listed, refuse

Floats = npt.NDArray[np.float64]
PaidAt = Literal["end", "start"]

# Sums of discounted floats that should be equal differ by so much, of the largest amount.
ROUNDING = 1e-9


def continuation(
    cash: npt.ArrayLike,
    rates_per_year: npt.ArrayLike,
    after: npt.ArrayLike | None = None,
    *,
    paid_at: PaidAt = "end",
) -> Floats:
    """Present value of what is still to come, at the start of each year.

    V(t) = sum over s >= t of cash(s) / (1 + rate)^(s - t + e), with e = 1 for payments at the end of
    a year and 0 for those at its start.

    Parameters
    ----------
    cash : array_like (parties, years)
        Expected cash of each year while the arrangement holds. [USD or any unit]
    rates_per_year : array_like (parties,)
        Each party's own discount rate, from 0 to 10.
    after : array_like (parties,), optional
        What each expects beyond the last year, as a value at its end. By default nothing.
    paid_at : {"end", "start"}
        When in its year an amount is paid.

    Returns
    -------
    ndarray (parties, years)

    Raises
    ------
    InputError
        For what is no finite number, shapes that do not fit, rates out of range.

    Examples
    --------
    >>> continuation([[10, 10]], [0.25]).tolist()
    [[14.4, 8.0]]
    """
    flows = _table("cash", cash, None)
    return _values(
        flows,
        _rates(rates_per_year, len(flows)),
        _column("after", after, len(flows)),
        _payment_lag(paid_at),
    )


def walk_out(
    kept: npt.ArrayLike,
    rates_per_year: npt.ArrayLike,
    stream: npt.ArrayLike | None = None,
    losses: npt.ArrayLike | None = None,
    after: npt.ArrayLike | None = None,
    *,
    paid_at: PaidAt = "end",
) -> Floats:
    """Value of leaving at the start of each year.

    What is kept at once, and the present value of what is earned afterwards less what the return of
    sanctions costs, in the year of leaving and in all later ones.

    Parameters
    ----------
    kept : array_like (parties, years)
        Plant, machines and coins within reach, in the year of leaving.
    rates_per_year : array_like (parties,)
        Each party's own discount rate, from 0 to 10.
    stream, losses : array_like (parties, years), optional
        Earned, and lost through sanctions that snap back, in each year outside. By default nothing.
    after : array_like (parties,), optional
        What each expects outside beyond the last year, as a value at its end. By default nothing.
    paid_at : {"end", "start"}
        When in its year an amount of the streams is paid; what is kept is taken at the start.

    Returns
    -------
    ndarray (parties, years)

    Raises
    ------
    InputError
        As `continuation`.

    Examples
    --------
    >>> walk_out([[6, 9]], [0.25], stream=[[5, 5]], losses=[[0, 10]]).tolist()
    [[6.8, 5.0]]
    """
    taken = _table("kept", kept, None)
    net = _table("stream", stream, taken.shape) - _table("losses", losses, taken.shape)
    parties = len(taken)
    later = _values(
        net,
        _rates(rates_per_year, parties),
        _column("after", after, parties),
        _payment_lag(paid_at),
    )
    return taken + later


@dataclass(frozen=True, eq=False)
class Prospects:
    """What each party expects inside and outside an arrangement; all arrays checked and alike.

    Parameters
    ----------
    parties : tuple of str
    rates_per_year : array_like (parties,)
        From 0 to 10.
    cash : array_like (parties, years)
        Expected cash of each year while it holds.
    kept : array_like (parties, years)
        What a party keeps that leaves at the start of a year.
    stream, losses : array_like (parties, years), optional
        Earned, and lost through sanctions that snap back, in each year outside.
    after_inside, after_outside : array_like (parties,), optional
        Values at the end of the last year of what comes beyond it.
    outside : array_like (parties,), optional
        Present value at signing of never having signed. By default nothing.
    paid_at : {"end", "start"}
        When in its year an amount is paid.

    Raises
    ------
    InputError
        For what is no finite number, shapes that do not fit, rates out of range, names that are
        none or come twice.
    """

    parties: tuple[str, ...]
    rates_per_year: Floats
    cash: Floats
    kept: Floats
    stream: Floats
    losses: Floats
    after_inside: Floats
    after_outside: Floats
    outside: Floats
    paid_at: PaidAt

    def __init__(
        self,
        parties: tuple[str, ...] | list[str],
        rates_per_year: npt.ArrayLike,
        cash: npt.ArrayLike,
        kept: npt.ArrayLike,
        stream: npt.ArrayLike | None = None,
        losses: npt.ArrayLike | None = None,
        after_inside: npt.ArrayLike | None = None,
        after_outside: npt.ArrayLike | None = None,
        outside: npt.ArrayLike | None = None,
        *,
        paid_at: PaidAt = "end",
    ) -> None:
        names = tuple(parties) if isinstance(parties, list | tuple) else ()
        if not names or len(set(names)) != len(names):
            refuse("parties", repr(parties), "names, one at least and none twice")
        flows = _table("cash", cash, None)
        if len(flows) != len(names):
            refuse("cash", f"{len(flows)} rows", f"one row for each of {listed(names)}")
        _payment_lag(paid_at)
        fields: Mapping[str, Any] = {
            "parties": names,
            "rates_per_year": _rates(rates_per_year, len(names)),
            "cash": flows,
            "kept": _table("kept", kept, flows.shape),
            "stream": _table("stream", stream, flows.shape),
            "losses": _table("losses", losses, flows.shape),
            "after_inside": _column("after_inside", after_inside, len(names)),
            "after_outside": _column("after_outside", after_outside, len(names)),
            "outside": _column("outside", outside, len(names)),
            "paid_at": paid_at,
        }
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    @property
    def years(self) -> int:
        """Length of the horizon. [years]"""
        return int(self.cash.shape[1])

    @property
    def lag(self) -> int:
        """Years from the start of a year to its payments: 1 or 0."""
        return _payment_lag(self.paid_at)

    def staying(self) -> Floats:
        """Value of going on, at the start of each year (parties, years)."""
        return _values(self.cash, self.rates_per_year, self.after_inside, self.lag)

    def leaving(self) -> Floats:
        """Value of leaving, at the start of each year (parties, years)."""
        net = self.stream - self.losses
        return self.kept + _values(net, self.rates_per_year, self.after_outside, self.lag)

    def rounding(self) -> float:
        """Below this a gain is none."""
        return ROUNDING * max(
            1e-300, float(np.abs(self.staying()).max()), float(np.abs(self.leaving()).max())
        )


@dataclass(frozen=True, eq=False)
class Enforcement:
    """Whether an arrangement holds by itself.

    Parameters
    ----------
    gains : ndarray (parties, years)
        What leaving at the start of a year brings beyond staying.
    staying, leaving : ndarray (parties, years)
        The two values.
    first_years : dict
        For each party that gains in some year, the first such year, from 0.
    first_to_leave : tuple of str
        Who gains in the earliest of these years; none where nobody ever gains.
    year : int or None
        That year.
    self_enforcing : bool
        Whether nobody gains in any year.
    """

    gains: Floats
    staying: Floats
    leaving: Floats
    first_years: dict[str, int]
    first_to_leave: tuple[str, ...]
    year: int | None
    self_enforcing: bool


def self_enforcing(prospects: Prospects) -> Enforcement:
    """Who gains by leaving, in which year, and who leaves first.

    An arrangement is self-enforcing if no party gains by leaving at the start of any year: then none
    can gain by any plan to leave, as whoever leaves leaves in some year [1]_ [2]_. Where one party
    gains in a year, what the others expect of later years is not to be had either; how far back that
    reaches is not worked out here, so that the year given is the latest in which it ends.

    Parameters
    ----------
    prospects : Prospects

    Returns
    -------
    Enforcement

    References
    ----------
    .. [1] J. Thomas, T. Worrall, Foreign direct investment and the risk of expropriation, Review of
       Economic Studies 61(1), 1994, https://doi.org/10.2307/2297878
    .. [2] J. Thomas, T. Worrall, Self-enforcing wage contracts, Review of Economic Studies 55(4),
       1988, https://doi.org/10.2307/2297404

    Examples
    --------
    A host who could take machines worth 25 stays while more is to come, and leaves when it is not:

    >>> held = self_enforcing(
    ...     Prospects(["host", "miner"], [0, 0], [[10] * 4, [10] * 4], [[25] * 4, [0] * 4])
    ... )
    >>> held.gains.tolist()[0], held.first_to_leave, held.year, held.self_enforcing
    ([-15.0, -5.0, 5.0, 15.0], ('host',), 2, False)
    """
    staying, leaving = prospects.staying(), prospects.leaving()
    gains = leaving - staying
    gains[np.abs(gains) <= prospects.rounding()] = 0.0
    gaining = gains > 0.0
    first_years = {
        name: int(np.argmax(row))
        for name, row in zip(prospects.parties, gaining, strict=True)
        if row.any()
    }
    year = min(first_years.values(), default=None)
    return Enforcement(
        gains=gains,
        staying=staying,
        leaving=leaving,
        first_years=first_years,
        first_to_leave=tuple(name for name, first in first_years.items() if first == year),
        year=year,
        self_enforcing=not first_years,
    )


def powers(base: Floats | float, most: int) -> Floats:
    """base^0 to base^most along a last axis, by multiplication: the same on every processor.

    Examples
    --------
    >>> powers(2.0, 3).tolist()
    [1.0, 2.0, 4.0, 8.0]
    """
    bases = np.asarray(base, np.float64)[..., None]
    steps = np.concatenate((np.ones_like(bases), bases.repeat(most, axis=-1)), axis=-1)
    found: Floats = np.cumprod(steps, axis=-1, dtype=np.float64)
    return found


def _values(flows: Floats, rates: Floats, after: Floats, lag: int) -> Floats:
    """Backwards from the end of the last year."""
    found = np.empty_like(flows)
    factor = 1.0 / (1.0 + rates)
    later = after
    for year in range(flows.shape[1] - 1, -1, -1):
        later = factor * (flows[:, year] + later) if lag else flows[:, year] + factor * later
        found[:, year] = later
    return found


def _payment_lag(paid_at: object) -> int:
    if paid_at not in ("end", "start"):
        refuse("paid_at", repr(paid_at), "'end' or 'start'")
    return 1 if paid_at == "end" else 0


def _rates(given: npt.ArrayLike, parties: int) -> Floats:
    rates = _column("rates_per_year", given, parties)
    if ((rates < 0.0) | (rates > 10.0)).any():
        refuse("rates_per_year", f"{rates.tolist()}", "rates from 0 to 10, one for each party")
    return rates


def _column(field: str, given: npt.ArrayLike | None, parties: int) -> Floats:
    if given is None:
        return np.zeros(parties)
    found = _finite(field, given)
    if found.shape != (parties,):
        refuse(field, f"an array of shape {found.shape}", f"one number for each of {parties}")
    return found


def _table(field: str, given: npt.ArrayLike | None, shape: tuple[int, ...] | None) -> Floats:
    if given is None and shape is not None:
        return np.zeros(shape)
    found = _finite(field, given)
    if found.ndim != 2 or not found.size or (shape is not None and found.shape != shape):
        allowed = "(parties, years), one of each at least" if shape is None else f"{shape}, as cash"
        refuse(field, f"an array of shape {found.shape}", allowed)
    return found


def _finite(field: str, given: Any) -> Floats:
    allowed = "finite numbers"
    try:
        found = np.asarray(given)
    except ValueError:
        refuse(field, "lists of different lengths", allowed)
    if found.dtype.kind not in "iuf" and found.size:
        refuse(field, repr(found.ravel()[0]), allowed)
    floats = found.astype(np.float64)
    # The square root of the largest float: products of amounts and factors stay finite.
    if not (np.abs(floats) < 1e150).all():
        refuse(field, "a number that is not finite, or beyond 1e150", allowed)
    return floats
