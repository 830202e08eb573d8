"""Decay heat after shutdown."""

from __future__ import annotations

from baseload.compiled import kernel
from baseload.numerics import power

OPERATION_S = 2.0 * 365.25 * 86400.0
FIRST_S = 10.0


@kernel
def decay_heat_share(seconds: float) -> float:
    """Decay heat of a core as a share of its thermal power, so many seconds after shutdown.

    Way and Wigner: 0.0622 (t^-0.2 - (t + T)^-0.2), made for 10 s to 100 days [1]_. T, the time at
    power, is set to two years, the mean age of fuel that stays in the core for three to four.
    Before 10 s the value at 10 s is used; beyond 100 days the formula only shows the order of magnitude.

    Parameters
    ----------
    seconds : float
        Time since shutdown. [s]

    Returns
    -------
    float
        Share of thermal power.

    References
    ----------
    .. [1] Way, K., Wigner, E. P. (1948), The rate of decay of fission products, Physical Review 73,
       1318, https://doi.org/10.1103/PhysRev.73.1318
    """
    after = max(seconds, FIRST_S)
    return 0.0622 * (power(after, -0.2) - power(after + OPERATION_S, -0.2))
