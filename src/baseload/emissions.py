"""Greenhouse gases of the energy that a mine draws, over the whole life of the plant that makes it.

What is counted is the plant's own energy, which is all that a mine draws unless it may import. What
the machines, the halls and the rest of the network emit is not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, get_args

import numpy as np
import numpy.typing as npt

from baseload.errors import Fault, InputError, nearest
from baseload.plant.schema import Technology

Floats = npt.NDArray[np.float64]

SOURCE: Final = (
    "IPCC, Climate Change 2014, Working Group III, Annex III, table A.III.2 (Schlömer et al. 2014);"
    " in WikiCarbon and peterbarth.net, read 2026-11-26"
)
SECOND_SOURCE: Final = (
    "UNECE, Life Cycle Assessment of Electricity Generation Options, 2021; in Energy Industry Review"
    " and Carbon Herald, read 2026-11-26"
)

# 1 MWh at 1 g/kWh is 1 kg.
_TONNES_PER_MWH_AND_GRAM: Final = 1e-3


@dataclass(frozen=True)
class Factor:
    """Life-cycle emissions of a kind of plant. [g CO2e per kWh]

    Attributes
    ----------
    low, median, high : float
        Of the studies that the IPCC reviewed.
    second_low, second_high : float or None
        Of the regions that UNECE modelled; None where it has no such plant.
    """

    low: float
    median: float
    high: float
    second_low: float | None
    second_high: float | None


FACTORS: Final[Mapping[Technology, Factor]] = MappingProxyType(
    {
        "nuclear": Factor(3.7, 12.0, 110.0, 5.1, 6.4),
        "geothermal": Factor(6.0, 38.0, 79.0, None, None),
        "hydro": Factor(1.0, 24.0, 2200.0, 6.0, 147.0),
        "gas": Factor(410.0, 490.0, 650.0, 403.0, 513.0),  # combined cycle
        "coal": Factor(740.0, 820.0, 910.0, 751.0, 1095.0),  # pulverised; UNECE's least is gasified
        "wind": Factor(7.0, 11.0, 56.0, 7.8, 16.0),  # onshore
        "solar": Factor(18.0, 48.0, 180.0, 8.0, 83.0),  # photovoltaic, large
    }
)
"""By technology, as `plant.technology` names it."""


@dataclass(frozen=True)
class Emissions:
    """Emissions per bitcoin of the paths of a study. [t CO2e per BTC]

    Attributes
    ----------
    grams_per_kwh : Factor
        Of the plant.
    low, p50, high : float or None
        The energy of the middle path at the factor's low, median and high; None where the middle
        path has no bitcoin.
    share_defined : float
        Share of the paths on which a bitcoin was mined.
    """

    grams_per_kwh: Factor
    low: float | None
    p50: float | None
    high: float | None
    share_defined: float


def factor_of(technology: str) -> Factor:
    """Life-cycle emissions of a kind of plant.

    Parameters
    ----------
    technology : str
        One of those that `plant.technology` may be.

    Returns
    -------
    Factor
        In g CO2e per kWh: median and range of IPCC (2014), table A.III.2, and range of UNECE (2021).

    Raises
    ------
    InputError
        For any other kind.

    Examples
    --------
    >>> factor_of("hydro").median
    24.0
    """
    for known, factor in FACTORS.items():
        if known == technology:
            return factor
    kinds = get_args(Technology)
    near = nearest(technology, kinds) if isinstance(technology, str) else ""
    raise InputError(
        Fault(None, None, None, "technology", repr(technology), "one of " + ", ".join(kinds), near)
    )


def tonnes_per_bitcoin(mwh_per_bitcoin: float, grams_per_kwh: float) -> float:
    """Emissions of a bitcoin.

    Parameters
    ----------
    mwh_per_bitcoin : float
        Energy drawn per bitcoin mined, 0 or more. [MWh/BTC]
    grams_per_kwh : float
        Life-cycle emissions of the plant, 0 or more. [g CO2e/kWh]

    Returns
    -------
    float
        MWh/BTC × g/kWh ÷ 1,000. [t CO2e/BTC]

    Raises
    ------
    InputError
        For what is no finite number or below 0.

    Examples
    --------
    >>> tonnes_per_bitcoin(500.0, 12.0)
    6.0
    """
    for name, value in (("mwh_per_bitcoin", mwh_per_bitcoin), ("grams_per_kwh", grams_per_kwh)):
        sound = (
            isinstance(value, int | float | np.floating | np.integer)
            and not isinstance(value, bool)
            and math.isfinite(value)
        )
        if not sound or value < 0.0:
            raise InputError(
                Fault(None, None, None, name, repr(value), "a finite number of at least 0")
            )
    return float(mwh_per_bitcoin) * float(grams_per_kwh) * _TONNES_PER_MWH_AND_GRAM


def emissions_per_bitcoin(
    technology: str, mine_mwh: npt.ArrayLike, bitcoin_mined: npt.ArrayLike
) -> Emissions:
    """Emissions per bitcoin from two metrics of a study.

    The mine's energy over its bitcoin is taken path by path; the path in the middle gives the
    figures. Paths without a bitcoin stand at the dear end, as in the study's own quantiles.

    Parameters
    ----------
    technology : str
        As in `factor_of`.
    mine_mwh, bitcoin_mined : array of float, shape (P,)
        The study's metrics of these names, 0 or more, at least one path. [MWh], [BTC]

    Returns
    -------
    Emissions

    Raises
    ------
    InputError
        For an unknown technology, arrays of unequal or no length, and what is below 0 or not finite.

    Examples
    --------
    >>> found = emissions_per_bitcoin("nuclear", [900.0, 1000.0, 1100.0], [2.0, 2.0, 2.0])
    >>> found.p50, found.share_defined
    (6.0, 1.0)
    """
    factor = factor_of(technology)
    energy, coins = _paths_of("mine_mwh", mine_mwh), _paths_of("bitcoin_mined", bitcoin_mined)
    if energy.size != coins.size:
        found = f"{energy.size} and {coins.size} paths"
        raise InputError(
            Fault(None, None, None, "mine_mwh and bitcoin_mined", found, "the same paths")
        )
    mined = coins > 0.0
    each = np.full(energy.size, np.inf)
    with np.errstate(over="ignore"):  # a grain of a coin for much energy: as good as none
        each[mined] = energy[mined] / coins[mined]
    middle = float(np.median(np.sort(each))) if mined.any() else math.inf
    share = float(np.count_nonzero(mined)) / mined.size
    if not math.isfinite(middle):
        return Emissions(factor, None, None, None, share)
    low, p50, high = (
        tonnes_per_bitcoin(middle, grams) for grams in (factor.low, factor.median, factor.high)
    )
    return Emissions(factor, low, p50, high, share)


def _paths_of(name: str, values: npt.ArrayLike) -> Floats:
    try:
        found = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        found = np.empty((0, 0))
    if found.ndim != 1 or found.size == 0:
        allowed = "one number for each path, at least one"
        raise InputError(Fault(None, None, None, name, repr(values)[:80], allowed))
    bad = ~np.isfinite(found) | (found < 0.0)
    if bad.any():
        allowed = "finite numbers of at least 0"
        raise InputError(Fault(None, None, None, name, f"{found[bad][0]:g}", allowed))
    return found
