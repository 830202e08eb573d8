"""What a double spend earns, for an attacker who gives up once he is too far behind.

An attacker who never gives up loses without end where he fails, so that the expected profit needs a
limit. The race then is a walk between two barriers, and everything about it is finite.

References
----------
.. [1] C. Grunspan, R. Pérez-Marco, On Profitability of Nakamoto Double Spend, 2019,
   arXiv:1912.06412.
.. [2] W. Feller, An Introduction to Probability Theory and Its Applications, volume 1, 3rd edition,
   1968, chapter XIV (ruin, duration of the game); A. Wald's identity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.linalg import solve_banded
from scipy.signal import lfilter

from baseload.security.arguments import (
    Floats,
    broadcast,
    numbers,
    plain,
    share_of_hash_rate,
    truth,
    whole_numbers,
)
from baseload.security.pace import BLOCKS_PER_YEAR

MOST_CONFIRMATIONS: Final = 10_000
MOST_BEHIND: Final = 100_000


@dataclass(frozen=True)
class DoubleSpendAttack:
    """One attempt at a double spend, as expected before it begins.

    Attributes
    ----------
    probability : float or ndarray
        That it succeeds.
    blocks : float or ndarray
        Blocks that all miners find until it ends. [blocks]
    own_blocks : float or ndarray
        Those of them that the attacker finds. [blocks]
    lost_blocks : float or ndarray
        Blocks of the attacker, premined ones too, on a branch that he gives up: the probability of
        failure is in it. [blocks]
    """

    probability: Any
    blocks: Any
    own_blocks: Any
    lost_blocks: Any

    def profit(self, value: npt.ArrayLike, reward: npt.ArrayLike) -> Any:
        """Expected profit of one attempt over mining in the open for as long.

        value × probability - reward × lost_blocks: blocks on the branch that wins are paid as they
        would have been, by Wald's identity; those on a branch that is given up are not. Power is
        spent either way. Within one difficulty period; fees are part of the reward.

        Parameters
        ----------
        value : array_like
            What the attacker keeps if the payment is undone, at least 0. [any money]
        reward : array_like
            Subsidy and fees of a block, at least 0. [the same money]

        Returns
        -------
        float or ndarray
            [the same money]
        """
        gain = numbers("value", value, 0.0)
        pay = numbers("reward", reward, 0.0)
        gain, pay, chance, lost = broadcast(
            value=gain,
            reward=pay,
            probability=np.asarray(self.probability),
            lost_blocks=np.asarray(self.lost_blocks),
        )
        return plain(gain * chance - pay * lost)

    def break_even_value(self, reward: npt.ArrayLike) -> Any:
        """Value of the payment above which an attempt pays; infinite where none succeeds."""
        pay = numbers("reward", reward, 0.0)
        pay, chance, lost = broadcast(
            reward=pay,
            probability=np.asarray(self.probability),
            lost_blocks=np.asarray(self.lost_blocks),
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            found = pay * lost / chance
        return plain(np.where(chance > 0.0, found, np.inf))

    @property
    def attempts_per_year(self) -> Any:
        """Attempts that fit into a year, one after the other, at 600 s a block."""
        with np.errstate(divide="ignore"):
            return plain(BLOCKS_PER_YEAR / np.asarray(self.blocks, dtype=np.float64))

    @property
    def successes_per_year(self) -> Any:
        """Attempts that succeed in a year of them."""
        return plain(self.attempts_per_year * np.asarray(self.probability))

    def probability_within(self, attempts: npt.ArrayLike) -> Any:
        """Probability that at least one of so many attempts succeeds."""
        count = whole_numbers("attempts", attempts, 0, unit="attempts")
        count, chance = broadcast(attempts=count, probability=np.asarray(self.probability))
        with np.errstate(divide="ignore", invalid="ignore"):
            found = -np.expm1(count * np.log1p(-chance))
        # 0 × minus infinity where no attempt is made at a sure success.
        return plain(np.where(count == 0, 0.0, found))


def double_spend_attack(
    share: npt.ArrayLike,
    confirmations: npt.ArrayLike,
    give_up_behind: npt.ArrayLike,
    *,
    premined: npt.ArrayLike = 0,
    overtake: bool = False,
) -> DoubleSpendAttack:
    """One double spend by an attacker who gives up when the public branch leads by so many blocks.

    He mines on the parent of the payment's block from the moment it is sent. He gives up whenever
    the public branch leads by `give_up_behind`, before the last confirmation too; he publishes, and
    has the payment undone, as soon as it has its confirmations and his branch is level. What he did
    to get premined blocks, and the time that took, is not counted; the blocks are, where he loses
    them.

    Parameters
    ----------
    share : array_like
        Attacker's share of the hash rate, from 0 to 1.
    confirmations : array_like of int
        That the merchant waits for, from 0 to 10,000. [blocks]
    give_up_behind : array_like of int
        From 1 to 100,000. [blocks]
    premined : array_like of int
        Blocks that he holds when the payment is sent. [blocks]
    overtake : bool
        Whether he must be one block ahead instead of level.

    Returns
    -------
    DoubleSpendAttack
        Probability, expected blocks of all, of his own and lost; with profit and repetition.

    Raises
    ------
    InputError
        For an argument outside its range.

    References
    ----------
    .. [1] C. Grunspan, R. Pérez-Marco, 2019, arXiv:1912.06412.

    Examples
    --------
    A tenth of the hash rate against six confirmations, given up three blocks behind:

    >>> attack = double_spend_attack(0.1, 6, 3)
    >>> round(attack.probability, 6), round(attack.blocks, 2), round(attack.lost_blocks, 3)
    (0.000436, 3.75, 0.372)
    >>> round(attack.break_even_value(reward=3.145))
    2685
    """
    q = share_of_hash_rate(share)
    z = whole_numbers("confirmations", confirmations, 0, MOST_CONFIRMATIONS, "blocks")
    limit = whole_numbers("give_up_behind", give_up_behind, 1, MOST_BEHIND, "blocks")
    held = whole_numbers("premined", premined, 0, MOST_CONFIRMATIONS, "blocks")
    ahead = int(truth("overtake", overtake))
    q, z, limit, held = broadcast(share=q, confirmations=z, give_up_behind=limit, premined=held)
    found = np.empty((4, *q.shape))
    for index in np.ndindex(q.shape):
        found[(slice(None), *index)] = _attempt(
            float(q[index]), int(z[index]), int(limit[index]), int(held[index]), ahead
        )
    return DoubleSpendAttack(*(plain(one.copy()) for one in found))


def _attempt(
    q: float, z: int, limit: int, held: int, ahead: int
) -> tuple[float, float, float, float]:
    """Probability, blocks of all, own blocks and lost blocks of one attempt."""
    p = 1.0 - q
    needed = z - held + ahead
    if needed <= 0 and z == 0:
        return 1.0, 0.0, 0.0, 0.0
    if q == 1.0:
        # Nobody else confirms the payment; without confirmations he only mines what he needs.
        return (1.0, np.inf, np.inf, 0.0) if z else (1.0, float(needed), float(needed), 0.0)
    if needed <= 0:
        # Level whatever happens: he waits for the confirmations.
        return 1.0, z / p, z * q / p, 0.0
    # Chances by the number of his own blocks, after each public one, while he still needs some.
    own = np.arange(needed)
    chance = np.zeros(needed)
    chance[0] = 1.0
    enough_at_once = q ** (needed - own).astype(float)
    win = lost = public = gave_up = 0.0
    for block in range(1, z + 1):
        # Before it comes he finds a geometric number.
        win += float((chance * enough_at_once).sum())
        chance = np.asarray(lfilter([p], [1.0, -q], chance))
        # He gives up where block - own - held has reached the limit.
        ended = max(block - held - limit + 1, 0)
        part = chance[:ended]
        gave_up += float(part.sum())
        public += block * float(part.sum())
        lost += float((part * (own[:ended] + held)).sum())
        chance[:ended] = 0.0
    walk = _Walk.between(q, limit + ahead)
    racing = needed - own < limit + ahead
    chance, own = chance[racing], own[racing]
    missing = needed - own
    win += float((chance * walk.win[missing]).sum())
    lost += float((chance * ((own + held) * walk.loss[missing] + walk.own_lost[missing])).sum())
    public += z * (1.0 - gave_up) + p * float((chance * walk.steps[missing]).sum())
    blocks = public / p
    # A sum of chances may round above one.
    return min(win, 1.0), blocks, q * blocks, lost


@dataclass(frozen=True)
class _Walk:
    """The race after the last confirmation, by the blocks that the attacker misses (0 to the limit)."""

    win: Floats
    loss: Floats
    own_lost: Floats  # blocks he finds, where the race is lost
    steps: Floats  # blocks that all find until it ends

    @classmethod
    def between(cls, q: float, limit: int) -> _Walk:
        """A walk that ends at nothing missing, or at `limit` blocks missing."""
        missing = np.arange(limit + 1, dtype=np.float64)
        loss = _ruin(q, missing, limit)
        win = _ruin(1.0 - q, limit - missing, limit)
        own_lost, steps = np.zeros(limit + 1), np.zeros(limit + 1)
        if limit > 1:
            inner = limit - 1
            bands = np.zeros((3, inner))
            bands[0, 1:] = -(1.0 - q)
            bands[1] = 1.0
            bands[2, :-1] = -q
            gains = np.column_stack([q * loss[:inner], np.ones(inner)])
            solved = solve_banded((1, 1), bands, gains)
            own_lost[1:limit], steps[1:limit] = solved[:, 0], solved[:, 1]
        return cls(win, loss, own_lost, steps)


def _ruin(q: float, away: Floats, limit: int) -> Floats:
    """Chance that a walk `away` from 0, drawn to it with q, reaches the limit before 0 [2]_."""
    if q in (0.0, 1.0):
        ruined = away > 0.0 if q == 0.0 else away >= limit
        return ruined.astype(np.float64)
    odds = np.log(q) - np.log1p(-q)
    if odds == 0.0:
        return away / limit
    if odds < 0.0:
        return np.asarray(np.expm1(away * odds) / np.expm1(limit * odds))
    # Divided by the larger power, which float64 may not hold.
    far = np.exp((away - limit) * odds)
    return np.asarray(far * np.expm1(-away * odds) / np.expm1(-limit * odds))
