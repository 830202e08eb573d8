"""Stubborn mining: selfish strategies that give up later, or race where they could win at once.

Every variant is a table of actions (`stubborn_policy`), since papers use one name for several
strategies. Its long-run revenue is exact: see `stubborn_mining_revenue`.

References
----------
.. [1] K. Nayak, S. Kumar, A. Miller, E. Shi, Stubborn mining, IEEE EuroS&P 2016,
   https://doi.org/10.1109/EuroSP.2016.32
.. [2] C. Grunspan, R. Perez-Marco, On profitability of stubborn mining, arXiv 1808.01041
"""

from __future__ import annotations

import re
import reprlib
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.security.policy import (
    ACTIVE,
    IRRELEVANT,
    MATCH,
    RELEVANT,
    WAIT,
    MiningPolicy,
    selfish_policy,
)
from baseload.security.strategy_arguments import Floats, fault, plain, together, whole

LONGEST_TRAIL = 100


class _Rules(NamedTuple):
    lead: bool
    equal_fork: bool
    trail: int


def stubborn_mining_revenue(
    share: npt.ArrayLike, gamma: npt.ArrayLike, variant: str = "lead"
) -> float | Floats:
    """Part of the chain's blocks that a stubborn miner finds in the long run.

    Parameters
    ----------
    share : array_like
        His part of the hash rate, 0 to 1. [1]
    gamma : array_like
        Part of the others' hash rate that mines on his branch at a tie, 0 to 1. [1]
    variant : str
        `"lead"`, `"equal-fork"`, `"trail-1"`, `"trail-2"` and so on, or several joined by `+`, as in
        `"lead+equal-fork"`; `"selfish"` for none of them. What each does: `stubborn_policy`.

    Returns
    -------
    float or ndarray
        Exact but for rounding; 1 from a share of one half on, where a miner need only publish. [1]

    Raises
    ------
    InputError
        If a number is not from 0 to 1, shapes do not fit, or the variant is not known.

    Notes
    -----
    All blocks of an undecided public branch share one fate, and how likely it is that they are lost
    depends on the lead and on who found the last block alone. From a lead of two up, every variant
    does the same at each block, so that this chance is 1 less a geometric term, and how often each
    lead is met follows from the walk. That leaves a few states near a tie: two small
    linear systems, one for the fates and one for what a cycle adds to the chain and pays.

    References
    ----------
    .. [1] C. Grunspan, R. Perez-Marco, arXiv 1808.01041: closed forms of "lead" and
       "lead+equal-fork", with which this agrees.

    Examples
    --------
    >>> round(stubborn_mining_revenue(0.4, 0.5, "lead+equal-fork"), 6)
    0.565741
    >>> stubborn_mining_revenue([0.3, 0.5], 0, "lead+equal-fork").tolist()
    [0.0, 1.0]
    """
    share, gamma = together(share=share, gamma=gamma)
    rules = _rules(variant)
    inside = share < 0.5
    result = np.ones(share.shape)
    if inside.any():
        result[inside] = _revenue(share[inside], gamma[inside], rules)
    return plain(result)


def stubborn_policy(variant: str, size: int = 64) -> MiningPolicy:
    """The table of actions of a stubborn variant.

    All start from `selfish_policy` and change it so:

    - *lead*: where his lead falls to one, he matches instead of overriding;
    - *equal-fork*: where he finds a block at a tie, he keeps it and mines on;
    - *trail-j*: he adopts only when more than j blocks behind, or when none of the undecided blocks
      is his. Where he has drawn level he mines on; a block found there he publishes at once, unless
      he is equal-fork stubborn too.

    Parameters
    ----------
    variant : str
        As for `stubborn_mining_revenue`.
    size : int
        Rows and columns, 4 to 2,000; races that leave the table end at its border.

    Raises
    ------
    InputError
        If the variant is not known or the size is out of range.

    Examples
    --------
    >>> print(stubborn_policy("equal-fork+trail-1").text(4))
    a\\h   0   1   2   3
      0 a.. aa. aa. aa.
      1 w.. wmw ww. aa.
      2 w.. wow wmw ww.
      3 w.. wmw wow wmw
    """
    rules = _rules(variant)
    size = whole(size, "size", 4, 2_000)
    actions = selfish_policy(size).actions.copy()
    a, h = np.indices((size, size))
    one_ahead = (a == h + 1) & (h >= 1)
    if rules.lead:
        actions[one_ahead, RELEVANT] = MATCH
    if rules.equal_fork:
        actions[one_ahead, IRRELEVANT] = WAIT
        actions[one_ahead, ACTIVE] = WAIT
    actions[(h > a) & (h - a <= rules.trail) & (a >= 1)] = WAIT
    return MiningPolicy(actions)


def _rules(variant: str) -> _Rules:
    allowed = 'lead, equal-fork, trail-1, trail-2, ..., joined by "+", or selfish'
    if not isinstance(variant, str):
        raise fault("variant", reprlib.repr(variant), allowed)
    parts = variant.split("+")
    if parts == ["selfish"]:
        return _Rules(False, False, 0)
    trail = 0
    for part in parts:
        behind = re.fullmatch(r"trail-([1-9][0-9]{0,2})", part)
        if behind and not trail and int(behind[1]) <= LONGEST_TRAIL:
            trail = int(behind[1])
        elif part not in ("lead", "equal-fork") or parts.count(part) > 1:
            note = f"one trail of at most {LONGEST_TRAIL}" if part.startswith("trail-") else ""
            raise fault("variant", reprlib.repr(variant), allowed, note)
    return _Rules("lead" in parts, "equal-fork" in parts, trail)


# States near a tie: the lead, and whether the last block was the public's (relevant), the miner's in
# an open race (active) or his own behind the public's (irrelevant). Behind by k: _BEHIND + k - 1.
_AHEAD_RELEVANT, _AHEAD_ACTIVE, _AHEAD_IRRELEVANT, _TIE_RELEVANT, _TIE_IRRELEVANT, _BEHIND = range(
    6
)


def _revenue(share: Floats, gamma: Floats, rules: _Rules) -> Floats:
    """Revenue at shares below one half, flat arrays."""
    p, q = share, 1.0 - share
    kept = q * (1.0 - gamma)
    # From a lead of d >= 1 after a public block, the undecided blocks escape the attack with
    # chance escape[_AHEAD_RELEVANT] * fall ** (d - 1); fall solves x = p x ** 2 + kept.
    fall = 2.0 * kept / (1.0 + np.sqrt(1.0 - 4.0 * p * kept))
    ratio = p / q
    count = _BEHIND + rules.trail
    # What follows a public block at a tie, and at the last block of the trail.
    escape = _fates(p, q, kept, fall, count, rules)
    lost = np.concatenate([escape, np.ones((p.size, 1))], axis=1)
    # A stay at leads of two and more ends at one, and adds a block to the chain at each step down.
    stay = np.stack([1.0 / (1.0 - ratio)] * 2, axis=1)
    stay[:, 0] -= escape[:, _AHEAD_RELEVANT] / (1.0 - ratio * fall)

    matrix = np.tile(np.eye(count + 1), (p.size, 1, 1))  # the last row: the cycle is over
    given = np.zeros((p.size, count + 1, 2))

    def public(state: int, chance: Floats, to: int) -> None:
        """A public block joins the undecided ones, and the state becomes `to`."""
        given[:, state, 0] += chance * (1.0 - lost[:, to])
        given[:, state, 1] += chance
        matrix[:, state, to] -= chance

    for state, goes_on in (
        (_AHEAD_RELEVANT, rules.lead),
        (_AHEAD_ACTIVE, rules.equal_fork),
        (_AHEAD_IRRELEVANT, rules.equal_fork),
    ):
        if goes_on:
            given[:, state] += p[:, None] * stay
            matrix[:, state, _AHEAD_RELEVANT] -= p
            public(state, q, _TIE_RELEVANT)
        else:
            given[:, state] = 1.0  # the block by which he overrides
    matrix[:, _TIE_RELEVANT, _AHEAD_ACTIVE] -= p
    public(_TIE_RELEVANT, kept, _BEHIND)
    given[:, _TIE_RELEVANT, 1] += q - kept  # settled; the new block stays
    matrix[:, _TIE_IRRELEVANT, _AHEAD_IRRELEVANT] -= p
    public(_TIE_IRRELEVANT, q, _BEHIND)
    for behind in range(1, rules.trail + 1):
        state = _BEHIND + behind - 1
        matrix[:, state, _TIE_IRRELEVANT if behind == 1 else state - 1] -= p
        public(state, q, state + 1)
    later = np.linalg.solve(matrix, given)
    # A cycle: a public block, or one of his and then another of his or one of the public.
    start = p[:, None] * (
        p[:, None] * (stay + later[:, _AHEAD_RELEVANT]) + q[:, None] * later[:, _TIE_RELEVANT]
    )
    start[:, 0] += p * q * (1.0 - lost[:, _TIE_RELEVANT])
    start[:, 1] += p * q + q
    revenue: Floats = start[:, 0] / start[:, 1]
    if rules.lead and rules.equal_fork:
        revenue[gamma == 0.0] = 0.0  # he never overrides, and wins no tie
    return np.clip(revenue, 0.0, 1.0)  # rounding alone leads outside


def _fates(p: Floats, q: Floats, kept: Floats, fall: Floats, count: int, rules: _Rules) -> Floats:
    """Chance in each state that the undecided public blocks stay in the chain."""
    matrix = np.tile(np.eye(count), (p.size, 1, 1))
    given = np.zeros((p.size, count, 1))

    def leads(state: int, chance: Floats, to: int) -> None:
        if to < count:
            matrix[:, state, to] -= chance
        else:
            given[:, state, 0] += chance  # given up

    if rules.lead:
        leads(_AHEAD_RELEVANT, p * fall, _AHEAD_RELEVANT)
        leads(_AHEAD_RELEVANT, kept, _TIE_RELEVANT)
    if rules.equal_fork:
        leads(_AHEAD_ACTIVE, p * fall, _AHEAD_RELEVANT)
        leads(_AHEAD_ACTIVE, kept, _TIE_RELEVANT)
        # At a lead of two that is not yet public, the next public block starts the race.
        leads(_AHEAD_IRRELEVANT, p * q / (1.0 - p * fall), _AHEAD_RELEVANT)
        leads(_AHEAD_IRRELEVANT, q, _TIE_RELEVANT)
    leads(_TIE_RELEVANT, p, _AHEAD_ACTIVE)
    leads(_TIE_RELEVANT, kept, _BEHIND)
    leads(_TIE_IRRELEVANT, p, _AHEAD_IRRELEVANT)
    leads(_TIE_IRRELEVANT, q, _BEHIND)
    for behind in range(1, rules.trail + 1):
        state = _BEHIND + behind - 1
        leads(state, p, _TIE_IRRELEVANT if behind == 1 else state - 1)
        leads(state, q, state + 1)
    return np.linalg.solve(matrix, given)[..., 0].astype(np.float64)
