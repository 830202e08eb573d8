"""What each party gets from each arrangement, path by path, at its own discount rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from baseload.agreement.coalition_values import MILLION, certainty_equivalent, share_of_best
from baseload.agreement.simulated import Simulated, means_by_month, present_values
from baseload.parties.schema import IDLE, Accord, Arrangement
from baseload.sharing.cash import MonthlyCash
from baseload.sharing.payout import pay_out
from baseload.summary import mean_and_error, quantile_of_sorted

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Payoff:
    """What an arrangement is worth to a party, at signing.

    Attributes
    ----------
    mean_usd, standard_error_usd, p05_usd, median_usd, p95_usd : float
    certainty_equivalent_usd : float
        At the party's own risk tolerance.
    share_of_best : float or None
        Share of the mean that the best 5 % of the paths carry.
    paths : ndarray (P,)
        Present value on each path at the party's discount rate. [USD]
    yearly_usd : ndarray (Y,)
        Mean cash of each year, not discounted. [USD]
    """

    mean_usd: float
    standard_error_usd: float
    p05_usd: float
    median_usd: float
    p95_usd: float
    certainty_equivalent_usd: float
    share_of_best: float | None
    paths: Floats
    yearly_usd: Floats


def cash_of(run: Simulated, tax_is_paid: bool) -> MonthlyCash:
    """A run's months in whole cents, for the terms of an arrangement to divide.

    Parameters
    ----------
    run : Simulated
    tax_is_paid : bool
        Whether the scenario's own tax goes out as a cost; not where the terms tax.

    Returns
    -------
    MonthlyCash
        Arrays (P, M).
    """
    revenue, works, mine, safety, tax, net = (
        np.rint(rows.T.astype(np.float64) * 100.0).astype(np.int64)
        for rows in (run.revenue, run.works, run.mine_capital, run.safety, run.tax, run.cash)
    )
    # Safety and tax are costs here; what else went out is what net cash leaves.
    before_tax = net + tax
    operating = revenue - works - mine - safety - before_tax
    if tax_is_paid:
        operating = operating + tax
    return MonthlyCash(
        revenue + np.maximum(-operating, 0),  # old machines may sell for more than a month costs
        np.maximum(operating, 0),
        works + mine,
        safety,
    )


def flows_of(
    accord: Accord, arrangement: Arrangement, runs: Mapping[str, Simulated], idle: Simulated
) -> dict[str, Floats]:
    """Each party's cash (M, P) under an arrangement, month by month. [USD]

    Members get what the terms give them. Where the terms name no tax, the scenario's own goes to
    whoever levies it in this configuration. The cost of an idle plant is borne as
    `accord.idle_cost` says, and by nobody while it runs.
    """
    shape = idle.cash.shape
    flows = {name: np.zeros(shape) for name in accord.party_names}
    if arrangement.configuration == IDLE or arrangement.terms is None:
        for name, share in accord.idle_cost.items():
            flows[name] += share * idle.idle_cash.astype(np.float64)
        return flows
    run = runs[arrangement.configuration]
    taxed_by_terms = bool(arrangement.terms.taxes)
    paid = pay_out(cash_of(run, not taxed_by_terms), arrangement.terms, accord.party_names)
    for name in accord.party_names:
        flows[name] += paid.of(name).T / 100.0
    levied_by = accord.configuration(arrangement.configuration).taxed_by
    if levied_by and not taxed_by_terms:
        flows[levied_by] += run.tax.astype(np.float64)
    return flows


def payoff_of(flow: Floats, rate: float, risk_tolerance_usd_million: float) -> Payoff:
    """What a monthly cash (M, P) is worth to who discounts at `rate` a year."""
    value = present_values(flow, rate)
    mean, error = mean_and_error(value)
    ordered = np.sort(value)
    return Payoff(
        mean_usd=mean,
        standard_error_usd=error,
        p05_usd=quantile_of_sorted(ordered, 0.05),
        median_usd=quantile_of_sorted(ordered, 0.5),
        p95_usd=quantile_of_sorted(ordered, 0.95),
        certainty_equivalent_usd=certainty_equivalent(value, risk_tolerance_usd_million * MILLION),
        share_of_best=share_of_best(value),
        paths=value,
        yearly_usd=means_by_month(flow).reshape(-1, 12).sum(axis=1),
    )


def all_flows(
    accord: Accord, runs: Mapping[str, Simulated], idle: Simulated
) -> dict[str, dict[str, Floats]]:
    """Each party's cash (M, P) under each arrangement, in the order of the file. [USD]"""
    return {one.name: flows_of(accord, one, runs, idle) for one in accord.arrangements}


def payoffs_of(
    accord: Accord, flows: Mapping[str, Mapping[str, Floats]]
) -> dict[str, dict[str, Payoff]]:
    """Payoffs by arrangement and party, each at the party's own discount rate."""
    return {
        name: {
            party.name: payoff_of(
                by_party[party.name], party.discount_rate, party.risk_tolerance_usd_million
            )
            for party in accord.parties
        }
        for name, by_party in flows.items()
    }


def disagreement_of(accord: Accord, payoffs: Mapping[str, Mapping[str, Payoff]]) -> str:
    """The arrangement that holds if none is agreed.

    The scenario's own word, or: the idle plant, unless one party alone can run it and is better off
    so. Where several can, the one that gains most.
    """
    if accord.disagreement:
        return accord.disagreement
    idle = [one.name for one in accord.arrangements if one.configuration == IDLE]
    best = idle[0] if idle else ""
    highest = 0.0
    for one in accord.arrangements:
        alone = len(one.members) == 1 and not one.consents
        if not alone or one.configuration == IDLE:
            continue
        party = one.members[0]
        now = payoffs[one.name][party].mean_usd
        gain = now - (payoffs[idle[0]][party].mean_usd if idle else 0.0)
        if gain > highest or not best:
            best, highest = one.name, gain
    return best
