"""What the network's processes mean at a time to come: mean and median in closed form.

For a person who judges a scenario before running it. Parameters are plain numbers: where a
scenario leaves one uncertain, the caller takes its median and says so. Times are years from the
snapshot, where the processes begin.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from baseload.distributions import Distribution
from baseload.network.schema import CoinPrice, Exogenous, Frontier, Network

DAYS_PER_YEAR = 365.25
_BISECTIONS = 200


class Level(NamedTuple):
    """Mean and median of a quantity at one time, both in its unit."""

    mean: float
    median: float


def brownian(start: float, log_growth: float, volatility: float, years: float) -> Level:
    """A geometric Brownian motion: median S0 e^(g t), mean S0 e^((g + sigma^2 / 2) t) [1]_.

    Parameters
    ----------
    start : float
        Value at time 0. [USD]
    log_growth : float
        Growth g of the log of the median: mu - sigma^2 / 2. [1/year]
    volatility : float
        sigma. [1/sqrt(year)]
    years : float
        t. [years]

    References
    ----------
    .. [1] Black, F. and Scholes, M. (1973), https://doi.org/10.1086/260062, its assumption (b).

    Examples
    --------
    >>> brownian(100.0, 0.0, 0.0, 5.0)
    Level(mean=100.0, median=100.0)
    """
    median = start * math.exp(log_growth * years)
    return Level(median * math.exp(0.5 * volatility * volatility * years), median)


def jumping(
    start: float,
    drift: float | None,
    median_growth: float | None,
    volatility: float,
    jumps: float,
    jump_mean: float,
    jump_volatility: float,
    years: float,
) -> Level:
    """A jump diffusion with lognormal jumps [1]_, compensated as the model compensates it.

    With a drift mu the mean is S0 e^(mu t) whatever the jumps. With a growth of the median, the
    jumps leave the mean of the logarithm where it is. The median is that of the mixture of normals,
    one for each number of jumps, found by halving.

    Parameters
    ----------
    start : float
        Value at time 0. [USD]
    drift, median_growth : float or None
        Exactly one: mu, or growth of the median. [1/year]
    volatility : float
        Of the diffusion. [1/sqrt(year)]
    jumps : float
        Rate. [1/year]
    jump_mean, jump_volatility : float
        Mean and standard deviation of the log of a jump.
    years : float
        [years]

    References
    ----------
    .. [1] Merton, R. C. (1976), https://doi.org/10.1016/0304-405X(76)90022-2.
    """
    expected_factor = jumps * (math.exp(jump_mean + 0.5 * jump_volatility**2) - 1.0)
    if drift is not None:
        diffusion = drift - 0.5 * volatility**2 - expected_factor
    else:
        diffusion = math.log1p(median_growth or 0.0) - jumps * jump_mean
    mean = start * math.exp((diffusion + 0.5 * volatility**2 + expected_factor) * years)
    expected = jumps * years
    middle = diffusion * years + expected * jump_mean
    spread = math.sqrt(volatility**2 * years + expected * (jump_mean**2 + jump_volatility**2))
    if spread == 0.0:
        return Level(mean, start * math.exp(middle))
    reach = 10.0 * math.sqrt(expected) + 10.0
    counts = range(max(0, math.floor(expected - reach)), math.ceil(expected + reach) + 1)
    weights = [_poisson(n, expected) for n in counts]

    def below(x: float) -> float:
        total = 0.0
        for n, weight in zip(counts, weights, strict=True):
            sd = math.sqrt(volatility**2 * years + n * jump_volatility**2)
            total += weight * _normal_below(x - diffusion * years - n * jump_mean, sd)
        return total

    # The median lies within one standard deviation of the mean, whatever the distribution.
    low, high = middle - spread, middle + spread
    for _ in range(_BISECTIONS):
        half = 0.5 * (low + high)
        low, high = (half, high) if below(half) < 0.5 else (low, half)
    return Level(mean, start * math.exp(0.5 * (low + high)))


def reverting(
    start: float,
    trend: float,
    median_growth: float,
    volatility: float,
    half_life_years: float,
    years: float,
) -> Level:
    """A price whose log returns to a trend that grows: an Ornstein-Uhlenbeck process [1]_ on it.

    With k = ln 2 / half-life the gap to the trend shrinks as e^(-k t), and the variance of the log
    is sigma^2 (1 - e^(-2 k t)) / (2 k), the one-factor model of [2]_.

    Parameters
    ----------
    start, trend : float
        Price and trend at time 0. [USD]
    median_growth : float
        Growth of the trend. [1/year]
    volatility : float
        sigma. [1/sqrt(year)]
    half_life_years, years : float
        [years]

    References
    ----------
    .. [1] Uhlenbeck, G. E. and Ornstein, L. S. (1930), https://doi.org/10.1103/PhysRev.36.823.
    .. [2] Schwartz, E. S. (1997), https://doi.org/10.1111/j.1540-6261.1997.tb02721.x.
    """
    k = math.log(2.0) / half_life_years
    gap = math.log(start / trend) * math.exp(-k * years)
    variance = volatility**2 * -math.expm1(-2.0 * k * years) / (2.0 * k)
    median = trend * math.exp(math.log1p(median_growth) * years + gap)
    return Level(median * math.exp(0.5 * variance), median)


def curve(points: Sequence[tuple[date, float]], on: date) -> float:
    """A price given on days: straight in the logarithm between them, level before and after.

    Examples
    --------
    >>> round(curve([(date(2027, 1, 1), 100.0), (date(2027, 1, 3), 400.0)], date(2027, 1, 2)))
    200
    """
    ordered = sorted(points)
    if on <= ordered[0][0]:
        return ordered[0][1]
    for (day, usd), (next_day, next_usd) in pairwise(ordered):
        if on <= next_day:
            share = (on - day).days / (next_day - day).days
            return math.exp((1.0 - share) * math.log(usd) + share * math.log(next_usd))
    return ordered[-1][1]


def bootstrapped(
    start: float,
    returns: Sequence[float],
    block_days: int,
    median_growth: float | None,
    years: float,
) -> Level:
    """Blocks of past daily log returns, drawn with replacement: the circular block bootstrap [1]_.

    Blocks are independent, so the mean is a product over blocks of the mean factor of a block, and
    exact. The median is e to the mean of the log, which it nears as blocks add up.

    Parameters
    ----------
    start : float
        Value at time 0. [USD]
    returns : sequence of float
        Daily log returns of the history.
    block_days : int
        [days]
    median_growth : float or None
        In place of the history's own. [1/year]
    years : float
        [years]

    References
    ----------
    .. [1] Politis, D. N. and Romano, J. P. (1992), A circular block-resampling procedure for
       stationary data, in: Exploring the Limits of Bootstrap, Wiley, pp. 263-270.
    """
    mean_return = math.fsum(returns) / len(returns)
    shift = 0.0
    if median_growth is not None:
        shift = math.log1p(median_growth) / DAYS_PER_YEAR - mean_return
    days = round(years * DAYS_PER_YEAR)
    blocks, rest = divmod(days, block_days)
    log_mean = blocks * _log_mean_factor(returns, block_days) + _log_mean_factor(returns, rest)
    return Level(
        start * math.exp(log_mean + shift * days), start * math.exp((mean_return + shift) * days)
    )


def _log_mean_factor(returns: Sequence[float], days: int) -> float:
    """Log of the mean of e to the sum of so many returns in a row, from each day of the circle."""
    count = len(returns)
    around, beyond = divmod(days, count)
    total = around * math.fsum(returns)
    window = math.fsum(returns[:beyond])
    factors = []
    for first in range(count):
        factors.append(math.exp(window))
        window += returns[(first + beyond) % count] - returns[first]
    return total + math.log(math.fsum(factors) / count)


def fees(median: float, volatility: float, half_life_days: float, years: float) -> Level:
    """Fees of a block: the log returns to its median from there, as it stands at the snapshot.

    Parameters
    ----------
    median : float
        [BTC/block]
    volatility : float
        Standard deviation of the log in the long run.
    half_life_days, years : float
        [days], [years]

    References
    ----------
    As in `reverting`, with the variance given instead of sigma^2 / (2 k).
    """
    variance = volatility**2 * -math.expm1(
        -2.0 * math.log(2.0) * years * DAYS_PER_YEAR / half_life_days
    )
    return Level(median * math.exp(0.5 * variance), median)


def frontier_j_per_th(efficiency: float, improvement: float, slowing: float, years: float) -> float:
    """Efficiency of the best machine on sale, which falls at a rate r that itself falls at s.

    e(t) = e0 exp(-r (1 - exp(-s t)) / s), the integral of e'/e = -r exp(-s t); with s = 0 it is
    e0 exp(-r t).

    Parameters
    ----------
    efficiency : float
        At time 0. [J/TH]
    improvement, slowing : float
        r and s. [1/year]
    years : float
        [years]

    References
    ----------
    Model documentation of baseload, technology frontier: an assumed form, calibrated at the
    snapshot.

    Examples
    --------
    >>> round(frontier_j_per_th(10.0, 0.12, 0.10, 20.0), 2)
    3.54
    """
    progress = -math.expm1(-slowing * years) / slowing if slowing > 1e-9 else years
    return efficiency * math.exp(-improvement * progress)


def mean_growth(first: float, last: float, years: float) -> float:
    """Growth per year that leads from one mean to another, to hold against a discount rate.

    Examples
    --------
    >>> round(mean_growth(100.0, 121.0, 2.0), 9)
    0.1
    """
    return math.exp(math.log(last / first) / years) - 1.0


Middle = Callable[[Distribution], float]


def coin_price(
    process: CoinPrice,
    snapshot_price_usd: float,
    years: float,
    on: date,
    returns: Sequence[float],
    middle: Middle,
) -> Level:
    """Price of a bitcoin at a time to come. [USD]

    Parameters
    ----------
    process : CoinPrice
        Which process, and its parameters.
    snapshot_price_usd : float
        Where a process starts that names no start. [USD]
    years : float
        From the snapshot. [years]
    on : date
        The same time as a day, for a curve.
    returns : sequence of float
        Daily log returns for a bootstrap; else empty.
    middle : callable
        The number that stands for an uncertain one.
    """

    def start_of(start: Distribution | None) -> float:
        return snapshot_price_usd if start is None else middle(start)

    def optional(value: Distribution | None) -> float | None:
        return None if value is None else middle(value)

    if process.fixed is not None:
        return Level(middle(process.fixed), middle(process.fixed))
    if process.curve is not None:
        usd = curve([(point.on, point.usd) for point in process.curve], on)
        return Level(usd, usd)
    if process.mean_reverting is not None:
        p = process.mean_reverting
        start = start_of(p.start)
        return reverting(
            start,
            start if p.trend is None else middle(p.trend),
            middle(p.median_growth_per_year),
            middle(p.volatility_per_year),
            middle(p.half_life_years),
            years,
        )
    if process.bootstrap is not None:
        b = process.bootstrap
        growth = optional(b.median_growth_per_year)
        return bootstrapped(start_of(b.start), returns, b.block_days, growth, years)
    jump = process.jump_diffusion
    motion = jump or process.geometric_brownian
    if motion is None:
        raise TypeError("a price of the coin without a process")
    drift, growth = optional(motion.drift_per_year), optional(motion.median_growth_per_year)
    return jumping(
        start_of(motion.start),
        drift,
        growth,
        middle(motion.volatility_per_year),
        middle(jump.jumps_per_year) if jump else 0.0,
        middle(jump.jump_mean) if jump else 0.0,
        middle(jump.jump_volatility) if jump else 0.0,
        years,
    )


def fees_of(network: Network, years: float, middle: Middle) -> Level:
    """Fees of a block of the network at a time to come. [BTC/block]"""
    return fees(
        middle(network.fees_btc_per_block),
        middle(network.fees_volatility),
        middle(network.fees_half_life_days),
        years,
    )


def frontier_of(frontier: Frontier, years: float, middle: Middle) -> float:
    """Efficiency of the frontier machine at a time to come. [J/TH]"""
    return frontier_j_per_th(
        middle(frontier.efficiency_j_per_th),
        middle(frontier.improvement_per_year),
        middle(frontier.slowing_per_year),
        years,
    )


def exogenous_rest(
    process: Exogenous, snapshot_eh_per_s: float, years: float, middle: Middle
) -> Level:
    """Hash rate of a rest of the network that grows whatever the mine does. [EH/s]"""
    growth = math.log1p(middle(process.growth_per_year))
    return brownian(snapshot_eh_per_s, growth, middle(process.volatility_per_year), years)


def _poisson(count: int, expected: float) -> float:
    if expected == 0.0:
        return 1.0 if count == 0 else 0.0
    return math.exp(count * math.log(expected) - expected - math.lgamma(count + 1))


def _normal_below(x: float, sd: float) -> float:
    if sd == 0.0:
        return 1.0 if x >= 0.0 else 0.0
    return 0.5 * math.erfc(-x / (sd * math.sqrt(2.0)))
