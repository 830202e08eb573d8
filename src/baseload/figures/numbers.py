"""Numbers as people read them: 12.3 billion USD, 4.5 TWh, 2.1 %.

One form everywhere: commas between thousands, a true minus sign, a no-break space before the unit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

MINUS: Final = "\u2212"
SPACE: Final = "\u00a0"
NOTHING: Final = "not defined"

_PREFIXES: Final = {
    -9: "n", -6: "µ", -3: "m", 0: "", 3: "k", 6: "M",
    9: "G", 12: "T", 15: "P", 18: "E", 21: "Z", 24: "Y",
}  # fmt: skip
_PREFIXED_BASES: Final = ("Wh", "W", "H/s")
_WORDS: Final = {3: "thousand", 6: "million", 9: "billion", 12: "trillion"}
_SHARES: Final = frozenset({"share", "probability", "fraction"})
_COUNTLESS: Final = frozenset({"", "1", "-", "number"})
_SUPERSCRIPT: Final = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


@dataclass(frozen=True)
class ScaledUnit:
    """A unit to show figures in: shown = value / factor, followed by ``label``."""

    factor: float
    label: str


def power_of_ten(exponent: int) -> str:
    """Ten to a power, with raised digits.

    Examples
    --------
    >>> power_of_ten(-9)
    '10⁻⁹'
    """
    return "10" + str(exponent).translate(_SUPERSCRIPT)


def _exponent(value: float) -> int:
    """The power of ten of the first digit; 0 for zero."""
    return math.floor(math.log10(abs(value)) + 1e-12) if value else 0


def _prefixed(unit: str) -> tuple[int, str] | None:
    for base in _PREFIXED_BASES:
        if unit.endswith(base):
            before = unit[: -len(base)]
            for exponent, prefix in _PREFIXES.items():
                if before == prefix:
                    return exponent, base
    return None


def scaled_unit(largest: float, unit: str, words_from: float = 1e6) -> ScaledUnit:
    """The multiple of a unit in which a figure of this size is short.

    Watts, watt-hours and hashes per second change their prefix, a share becomes percent, and
    everything else takes a word (thousand to trillion) or, when tiny, a power of ten.

    Parameters
    ----------
    largest : float
        Largest magnitude to be shown. [unit]
    unit : str
        Symbol of the unit, such as "MWh", "USD/MWh", "share" or "machines".
    words_from : float
        Figures below it that are at least 1 keep the plain unit. [unit]

    Examples
    --------
    >>> scaled_unit(4.5e6, "MWh")
    ScaledUnit(factor=1000000.0, label='TWh')
    >>> scaled_unit(1.23e10, "USD").label
    'billion USD'
    """
    if unit in _SHARES:
        return ScaledUnit(0.01, "%")
    name = "" if unit in _COUNTLESS else unit
    size = abs(largest)
    if not math.isfinite(size) or size == 0:
        return ScaledUnit(1.0, name)
    prefixed = _prefixed(unit)
    if prefixed is not None:
        own, base = prefixed
        wanted = 3 * math.floor((_exponent(size) + own) / 3)
        wanted = min(max(wanted, min(_PREFIXES)), max(_PREFIXES))
        return ScaledUnit(10.0 ** (wanted - own), _PREFIXES[wanted] + base)
    if size >= words_from:
        exponent = min(3 * (_exponent(size) // 3), max(_WORDS))
        return ScaledUnit(10.0**exponent, f"{_WORDS[exponent]} {name}".strip())
    if size < 1e-3:
        exponent = 3 * (_exponent(size) // 3)
        return ScaledUnit(10.0**exponent, f"{power_of_ten(exponent)} {name}".strip())
    return ScaledUnit(1.0, name)


def decimal(value: float, decimals: int) -> str:
    """A number with so many decimals, commas and a true minus sign; no "minus zero".

    Examples
    --------
    >>> decimal(-1234.56, 1), decimal(-0.01, 1)
    ('−1,234.6', '0.0')
    """
    if not math.isfinite(value):
        return "∞" if value > 0 else MINUS + "∞" if value < 0 else NOTHING
    written = f"{abs(value):,.{decimals}f}"
    negative = value < 0 and any(digit in "123456789" for digit in written)
    return MINUS + written if negative else written


def significant(value: float, digits: int = 3) -> str:
    """A number with about so many digits that matter; whole numbers lose no digit before the point.

    Examples
    --------
    >>> significant(12345.6), significant(0.034567), significant(0.0)
    ('12,346', '0.0346', '0')
    """
    if value == 0:
        return "0"
    if not math.isfinite(value):
        return decimal(value, 0)
    exponent = _exponent(float(f"{value:.{digits - 1}e}"))
    if exponent < -4 or exponent > 15:
        return f"{decimal(value / 10.0**exponent, digits - 1)}×{power_of_ten(exponent)}"
    return decimal(value, max(0, digits - 1 - exponent))


def quantity(value: float | None, unit: str, digits: int = 3) -> str:
    """A figure with its unit, in the multiple that reads best.

    Examples
    --------
    >>> quantity(12.34e9, "USD").replace(SPACE, " ")
    '12.3 billion USD'
    >>> quantity(-0.0214, "share").replace(SPACE, " ")
    '−2.1 %'
    >>> quantity(None, "years")
    'not defined'
    """
    if value is None or math.isnan(value):
        return NOTHING
    if not math.isfinite(value):
        return decimal(value, 0)
    rounded = float(f"{value:.{digits - 1}e}")  # 999.96 thousand is a million
    scaled = scaled_unit(rounded, unit)
    shown = value / scaled.factor
    if scaled.label == "%" and abs(shown) < 0.01 and shown:
        written = ("<" if shown > 0 else f">{MINUS}") + "0.01"
    elif scaled.label == "%":
        written = significant(shown, min(digits, 3 if abs(shown) >= 10 else 2))
    else:
        written = significant(shown, digits)
    if "." in written and "×" not in written:
        written = written.rstrip("0").rstrip(".")
    label = scaled.label.replace(" ", SPACE)
    between = "×" if label.startswith("10") else SPACE
    return f"{written}{between}{label}" if label else written


def percent(share: float | None) -> str:
    """A share as percent; a probability from counted paths needs no decimals.

    Examples
    --------
    >>> percent(0.634).replace(SPACE, " ")
    '63 %'
    """
    if share is None or math.isnan(share):
        return NOTHING
    if 0 < share < 0.01:
        return f"<1{SPACE}%"
    if 0.99 < share < 1:
        return f">99{SPACE}%"
    return f"{decimal(100 * share, 0)}{SPACE}%"
