"""What is said of the inputs of a study: each by itself, and all together."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Side:
    """The paths at one end of an input.

    Attributes
    ----------
    paths : int
        How many.
    value : float
        Median of the input there. [unit of the input]
    mean : float
        Mean of the outcome there. [unit of the outcome]
    standard_error : float or None
        Of that mean; None for a single path.
    """

    paths: int
    value: float
    mean: float
    standard_error: float | None


@dataclass(frozen=True)
class Driver:
    """How one input moves the outcome.

    Attributes
    ----------
    name : str
        Address of the input.
    paths : int
        Paths on which both it and the outcome are defined.
    rank_correlation : float
        Spearman's, from -1 to 1.
    share_of_variance : float
        First-order index, corrected for bias: 0 on average for an input that does nothing, so that
        it may lie a little below 0; at most 1.
    share_of_rank_variance : float
        The same of the outcome's ranks, which single large paths cannot carry.
    noise_correlation, noise_share : float
        What the largest of all inputs' values would exceed, were all idle, in one study of forty.
    low, high : Side
        The lowest and the highest fifth of the input, or the lowest and the highest values where
        ties let no fifth be cut.
    partners : tuple of (str, float)
        Inputs whose rank correlation with this one is beyond chance and at least 0.2, largest
        first, by the first 10,000 paths; they are not looked for where it does not stand out.
    """

    name: str
    paths: int
    rank_correlation: float
    share_of_variance: float
    share_of_rank_variance: float
    noise_correlation: float
    noise_share: float
    low: Side
    high: Side
    partners: tuple[tuple[str, float], ...] = ()

    @property
    def swing(self) -> float:
        """Mean outcome at the high end less that at the low end. [unit of the outcome]"""
        return self.high.mean - self.low.mean

    @property
    def swing_standard_error(self) -> float | None:
        """Of the swing, whose two sides share no path. [unit of the outcome]"""
        if self.low.standard_error is None or self.high.standard_error is None:
            return None
        return math.hypot(self.low.standard_error, self.high.standard_error)

    @property
    def stands_out(self) -> bool:
        """Whether chance alone would hardly let it seem to matter so much."""
        return (
            abs(self.rank_correlation) > self.noise_correlation
            or self.share_of_rank_variance > self.noise_share
        )


@dataclass(frozen=True)
class Drivers:
    """What drives an outcome.

    Attributes
    ----------
    paths : int
        Paths on which the outcome is defined.
    undefined : int
        The others, which are left out.
    mean : float or None
        Mean of the outcome; None without a path. [unit of the outcome]
    drivers : tuple of Driver
        Those that stand out first; within both groups the widest swing first.
    unmoved : tuple of str
        Inputs that have one value on all these paths.
    why_none : str
        Why nothing can be said; "" where something is.
    """

    paths: int
    undefined: int
    mean: float | None
    drivers: tuple[Driver, ...]
    unmoved: tuple[str, ...]
    why_none: str = ""

    @property
    def standing_out(self) -> tuple[Driver, ...]:
        """Those that chance alone hardly explains."""
        return tuple(driver for driver in self.drivers if driver.stands_out)

    @property
    def share_explained(self) -> float | None:
        """Sum of the shares of those that stand out; None where some of them are correlated.

        Inputs that are drawn apart explain what the sum of their shares says; the rest is left to
        inputs acting together and to events within a path. Above 1 it is 1: an estimate.
        """
        found = self.standing_out
        names = {driver.name for driver in found}
        if any(partner in names for driver in found for partner, _ in driver.partners):
            return None
        return min(1.0, math.fsum(max(0.0, driver.share_of_variance) for driver in found))
