"""The unit of every field, read off its name's suffix, and the only conversions there are.

The last word of a name says its unit: `net_mw` is in MW, `price_usd_per_mwh` in USD/MWh. Keys of a
scenario, columns of a result and axes of a figure share these names, so that one table serves all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

W_PER_KW = 1_000
W_PER_MW = 1_000_000
KW_PER_MW = 1_000
MW_PER_GW = 1_000
KWH_PER_MWH = 1_000
MWH_PER_GWH = 1_000
MWH_PER_TWH = 1_000_000
SECONDS_PER_DAY = 86_400
TH_PER_PH = 1_000
TH_PER_EH = 1_000_000
PH_PER_EH = TH_PER_EH // TH_PER_PH
SATS_PER_BITCOIN = 100_000_000
USD_PER_USD_MILLION = 1_000_000


@dataclass(frozen=True)
class Unit:
    """How a quantity is written.

    Attributes
    ----------
    symbol : str
        As in brackets after a number: `USD/MWh`; empty for a plain number.
    label : str
        As on an axis, in words: `US dollars per megawatt-hour`.
    """

    symbol: str
    label: str


PLAIN = Unit("", "")
SHARE = Unit("share", "share of 1")

SUFFIXES: dict[str, Unit] = {
    "w": Unit("W", "watts"),
    "kw": Unit("kW", "kilowatts"),
    "mw": Unit("MW", "megawatts"),
    "gw": Unit("GW", "gigawatts"),
    "mw_per_hour": Unit("MW/hour", "megawatts per hour"),
    "kwh": Unit("kWh", "kilowatt-hours"),
    "mwh": Unit("MWh", "megawatt-hours"),
    "gwh": Unit("GWh", "gigawatt-hours"),
    "twh": Unit("TWh", "terawatt-hours"),
    "usd": Unit("USD", "US dollars"),
    "usd_million": Unit("million USD", "millions of US dollars"),
    "usd_million_per_year": Unit("million USD/year", "millions of US dollars per year"),
    "usd_million_per_month": Unit("million USD/month", "millions of US dollars per month"),
    "usd_per_mwh": Unit("USD/MWh", "US dollars per megawatt-hour"),
    "usd_per_mwh_per_gw": Unit("USD/MWh/GW", "US dollars per megawatt-hour and gigawatt"),
    "usd_per_kwh": Unit("USD/kWh", "US dollars per kilowatt-hour"),
    "usd_per_kw": Unit("USD/kW", "US dollars per kilowatt"),
    "usd_per_kw_year": Unit("USD/kW/year", "US dollars per kilowatt and year"),
    "usd_per_kw_month": Unit("USD/kW/month", "US dollars per kilowatt and month"),
    "usd_per_mw": Unit("USD/MW", "US dollars per megawatt"),
    "usd_per_mw_month": Unit("USD/MW/month", "US dollars per megawatt and month"),
    "usd_per_hour": Unit("USD/hour", "US dollars per hour"),
    "usd_per_year": Unit("USD/year", "US dollars per year"),
    "usd_per_month": Unit("USD/month", "US dollars per month"),
    "usd_per_btc": Unit("USD/BTC", "US dollars per bitcoin"),
    "usd_per_bitcoin": Unit("USD/BTC", "US dollars per bitcoin"),
    "usd_per_th": Unit("USD/TH", "US dollars per terahash per second of machines"),
    "usd_per_th_per_day": Unit("USD/TH/day", "US dollars per terahash per second and day"),
    "usd_per_ph_per_day": Unit("USD/PH/day", "US dollars per petahash per second and day"),
    "th_per_s": Unit("TH/s", "terahashes per second"),
    "ph_per_s": Unit("PH/s", "petahashes per second"),
    "eh_per_s": Unit("EH/s", "exahashes per second"),
    "eh_per_s_per_year": Unit("EH/s/year", "exahashes per second and year"),
    "j_per_th": Unit("J/TH", "joules per terahash"),
    "sat": Unit("sat", "satoshis"),
    "btc": Unit("BTC", "bitcoin"),
    "bitcoin": Unit("BTC", "bitcoin"),
    "btc_per_block": Unit("BTC/block", "bitcoin per block"),
    "years": Unit("years", "years"),
    "months": Unit("months", "months"),
    "days": Unit("days", "days"),
    "hours": Unit("hours", "hours"),
    "hours_between": Unit("hours", "hours"),
    "seconds": Unit("seconds", "seconds"),
    "hours_per_year": Unit("hours/year", "hours per year"),
    "mwh_per_year": Unit("MWh/year", "megawatt-hours per year"),
    "per_year": Unit("1/year", "per year"),
    "per_month": Unit("1/month", "per month"),
    "per_day": Unit("1/day", "per day"),
    "share": SHARE,
    "probability": SHARE,
    "rate": SHARE,
    "fee": SHARE,
    "loss": SHARE,
    "availability": SHARE,
    "on": Unit("date", "day"),
    "at": Unit("UTC", "instant, UTC"),
    "from": Unit("date", "day"),
    "until": Unit("date", "day"),
}

# Names whose last word does not say the unit; `discount_rate` is the one rate that is per year.
WHOLE_NAMES: dict[str, Unit] = {
    "discount_rate": SUFFIXES["per_year"],
    "machines_per_month": Unit("machines/month", "machines per month"),
    "machines": Unit("machines", "machines"),
    "machines_peak": Unit("machines", "machines"),
    "owed_from": PLAIN,
}
SHARE_PREFIX = "share_of_"


def unit(field: str) -> Unit:
    """Unit of a field, of whatever stage.

    Parameters
    ----------
    field : str
        A name, or the dotted address of a field in a scenario or a result.

    Returns
    -------
    Unit
        That of the longest suffix which the name ends with; a plain number where none does.

    Examples
    --------
    >>> unit("grid.price.level_usd_per_mwh").label
    'US dollars per megawatt-hour'
    """
    words = [part for part in field.split(".") if not part.isdigit()]
    name = words[-1] if words else ""
    if name in WHOLE_NAMES:
        return WHOLE_NAMES[name]
    if name.startswith(SHARE_PREFIX):
        return SHARE
    parts = name.split("_")
    for first in range(len(parts)):
        suffix = "_".join(parts[first:])
        if suffix in SUFFIXES:
            return SUFFIXES[suffix]
    return PLAIN


def unit_of(field: str) -> str:
    """Symbol of a field's unit, empty for a plain number.

    Parameters
    ----------
    field : str
        A name, or the dotted address of a field in a scenario or a result.

    Returns
    -------
    str
        As in brackets after a number.

    Examples
    --------
    >>> unit_of("fleet.0.mine_mw")
    'MW'
    """
    return unit(field).symbol


# Ladders on which a person reads large numbers: factor over the first rung, and the rung's name.
_MONEY = ((1.0, "USD"), (1e6, "million USD"), (1e9, "billion USD"), (1e12, "trillion USD"))
_ENERGY = ((1.0, "kWh"), (1e3, "MWh"), (1e6, "GWh"), (1e9, "TWh"))
_POWER = ((1.0, "W"), (1e3, "kW"), (1e6, "MW"), (1e9, "GW"))
_HASH_RATE = ((1.0, "TH/s"), (1e3, "PH/s"), (1e6, "EH/s"), (1e9, "ZH/s"))
_BITCOIN = ((1.0, "sat"), (1e6, "BTC"))

_LADDERS: dict[str, tuple[tuple[tuple[float, str], ...], float]] = {
    "USD": (_MONEY, 1.0),
    "million USD": (_MONEY, float(USD_PER_USD_MILLION)),
    "kWh": (_ENERGY, 1.0),
    "MWh": (_ENERGY, float(KWH_PER_MWH)),
    "GWh": (_ENERGY, float(KWH_PER_MWH * MWH_PER_GWH)),
    "TWh": (_ENERGY, float(KWH_PER_MWH * MWH_PER_TWH)),
    "W": (_POWER, 1.0),
    "kW": (_POWER, float(W_PER_KW)),
    "MW": (_POWER, float(W_PER_MW)),
    "GW": (_POWER, float(W_PER_MW * MW_PER_GW)),
    "TH/s": (_HASH_RATE, 1.0),
    "PH/s": (_HASH_RATE, float(TH_PER_PH)),
    "EH/s": (_HASH_RATE, float(TH_PER_EH)),
    "sat": (_BITCOIN, 1.0),
}
_DIGITS = 3


def _digits(value: float) -> str:
    """Three significant digits, or all whole ones of a larger number, with separators."""
    if value == 0:
        return "0"
    decimals = max(_DIGITS - 1 - math.floor(math.log10(abs(value))), 0)
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def chance_words(probability: float) -> str:
    """A probability as a person reads it: in percent, a small one as so many in a million or billion.

    Parameters
    ----------
    probability : float
        From 0 to 1.

    Examples
    --------
    >>> chance_words(0.347), chance_words(0.0123), chance_words(3.4e-6)
    ('35 %', '1.2 %', '3.4 in a million')
    """
    if 0.0 < probability < 0.0005:
        if probability < 5e-10:
            return "less than one in a billion"
        rung, name = (1e6, "million") if probability >= 5e-7 else (1e9, "billion")
        return f"{_digits(float(f'{probability * rung:.2g}'))} in a {name}"
    digits = 1 if probability < 0.1 or probability > 0.99 else 0
    return (
        f"{100 * probability:.{digits}f} %"
        if 0.0 < probability < 1.0
        else f"{100 * probability:.0f} %"
    )


def _three_digits(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def human(value: float | None, symbol: str = "") -> str:
    """A quantity as a person reads it: three digits, and a step of the unit that suits its size.

    Parameters
    ----------
    value : float or None
        In `symbol`; None and what is not finite read as "none".
    symbol : str
        A unit's symbol, as `unit_of` gives it.

    Returns
    -------
    str
        Number and unit.

    Examples
    --------
    >>> human(12_300_000_000, "USD")
    '12.3 billion USD'
    >>> human(4_560_000, "MWh")
    '4.56 TWh'
    >>> human(0.021, "share")
    '2.1 %'
    """
    if value is None or not math.isfinite(value):
        return "none"
    if symbol == SHARE.symbol:
        # A chance that is almost sure must not read as certainty.
        almost = value < 1 and _three_digits(100 * value) >= 100
        return "more than 99.9 %" if almost else f"{_digits(_three_digits(100 * value))} %"
    if symbol not in _LADDERS:
        return f"{_digits(value)} {symbol}".rstrip()
    ladder, factor = _LADDERS[symbol]
    base = float(value) * factor
    if symbol == "sat" and abs(base) >= ladder[-1][0]:
        return f"{_digits(base / SATS_PER_BITCOIN)} BTC"
    step, name = ladder[0]
    for higher, higher_name in ladder[1:]:
        if abs(_three_digits(base)) >= higher:
            step, name = higher, higher_name
    return f"{_digits(_three_digits(base / step) if step > 1 else base / step)} {name}"
