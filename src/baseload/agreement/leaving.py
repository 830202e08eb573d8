"""What holds after signing: whether a member gains by walking out, year by year, and what prevents it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from baseload.accord.bonds import smallest_bonds, smallest_escrow
from baseload.accord.payment_order import smallest_shift
from baseload.accord.verification import DEFAULT_VERIFICATION
from baseload.accord.walking_out import Prospects, self_enforcing
from baseload.agreement.coalition_values import MILLION
from baseload.agreement.payoffs import Payoff
from baseload.agreement.simulated import Simulated, means_by_month
from baseload.parties.schema import IDLE, Accord, Arrangement, WalkOut

Floats = npt.NDArray[np.float64]

BOOK_YEARS: Final = 5
"""Machines are written off evenly over so many years: what is left is within reach of who takes them."""


def leaving(
    accord: Accord,
    arrangement: Arrangement,
    runs: Mapping[str, Simulated],
    payoffs: Mapping[str, Payoff],
    outside: Mapping[str, Payoff],
) -> dict[str, Any] | None:
    """Whether an arrangement holds by itself; None where nothing is run.

    Parameters
    ----------
    accord : Accord
    arrangement : Arrangement
    runs : mapping of str to Simulated
        By configuration.
    payoffs, outside : mapping of str to Payoff
        By party: under the arrangement, and where none is agreed.

    Returns
    -------
    dict
        `verdict`, `first_to_leave` with `year`, `parties` (by member the values of staying and of
        leaving at the start of each year, the first year in which leaving gains, the smallest bond),
        `escrow_share`, `payment_order`, `reasons`.
    """
    if arrangement.configuration == IDLE or not arrangement.members:
        return None
    members = list(arrangement.members)
    run = runs[arrangement.configuration]
    outs = {one.party: one for one in arrangement.walk_outs}
    kept = [_kept(outs.get(name), run) for name in members]
    stream = [_stream(accord, name, outs.get(name), run, runs, outside[name]) for name in members]
    years = run.months // 12
    losses = [
        np.full(years, outs[name].loses_usd_million_per_year * MILLION)
        if name in outs
        else np.zeros(years)
        for name in members
    ]
    prospects = Prospects(
        members,
        [accord.party(name).discount_rate for name in members],
        [payoffs[name].yearly_usd for name in members],
        kept,
        stream,
        losses,
        outside=[outside[name].mean_usd for name in members],
    )
    found = self_enforcing(prospects)
    bonds = smallest_bonds(prospects)
    escrow = smallest_escrow(prospects)
    order = smallest_shift(prospects)
    return {
        "verdict": bonds.verdict,
        "first_to_leave": list(found.first_to_leave),
        "year": found.year,
        "parties": {
            name: {
                "staying_usd": found.staying[i].tolist(),
                "leaving_usd": found.leaving[i].tolist(),
                "first_year": found.first_years.get(name),
                "bond_usd": bonds.bonds[name],
                "bondable": bonds.bondable[name],
                "source": outs[name].source if name in outs else "",
            }
            for i, name in enumerate(members)
        },
        "escrow": {
            "shares": dict(escrow.shares),
            "verdict": escrow.verdict,
            "reasons": list(escrow.reasons),
        },
        "payment_order": {
            "verdict": order.verdict,
            "moved_usd": order.moved,
            "shift_usd": None
            if order.shift is None
            else {name: order.shift[i].tolist() for i, name in enumerate(members)},
            "reasons": list(order.reasons),
        },
        "reasons": list(bonds.reasons),
    }


def verification() -> list[dict[str, Any]]:
    """What can be verified at a mine beside a plant, by whom, and what cannot."""
    return [
        {
            "what": one.what,
            "how": one.how,
            "by_whom": one.by_whom,
            "can_be_verified": one.can_be_verified,
            "why_not": one.why_not,
        }
        for one in DEFAULT_VERIFICATION
    ]


def _kept(out: WalkOut | None, run: Simulated) -> Floats:
    years = run.months // 12
    if out is None:
        return np.zeros(years)
    bought = means_by_month(run.mine_capital).reshape(years, 12).sum(axis=1)
    book = np.zeros(years)
    for year in range(years):
        for age in range(1, BOOK_YEARS + 1):
            if year - age >= 0:
                book[year] += bought[year - age] * (1.0 - (age - 1) / BOOK_YEARS)
    revenue = run.mining_revenue.reshape(years, 12).sum(axis=1)
    kept: Floats = out.keeps_machines * book + out.keeps_months / 12.0 * revenue
    return kept


def _stream(
    accord: Accord,
    name: str,
    out: WalkOut | None,
    run: Simulated,
    runs: Mapping[str, Simulated],
    outside: Payoff,
) -> Floats:
    """Yearly cash outside: the plant taken along, another configuration, or what never signing gives."""
    if out is not None and out.keeps_plant > 0.0:
        taken: Floats = out.keeps_plant * _years(run.cash)
        return taken
    if out is not None and out.then != IDLE:
        other = runs[out.then]
        taxed = accord.configuration(out.then).taxed_by == name
        return _years(other.cash) + (_years(other.tax) if taxed else 0.0)
    return outside.yearly_usd


def _years(rows: npt.NDArray[np.float32]) -> Floats:
    """Mean cash of each year."""
    return np.array(means_by_month(rows).reshape(-1, 12).sum(axis=1))
