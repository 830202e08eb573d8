"""From what named sources say of each gate to one probability and one distribution of months."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from baseload.gates.opinion import Curve, curve_of, mixture, normalised, refuse
from baseload.gates.schema import Gate, GatesPool, Opinion, Points

Method = Literal["linear", "log odds", "extremised"]
METHODS: Final[tuple[Method, ...]] = ("linear", "log odds", "extremised")


def linear_pool(probabilities: Sequence[float], weights: Sequence[float] | None = None) -> float:
    """The weighted mean of probabilities: the linear opinion pool [1]_.

    Parameters
    ----------
    probabilities : sequence of float
        One an opinion, from 0 to 1.
    weights : sequence of float, optional
        By default all equal.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    InputError
        For probabilities outside [0, 1], weights that are none.

    References
    ----------
    .. [1] M. Stone, The opinion pool, Annals of Mathematical Statistics 32(4), 1961,
       https://doi.org/10.1214/aoms/1177704873

    Examples
    --------
    >>> linear_pool([0.0, 0.5])
    0.25
    """
    parts = _parts(probabilities, weights)
    pooled = math.fsum(w * p for w, p in zip(parts, probabilities, strict=True))
    # A mean lies between what it is the mean of, whatever the rounding.
    return min(max(pooled, min(probabilities)), max(probabilities))


def log_odds_pool(
    probabilities: Sequence[float],
    weights: Sequence[float] | None = None,
    exponent: float = 1.0,
) -> float:
    """The weighted mean of log-odds, made more extreme by an exponent on the odds [1]_ [2]_.

    With an exponent of 1 it is the geometric mean of the odds. One opinion of 0 (or 1) with any
    weight carries the pool with it. An exponent above 1 moves the pool away from one half: those who
    share some of their evidence are together surer than each alone.

    Parameters
    ----------
    probabilities : sequence of float
        One an opinion, from 0 to 1.
    weights : sequence of float, optional
        By default all equal.
    exponent : float
        Above 0. The papers find 1.161 to 3.921 for their forecasters.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    InputError
        As `linear_pool`, for an exponent not above 0, and where one is sure that it comes and
        another that it does not.

    References
    ----------
    .. [1] V. A. Satopää et al., Combining multiple probability predictions using a simple logit
       model, International Journal of Forecasting 30(2), 2014,
       https://doi.org/10.1016/j.ijforecast.2013.09.009
    .. [2] J. Baron et al., Two reasons to make aggregated probability forecasts more extreme,
       Decision Analysis 11(2), 2014, https://doi.org/10.1287/deca.2014.0293

    Examples
    --------
    >>> round(log_odds_pool([0.2, 0.5]), 6)  # odds of 1/4 and 1 make odds of 1/2
    0.333333
    >>> round(log_odds_pool([0.2, 0.5], exponent=2), 6)  # odds of 1/4
    0.2
    """
    parts = _parts(probabilities, weights)
    if isinstance(exponent, bool) or not 0.0 < exponent < math.inf:
        refuse("exponent", repr(exponent), "a finite number above 0")
    counted = [(w, p) for w, p in zip(parts, probabilities, strict=True) if w > 0.0]
    never, sure = (any(p == end for _, p in counted) for end in (0.0, 1.0))
    if never and sure:
        refuse(
            "probabilities",
            "0 from one source and 1 from another",
            "opinions that are not certain of opposites, or the linear pool",
        )
    if never or sure:
        return 0.0 if never else 1.0
    return probability_of(exponent * math.fsum(w * log_odds(p) for w, p in counted))


def log_odds(probability: float) -> float:
    """Natural logarithm of the odds; infinite at 0 and 1."""
    from baseload.numerics import log

    return log(probability) - log(1.0 - probability)


def probability_of(odds: float) -> float:
    """Probability whose `log_odds` are given."""
    from baseload.numerics import exp

    if odds >= 0.0:
        return 1.0 / (1.0 + exp(-odds))
    rising = exp(odds)
    return rising / (1.0 + rising)


def _parts(probabilities: Sequence[float], weights: Sequence[float] | None) -> list[float]:
    count = len(probabilities)
    if not count:
        refuse("probabilities", "none", "one at least")
    for probability in probabilities:
        if isinstance(probability, bool) or not 0.0 <= probability <= 1.0:
            refuse("probabilities", repr(probability), "numbers from 0 to 1")
    return normalised([1.0] * count if weights is None else weights, count)


@dataclass(frozen=True)
class Pools:
    """One probability by all three rules; None where opinions are certain of opposites."""

    linear: float
    log_odds: float | None
    extremised: float | None

    def by(self, method: Method) -> float | None:
        """The one of a rule."""
        named = {"linear": self.linear, "log odds": self.log_odds, "extremised": self.extremised}
        return named[method]


@dataclass(frozen=True, eq=False)
class PooledGate:
    """One gate, its opinions combined.

    Attributes
    ----------
    name : str
        As in the scenario.
    needs : tuple of str
        Gates after which it comes; its months count from the last of them.
    given : str or None
        The gate whose passing changes this one's probability.
    probability, probability_if_given : float
        That it is granted at all once its parents have been: where `given` has not passed, and where
        it has. Equal where there is none.
    pools, pools_if_given : Pools
        The same by all three rules.
    months : Curve or None
        Until it is granted, if it is; None where nobody gives it a chance.
    lasts_months : Curve or None
        How long it then holds; None: for good.
    only_for : tuple of str or None
        Arrangements that need it; None: all.
    blocked_value : str
        What a probability of 0 is called.
    opinions : tuple of (str, float, float)
        Who, weight as a part of all, and the probability (the mean of what was said).
    """

    name: str
    needs: tuple[str, ...]
    given: str | None
    probability: float
    probability_if_given: float
    pools: Pools
    pools_if_given: Pools
    months: Curve | None
    lasts_months: Curve | None
    only_for: tuple[str, ...] | None
    blocked_value: str
    opinions: tuple[tuple[str, float, float], ...]

    def state(self, probability: float) -> str:
        """'granted' at a probability of 1, the word for a blocked gate at 0, otherwise 'open'."""
        if probability == 0.0:
            return self.blocked_value
        return "granted" if probability == 1.0 else "open"


def mean_probability(points: Points, *, field: str = "probability") -> float:
    """The probability that a source gives: the mean of the distribution of what it said.

    A source unsure of a probability is as sure of the event as the mean of what it holds possible.
    """
    if points.low == points.high:
        return points.low
    return curve_of(points.three, 0.0, 1.0, field=field).mean


def pool_gates(
    gates: Sequence[Gate],
    pool: GatesPool,
    *,
    method: Method | None = None,
    weights_by_source: Mapping[str, float] | None = None,
) -> tuple[PooledGate, ...]:
    """Every gate with its opinions combined.

    The months are pooled linearly under each rule, each opinion by its weight times its own
    probability: who thinks that a gate will not open says little on when it does. Under the linear
    pool this is the pool of the distributions of the date itself, never included.

    Parameters
    ----------
    gates : sequence of Gate
        Checked by `check_gates`.
    pool : GatesPool
        How they are combined.
    method : {"linear", "log odds", "extremised"}, optional
        In place of the pool's own, to show the others beside it.
    weights_by_source : mapping of str to float, optional
        In place of the weights stated: those of Cooke's model, say (`cooke_weights`).

    Returns
    -------
    tuple of PooledGate
        In the order given.

    Raises
    ------
    InputError
        Where no opinion of a gate has a weight above 0, or the rule has no answer.
    """
    rule = pool.method if method is None else method
    if rule not in METHODS:
        refuse("method", repr(rule), ", ".join(METHODS))
    by_source = weights_by_source
    if by_source is None and pool.weights == "cooke":
        from baseload.gates.cooke import weights_of_seeds

        by_source = weights_of_seeds(pool)
    return tuple(_pooled(gate, pool, rule, by_source) for gate in gates)


def _weight(gate: Gate, opinion: Opinion, by_source: Mapping[str, float] | None) -> float:
    if by_source is None:
        return opinion.weight
    if opinion.by not in by_source:
        refuse(
            f"gates[{gate.name}].opinions",
            f"{opinion.by!r} without a weight",
            "one for each source",
        )
    return by_source[opinion.by]


def _pooled(
    gate: Gate, pool: GatesPool, rule: Method, by_source: Mapping[str, float] | None
) -> PooledGate:
    field = f"gates[{gate.name}].opinions"
    weights = normalised(
        [_weight(gate, opinion, by_source) for opinion in gate.opinions],
        len(gate.opinions),
        field=field,
    )
    plain = [mean_probability(opinion.probability, field=field) for opinion in gate.opinions]
    given = gate.given
    if_given = [
        p if given is None or o.if_given is None else mean_probability(o.if_given, field=field)
        for p, o in zip(plain, gate.opinions, strict=True)
    ]
    pools, pools_if_given = (_pools(ps, weights, pool.exponent) for ps in (plain, if_given))
    probability, probability_if_given = pools.by(rule), pools_if_given.by(rule)
    if probability is None or probability_if_given is None:
        refuse(
            field,
            "0 from one source and 1 from another",
            f"opinions that are not certain of opposites: the pool '{rule}' has no answer",
        )
    timed = [
        (curve_of(o.months.three, 0.0, field=field), w * max(p, q))
        for o, w, p, q in zip(gate.opinions, weights, plain, if_given, strict=True)
        if o.months is not None
    ]
    months = None
    if max(probability, probability_if_given) > 0.0 and any(w > 0.0 for _, w in timed):
        months = mixture([curve for curve, _ in timed], [w for _, w in timed])
    elif max(probability, probability_if_given) > 0.0:
        refuse(field, "no months from a source with a weight", "months from one at least")
    lasts = gate.lasts_years
    return PooledGate(
        name=gate.name,
        needs=tuple(gate.needs),
        given=given,
        probability=probability,
        probability_if_given=probability_if_given,
        pools=pools,
        pools_if_given=pools_if_given,
        months=months,
        lasts_months=None
        if lasts is None
        else curve_of([12.0 * years for years in lasts.three], 0.0),
        only_for=None if gate.only_for is None else tuple(gate.only_for),
        blocked_value=gate.blocked_value,
        opinions=tuple((o.by, w, p) for o, w, p in zip(gate.opinions, weights, plain, strict=True)),
    )


def _pools(probabilities: list[float], weights: list[float], exponent: float) -> Pools:
    counted = [p for p, w in zip(probabilities, weights, strict=True) if w > 0.0]
    opposites = 0.0 in counted and 1.0 in counted
    return Pools(
        linear_pool(probabilities, weights),
        None if opposites else log_odds_pool(probabilities, weights),
        None if opposites else log_odds_pool(probabilities, weights, exponent),
    )
