"""What the process of the power price means at a time to come: mean and median of its level.

For a person who judges a scenario before running it; parameters are plain numbers, as in
`baseload.network.outlook`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from baseload.clock import DAYS_PER_YEAR, MONTHS_PER_YEAR
from baseload.distributions import Distribution
from baseload.grid.schema import Price


class PriceLevel(NamedTuple):
    """Mean and median of the level of a month. [USD/MWh]"""

    mean: float
    median: float


def price_level(
    level: float,
    growth: float,
    volatility: float,
    half_life_months: float,
    factor: float,
    years: float,
) -> PriceLevel:
    """Level of the month that begins so many years after the start, before caps and floors.

    The mean stays on the trend level (1 + g)^t. The log moves around it as an Ornstein-Uhlenbeck
    process [1]_ that starts there, with variance v^2 (1 - 2^(-2 m / h)) after m months.

    Parameters
    ----------
    level : float
        Mean in the first year. [USD/MWh]
    growth : float
        Of the level. [1/year]
    volatility : float
        v, standard deviation of the log in the long run.
    half_life_months : float
        h. [months]
    factor : float
        Mean of the daily factor, above 1 where there are spikes.
    years : float
        t, from the start of the study. [years]

    References
    ----------
    .. [1] Uhlenbeck, G. E. and Ornstein, L. S. (1930), https://doi.org/10.1103/PhysRev.36.823.

    Examples
    --------
    >>> price_level(60.0, 0.0, 0.0, 12.0, 1.0, 5.0)
    PriceLevel(mean=60.0, median=60.0)
    """
    months = years * MONTHS_PER_YEAR
    variance = volatility**2 * -math.expm1(-2.0 * math.log(2.0) * months / half_life_months)
    mean = level * math.exp(math.log1p(growth) * years) * factor
    return PriceLevel(mean, mean * math.exp(-0.5 * variance))


def mean_daily_factor(spikes_per_year: float, mean_spike: float) -> float:
    """Mean of the daily factor: 1 on ordinary days, a spike's multiple on some.

    Parameters
    ----------
    spikes_per_year : float
        Expected days with a spike, at most every day. [1/year]
    mean_spike : float
        Mean multiple of the level on such a day.

    References
    ----------
    Expectation of a factor that is drawn with the probability of a spike on a day, independent of
    the rest: the day's factor in `baseload.grid.kernels`.

    Examples
    --------
    >>> mean_daily_factor(365.25, 3.0)
    3.0
    """
    probability = min(1.0, spikes_per_year / DAYS_PER_YEAR)
    return 1.0 + probability * (mean_spike - 1.0)


def price_of(
    price: Price,
    years: float,
    middle: Callable[[Distribution], float],
    mean: Callable[[Distribution], float],
) -> PriceLevel | None:
    """Level of the price so many years after the start; None where a file gives the prices.

    Parameters
    ----------
    price : Price
        The section.
    years : float
        From the start of the study. [years]
    middle : callable
        The number that stands for an uncertain one.
    mean : callable
        That of a spike's multiple, which is drawn each time.
    """
    if price.file is not None:
        return None
    factor = 1.0
    if price.spikes is not None:
        factor = mean_daily_factor(middle(price.spikes.per_year), mean(price.spikes.factor))
    return price_level(
        middle(price.level_usd_per_mwh),
        middle(price.growth_per_year),
        middle(price.level_volatility),
        middle(price.level_half_life_months),
        factor,
        years,
    )
