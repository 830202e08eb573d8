"""Whether a share that never signals keeps a soft fork from activating.

References
----------
.. [1] BIP 341, Taproot, deployment (1,815 of 2,016 blocks); BIP 9, Version bits with timeout and
   delay (1,916 of 2,016).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from baseload.security.arguments import (
    broadcast,
    plain,
    refuse,
    share_of_hash_rate,
    whole_numbers,
)
from baseload.security.tails import log_binomial_at_least

MOST_IN_PERIOD: Final = 1_000_000


@dataclass(frozen=True)
class SoftForkVeto:
    """Chances of a period in which a share never signals for a soft fork and all others always do.

    Attributes
    ----------
    probability : float or ndarray
        That the period misses the threshold: the veto works.
    activation_probability : float or ndarray
        That it reaches the threshold all the same.
    log10_probability, log10_activation_probability : float or ndarray
        Their decimal logarithms, where float64 holds no such number.
    """

    probability: Any
    activation_probability: Any
    log10_probability: Any
    log10_activation_probability: Any

    def probability_over(self, periods: npt.ArrayLike) -> Any:
        """Probability that each of so many periods misses it, as one activation is enough."""
        count = whole_numbers("periods", periods, 0, MOST_IN_PERIOD, "periods")
        chance, count = broadcast(probability=np.asarray(self.probability), periods=count)
        return plain(np.power(chance, count.astype(np.float64)))

    @property
    def mean_periods(self) -> Any:
        """Mean number of periods up to the one that activates; infinite under a certain veto."""
        with np.errstate(over="ignore"):
            return plain(10.0 ** -np.asarray(self.log10_activation_probability))


def soft_fork_veto(
    share: npt.ArrayLike, threshold: npt.ArrayLike = 1815, period: npt.ArrayLike = 2016
) -> SoftForkVeto:
    """Chance that a share which never signals keeps a period below a soft fork's threshold.

    Blocks that signal are binomial, `period` trials at 1 - share. The place where a tenth of the
    hash rate is a threshold: 1,815 of 2,016 [1]_ is 90 %.

    Parameters
    ----------
    share : array_like
        Share that never signals, from 0 to 1; all others always do, which helps the soft fork.
    threshold : array_like of int
        Signals that activate, from 1 to the period. [blocks]
    period : array_like of int
        [blocks]

    Returns
    -------
    SoftForkVeto
        `probability` that a period misses the threshold; the chance that it activates beside it.

    Raises
    ------
    InputError
        For an argument out of range, or a threshold above the period.

    References
    ----------
    .. [1] BIP 341, deployment; 1,916 (95 %) in BIP 9.

    Examples
    --------
    >>> veto = soft_fork_veto([0.1, 0.12, 0.27])
    >>> veto.probability.round(4).tolist()
    [0.499, 0.9977, 1.0]
    >>> veto.activation_probability[:2].round(4).tolist()
    [0.501, 0.0023]
    >>> round(float(veto.log10_activation_probability[2]), 1)
    -79.7
    """
    q = share_of_hash_rate(share)
    length = whole_numbers("period", period, 1, MOST_IN_PERIOD, "blocks")
    signals = whole_numbers("threshold", threshold, 1, MOST_IN_PERIOD, "blocks")
    q, signals, length = broadcast(share=q, threshold=signals, period=length)
    above = signals > length
    if above.any():
        raise refuse(
            "threshold",
            f"{int(signals[above].flat[0]):,}",
            f"at most the period, {int(length[above].flat[0]):,} [blocks]",
        )
    reached = log_binomial_at_least(signals, length, 1.0 - q)
    missed = log_binomial_at_least(length - signals + 1, length, q)
    return SoftForkVeto(
        plain(np.exp(missed)),
        plain(np.exp(reached)),
        plain(missed / math.log(10.0)),
        plain(reached / math.log(10.0)),
    )
