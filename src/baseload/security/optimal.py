"""The best a selfish miner can do, as a Markov decision process solved between certified bounds.

The process is that of Sapirshtein, Sompolinsky and Zohar [1]_; a state and its actions are told in
`policy`. With R what the miner is paid and D what the chain gains until he next adopts, his revenue
is the largest E[R] / E[D], and a rate rho is below it if and only if some strategy makes
E[R - rho D] positive.

Why the bounds hold. *Lower*: in the states that are kept, waiting is not allowed where it would leave
them, so that every strategy found is one of the real game. *Upper*: where a path leaves them, the
miner is paid at least what he could still get. If he leads, the public's h blocks are lost at once
and his lead stays: whatever he could have done, he can do after that, and is paid no less [2]_. If he
is behind, he gives up at once, as long as he would never be ahead again, and otherwise goes on until
he is, with the chance and the mean length of a walk that is known to get there. With a very large
lead, the public loses all it finds until the lead is gone and on each later return to a tie.

*Rounds*: the sweeps stop before they have converged. By what a value after publishing has changed in
the last sweep, a step can have gained or lost that much; the share of time in which a lead of d or
more is held is at most (share / (1 - share)) ** d under any strategy, because giving up, publishing
and settling never raise the lead of a walk reflected at zero; and each step adds at least
1 - share blocks to the chain on average, since every block of the public lengthens what is public.
Both bounds carry the sum over the leads, divided by 1 - share, and a margin for rounding.

References
----------
.. [1] A. Sapirshtein, Y. Sompolinsky, A. Zohar, Optimal selfish mining strategies in Bitcoin,
   Financial Cryptography 2016, arXiv 1507.06183
.. [2] The over-payment of [1]_ at the border grows with the square of 1 / (1 - 2 share); this one is
   about the prize of a block, so that far fewer states are enough.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.security.policy import MiningPolicy, selfish_policy
from baseload.security.selfish import selfish_mining_revenue, selfish_mining_threshold
from baseload.security.strategy_arguments import (
    Floats,
    one_share,
    plain,
    positive,
    shares,
    tie_rule,
    together,
    whole,
)

if TYPE_CHECKING:
    from baseload.security.optimal_bounds import Solution

_UNIFORM_GAMMA = 0.5
# Below this share an attack can gain less than 1e-12, and its numbers lose their meaning.
_LEAST_SHARE = 1e-6
_THRESHOLD_WIDTH = 2e-6


@dataclass(frozen=True)
class OptimalSelfishMining:
    """Revenue of the best strategy, between bounds, and the strategy.

    Parameters
    ----------
    share, gamma : float
        As given. [1]
    tie : str
        "gamma" or "uniform".
    revenue : float
        What the policy earns: the part of the chain's blocks that is his. [1]
    lower, upper : float
        Certified: no less, and no more, than the best strategy earns. [1]
    longest_race_blocks : int
        Blocks of both branches up to which all states were kept. [blocks]
    largest_lead_blocks : int
        The same for the miner's lead. [blocks]
    sweeps : int
        Passes over the states, both bounds together.
    policy : MiningPolicy
        What he does in each state; at its border he overrides where ahead and adopts elsewhere.
        Tables end at some 2,000 rows, which from shares of 0.48 on costs a little of the revenue. Where
        Eyal and Sirer's strategy earns no less than the best that was found, it is theirs.
    """

    share: float
    gamma: float
    tie: str
    revenue: float
    lower: float
    upper: float
    longest_race_blocks: int
    largest_lead_blocks: int
    sweeps: int
    policy: MiningPolicy


class OptimalRevenues(NamedTuple):
    """Revenues and certified bounds for arrays of shares and gammas; of their common shape. [1]"""

    revenue: Floats
    lower: Floats
    upper: Floats


def optimal_selfish_mining(
    share: float, gamma: float, tolerance: float = 1e-5, tie: str = "gamma"
) -> OptimalSelfishMining:
    """The strategy that finds its miner the largest part of the chain's blocks, and that part.

    Parameters
    ----------
    share : float
        The miner's part of the hash rate, 0 to 1. [1]
    gamma : float
        Part of the others' hash rate that mines on his branch at a tie, 0 to 1. [1]
    tolerance : float
        Largest distance of the bounds, above 0. Kept up to a share of 0.45 and mostly up to 0.49;
        above, the work is bounded, and the bounds say how far it got. [1]
    tie : str
        "gamma": the others stay with the branch they saw first, but for `gamma` of them where his
        answers a new block at once. "uniform": every miner chooses among all equal branches at
        random, so that half of the others take his, of whatever age; `gamma` plays no part.

    Returns
    -------
    OptimalSelfishMining
        From a share of one half on the revenue is 1: he never loses a race that he does not give up.

    Raises
    ------
    InputError
        If a number is out of range or `tie` is not known.

    References
    ----------
    .. [1] A. Sapirshtein, Y. Sompolinsky, A. Zohar, 2016, arXiv 1507.06183

    Examples
    --------
    >>> best = optimal_selfish_mining(0.35, 0)
    >>> best.lower <= best.revenue <= best.upper <= best.lower + 1e-5
    True
    >>> round(best.revenue, 4)
    0.3708
    >>> print(best.policy.text(4))
    a\\h   0   1   2   3
      0 a.. aa. aa. aa.
      1 w.. www ww. aa.
      2 w.. ooo www ww.
      3 w.. www ooo www
    """
    from baseload.security import optimal_bounds

    share, gamma = one_share(share, "share"), one_share(gamma, "gamma")
    tolerance = positive(tolerance, "tolerance")
    uniform = tie_rule(tie)
    if share < _LEAST_SHARE or share >= 0.5:
        honest = share < _LEAST_SHARE
        revenue, lower, upper = _simple(share)
        return OptimalSelfishMining(
            share, gamma, tie, revenue, lower, upper, 0, 0, 0, _plain_policy(honest, uniform)
        )
    at_ties = _UNIFORM_GAMMA if uniform else gamma
    found = optimal_bounds.solve(share, at_ties, uniform, tolerance, _known(share, at_ties))
    if found.beaten and found.lower > share:
        policy = MiningPolicy(selfish_policy(_size(share)).actions, uniform)
    else:
        actions = optimal_bounds.best_actions(share, at_ties, uniform, found)
        policy = MiningPolicy(actions, uniform)
    return OptimalSelfishMining(
        share,
        gamma,
        tie,
        *_all_won(share, at_ties, uniform, found),
        found.band.last,
        found.band.lead,
        found.sweeps,
        policy,
    )


def optimal_selfish_mining_revenue(
    share: npt.ArrayLike,
    gamma: npt.ArrayLike,
    tolerance: float = 1e-5,
    tie: str = "gamma",
    threads: int | None = None,
) -> OptimalRevenues:
    """Revenue of `optimal_selfish_mining` and its bounds for many shares and gammas at once.

    Parameters
    ----------
    share, gamma : array_like
        Of shapes that fit one another. [1]
    tolerance, tie
        As for `optimal_selfish_mining`.
    threads : int, optional
        How many points are worked on at a time; as many as there are processors if not stated. The
        figures are the same for any number.

    Returns
    -------
    OptimalRevenues
        Arrays of the common shape.

    Raises
    ------
    InputError
        If an argument is out of range or shapes do not fit.

    Examples
    --------
    >>> found = optimal_selfish_mining_revenue([0.25, 0.35, 0.5], 0)
    >>> found.revenue.round(4).tolist()
    [0.25, 0.3708, 1.0]
    """
    share, gamma = together(share=share, gamma=gamma)
    tolerance = positive(tolerance, "tolerance")
    uniform = tie_rule(tie)
    count = (os.cpu_count() or 1) if threads is None else whole(threads, "threads", 1, 1_024)

    def point(place: int) -> tuple[float, float, float]:
        from baseload.security.optimal_bounds import solve

        p, g = float(share.flat[place]), float(gamma.flat[place])
        if p < _LEAST_SHARE or p >= 0.5:
            return _simple(p)
        g = _UNIFORM_GAMMA if uniform else g
        return _all_won(p, g, uniform, solve(p, g, uniform, tolerance, _known(p, g)))

    # The largest shares take longest and go first, so that no thread is left with one at the end.
    order = np.argsort(-share, axis=None, kind="stable")
    values = np.empty((share.size, 3))
    values[order] = np.array(_mapped(point, order, count)).reshape(-1, 3)
    return OptimalRevenues(*(values[:, i].reshape(share.shape) for i in range(3)))


def optimal_selfish_mining_threshold(gamma: npt.ArrayLike, tie: str = "gamma") -> float | Floats:
    """Smallest share from which some strategy earns more than honest mining.

    Parameters
    ----------
    gamma : array_like
        Part of the others' hash rate that mines on his branch at a tie, 0 to 1. [1]
    tie : str
        As for `optimal_selfish_mining`.

    Returns
    -------
    float or ndarray
        Within 1e-5: just above it the lower bound is above the share, just below it the upper bound
        is not. 0 at gamma = 1. [1]

    Raises
    ------
    InputError
        If gamma is no number from 0 to 1 or `tie` is not known.

    References
    ----------
    .. [1] A. Sapirshtein, Y. Sompolinsky, A. Zohar, 2016, arXiv 1507.06183

    Examples
    --------
    >>> round(optimal_selfish_mining_threshold(0.5, tie="uniform"), 4)
    0.2321
    """
    gamma = shares(gamma, "gamma")
    uniform = tie_rule(tie)
    at_ties, back = np.unique(
        np.full(gamma.shape, _UNIFORM_GAMMA) if uniform else gamma, return_inverse=True
    )
    found = np.array([_threshold(float(one), uniform) for one in at_ties])
    return plain(found[back].reshape(gamma.shape))


def _threshold(gamma: float, uniform: bool) -> float:
    # Eyal and Sirer's strategy pays above its own threshold, and the best one no later.
    above = float(selfish_mining_threshold(gamma))
    below = 0.5 * above
    while below > _LEAST_SHARE and _pays(below, gamma, uniform):
        above, below = below, 0.5 * below
    while above - below > _THRESHOLD_WIDTH:
        middle = 0.5 * (above + below)
        if middle > _LEAST_SHARE and _pays(middle, gamma, uniform):
            above = middle
        else:
            below = middle
    return 0.5 * (above + below)


def _pays(share: float, gamma: float, uniform: bool) -> bool:
    """Whether the lower bound is above the share, the bounds so close that it can tell."""
    from baseload.security.optimal_bounds import solve

    # The gain rises from the threshold about as share * (share - threshold).
    return solve(share, gamma, uniform, max(1e-7 * share, 2e-13), share).lower > share


def _known(share: float, gamma: float) -> float:
    """What honest mining or Eyal and Sirer's strategy earns, the better of the two."""
    return max(share, float(selfish_mining_revenue(share, gamma)))


def _simple(share: float) -> tuple[float, float, float]:
    """Revenue and bounds where no table is needed: the gain vanishes, or nothing is lost."""
    if share >= 0.5:
        return 1.0, 1.0, 1.0
    return share, share, share / (1.0 - share)


def _all_won(
    share: float, gamma: float, uniform: bool, found: Solution
) -> tuple[float, float, float]:
    """Revenue and bounds as found; where every tie is won, each of his blocks replaces another's."""
    if gamma == 1.0 and not uniform:
        exact = share / (1.0 - share)
        return exact, exact, exact
    return found.revenue, found.lower, found.upper


def _size(share: float) -> int:
    """Rows of a table whose end a race of that share hardly ever meets, 1,000 at most."""
    return min(1_000, max(16, int(math.log(1e-12) / math.log(4.0 * share * (1.0 - share)))))


def _plain_policy(honest: bool, uniform: bool) -> MiningPolicy:
    """Publish every block at once, or never give up."""
    size = 64
    a, h = np.indices((size, size))
    rest = 0 if honest else 3
    actions = np.where((a > h) & (honest | (a == h + 1) & (h >= 1)), 1, rest)
    return MiningPolicy(np.repeat(actions[..., None], 3, axis=2).astype(np.int8), uniform)


def _mapped(
    point: Callable[[int], tuple[float, float, float]], places: npt.NDArray[np.intp], threads: int
) -> list[tuple[float, float, float]]:
    if threads == 1 or places.size <= 1:
        return [point(int(place)) for place in places]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(point, (int(place) for place in places)))
