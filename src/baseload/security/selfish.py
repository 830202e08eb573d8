"""Selfish mining in closed form: what the strategy of Eyal and Sirer earns, from where on, and when.

A miner keeps his blocks to himself and publishes them when the public branch comes close, so that
others' work is lost. `gamma` is the part of the others' hash rate that, when two branches of equal
length are public, mines on his. Subsidy alone, no fees, no propagation delay.

References
----------
.. [1] I. Eyal, E. G. Sirer, Majority is not enough: Bitcoin mining is vulnerable, Financial
   Cryptography 2014, https://doi.org/10.1007/978-3-662-45472-5_28; Communications of the ACM 61(7),
   2018, https://doi.org/10.1145/3212998
.. [2] C. Grunspan, R. Perez-Marco, On profitability of selfish mining, arXiv 1805.08281
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from baseload.security.pace import WEEKS_PER_PERIOD
from baseload.security.strategy_arguments import Floats, plain, shares, together


def selfish_mining_revenue(share: npt.ArrayLike, gamma: npt.ArrayLike) -> float | Floats:
    """Part of the chain's blocks that a selfish miner finds in the long run.

    Parameters
    ----------
    share : array_like
        His part of the hash rate, 0 to 1. [1]
    gamma : array_like
        Part of the others' hash rate that mines on his branch at a tie, 0 to 1. [1]

    Returns
    -------
    float or ndarray
        Eyal and Sirer's equation 8 [1]_; from a share of one half on 1, as he never loses. Below
        `selfish_mining_threshold` it is less than the share: honest mining would pay more. [1]

    Raises
    ------
    InputError
        If an argument is no number from 0 to 1, or shapes do not fit.

    References
    ----------
    .. [1] I. Eyal, E. G. Sirer, 2014, https://doi.org/10.1007/978-3-662-45472-5_28

    Examples
    --------
    >>> selfish_mining_revenue(1 / 4, 0.5)
    0.25
    >>> selfish_mining_revenue([0.3, 0.4, 0.5], 0).round(4).tolist()
    [0.2731, 0.4837, 1.0]
    """
    share, gamma = together(share=share, gamma=gamma)
    return plain(share + _gain(share, gamma))


def selfish_mining_threshold(gamma: npt.ArrayLike) -> float | Floats:
    """Share above which Eyal and Sirer's strategy earns more than honest mining.

    Parameters
    ----------
    gamma : array_like
        Part of the others' hash rate that mines on his branch at a tie, 0 to 1. [1]

    Returns
    -------
    float or ndarray
        (1 - gamma) / (3 - 2 gamma) [1]_; a better strategy pays from less on, see
        `optimal_selfish_mining_threshold`. [1]

    Raises
    ------
    InputError
        If gamma is no number from 0 to 1.

    References
    ----------
    .. [1] I. Eyal, E. G. Sirer, 2014, https://doi.org/10.1007/978-3-662-45472-5_28, observation 1

    Examples
    --------
    >>> selfish_mining_threshold([0, 0.5, 1]).tolist()
    [0.3333333333333333, 0.25, 0.0]
    """
    gamma = shares(gamma, "gamma")
    return plain((1.0 - gamma) / (3.0 - 2.0 * gamma))


def selfish_mining_chain_blocks(share: npt.ArrayLike) -> float | Floats:
    """Blocks that the chain gains for each block that anyone finds while a miner mines selfishly.

    The rest are orphans. A miner who claims a share but leaves no orphans does not hold his blocks
    back, so that his part of the chain's blocks is his part of the hash rate; one who does shows
    this figure, and his part of the chain's blocks says more than he has.

    Parameters
    ----------
    share : array_like
        His part of the hash rate, 0 to 1. [1]

    Returns
    -------
    float or ndarray
        Mean growth of the chain over mean number of blocks in a cycle of Eyal and Sirer's
        strategy, whatever gamma is; from one half on only his own blocks stay. [1]

    Raises
    ------
    InputError
        If the share is no number from 0 to 1.

    Notes
    -----
    With p the share and q = 1 - p: a cycle begins when nobody holds a lead. It ends at once with q;
    otherwise its second block makes a lead of two (p), which lasts 1 / (q - p) blocks more and
    leaves q / (q - p) + 1 in the chain, or a tie (q), which one more block decides, and leaves two.

    Examples
    --------
    >>> round(selfish_mining_chain_blocks(1 / 3), 6)
    0.764706
    """
    share = shares(share, "share")
    p = np.minimum(share, 0.5)
    q = 1.0 - p
    # Both multiplied by q - p, which is 0 at one half.
    grown = q * (q - p) + p * (p * (2.0 * q - p) + 2.0 * q * (q - p))
    found = (q - p) + p * ((1.0 + q) * (q - p) + p)
    return plain(np.where(share < 0.5, grown / found, share))


def selfish_mining_weeks_to_profit(share: npt.ArrayLike, gamma: npt.ArrayLike) -> float | Floats:
    """Weeks from the start of selfish mining until it has paid more than honest mining would have.

    Nothing is gained before the first retarget [1]_: orphans slow the chain, and only the lower
    difficulty that follows makes up for them. The strategy begins with a period; that period lasts
    longer, by the orphans; from then on blocks come every ten minutes again, of which the miner
    has `selfish_mining_revenue`. Expected values: luck may bring it forward or put it off.

    Parameters
    ----------
    share : array_like
        His part of the hash rate, 0 to 1. [1]
    gamma : array_like
        Part of the others' hash rate that mines on his branch at a tie, 0 to 1. [1]

    Returns
    -------
    float or ndarray
        Weeks; infinite up to the threshold, where it never pays, and at a share of 1. [weeks]

    Raises
    ------
    InputError
        If an argument is no number from 0 to 1, or shapes do not fit.

    Notes
    -----
    With revenue r, share p and c chain blocks per block found, the first period lasts 2 / c weeks
    and loses p - r c in each unit of time, and each later one gains r - p. The two are equal
    after 2 / c × r (1 - c) / (r - p) weeks.

    References
    ----------
    .. [1] C. Grunspan, R. Perez-Marco, On profitability of selfish mining, arXiv 1805.08281

    Examples
    --------
    >>> selfish_mining_weeks_to_profit([0.1, 0.3, 0.2], [0.9, 0.5, 0.5]).round(1).tolist()
    [10.2, 6.5, inf]
    """
    share, gamma = together(share=share, gamma=gamma)
    gain = _gain(share, gamma)
    grown = np.asarray(selfish_mining_chain_blocks(share))
    pays = gain > 0.0
    weeks = np.full(share.shape, np.inf)
    np.divide(
        WEEKS_PER_PERIOD * (share + gain) * (1.0 - grown), grown * gain, out=weeks, where=pays
    )
    return plain(weeks)


def _gain(share: Floats, gamma: Floats) -> Floats:
    """Revenue less share, in a form that keeps its digits near the threshold."""
    p = np.minimum(share, 0.5)
    beyond = p * (3.0 - 2.0 * gamma) - (1.0 - gamma)
    gain = p * (1.0 - p) ** 2 * beyond / (1.0 - p - 2.0 * p**2 + p**3)
    return np.where(share < 0.5, gain, 1.0 - share)
