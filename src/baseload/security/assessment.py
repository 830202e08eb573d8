"""Everything that a share of the hash rate can do, and its loss does, in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from os import PathLike
from typing import Any, Final

from baseload.security.arguments import numbers, one_number, refuse, share_of_hash_rate
from baseload.security.censorship import censorship_wait, hard_censorship
from baseload.security.coalition import Coalition, coalition_share, coalitions
from baseload.security.concentration import STRICTLY, ConcentrationChange, concentration_change
from baseload.security.double_spend import confirmations_for_risk, double_spend_probability
from baseload.security.feather_fork import feather_forking
from baseload.security.loss import loss_of_share
from baseload.security.majority import streak_wait_blocks
from baseload.security.pace import BLOCKS_PER_DAY
from baseload.security.selfish import (
    selfish_mining_revenue,
    selfish_mining_threshold,
    selfish_mining_weeks_to_profit,
)
from baseload.security.share_tables import hash_rate_shares, known_name
from baseload.security.soft_fork import soft_fork_veto

GAMMAS: Final = (0.0, 0.5, 1.0)
"""Nothing is known of how much of the rest would follow an attacker in a tie: ends and middle."""

RISKS: Final = (0.01, 0.001)
GIVE_UP_AFTER: Final = (1, 6, None)
STREAK: Final = 6

OUT_OF_SCOPE: Final = (
    "sabotage of pools (blocks withheld)",
    "partition of the network",
    "fee sniping and undercutting",
    "fees in selfish mining: rewards are alike for all blocks",
)


@dataclass(frozen=True)
class SelfishMining:
    """What withholding blocks earns where a part `gamma` of the rest follows the attacker in a tie.

    Attributes
    ----------
    gamma : float
    threshold : float
        Share above which Eyal and Sirer's strategy earns more than honest mining.
    revenue : float
        Share of the blocks that the attacker gets with it.
    weeks_to_profit : float
        From a retarget on until it has earned more than honest mining; infinite if it never does.
        [weeks]
    optimal_revenue, optimal_lower, optimal_upper : float or None
        Share of the blocks with the best strategy, and its certified bounds; None if not asked for.
    """

    gamma: float
    threshold: float
    revenue: float
    weeks_to_profit: float
    optimal_revenue: float | None = None
    optimal_lower: float | None = None
    optimal_upper: float | None = None


@dataclass(frozen=True)
class Assessment:
    """What a share of the hash rate means for the security of the network.

    Attributes
    ----------
    members : tuple of str
        Who has it: the mine, and with whom.
    share : float
        Of all that runs, after the network's response.
    confirmations : int
    double_spend, double_spend_nakamoto : float
        Probability that a payment with so many confirmations is undone; Nakamoto's approximation.
    confirmations_for_risk : tuple of (risk, int or None)
        Fewest confirmations with a probability below the risk; None where no number has one.
    selfish_mining : tuple of SelfishMining
    censorship_wait_minutes : float
        Mean wait of a transaction that the share ignores. [min]
    feather_forking : tuple of (int or None, float)
        Blocks on top at which the fork is given up, and the probability that the block is orphaned.
    majority : bool
    majority_missing : float
        Hash rate that must join the share until it has half, the network being 1.
    majority_cushion : float
        Hash rate that must join the others to end its majority, the network being 1.
    veto_log10_activation : float
        Decimal logarithm of the probability that 1,815 of 2,016 blocks signal without the share.
    veto : float
        Probability that they do not.
    loss_block_minutes, loss_days_to_retarget, loss_days_to_normal : float
        Interval of blocks when the share vanishes after a retarget, days to the next, and until
        blocks take ten minutes again.
    streak_days : float
        Mean days until the share has found six blocks in a row.
    concentration : ConcentrationChange or None
        Of the level below, before and after the mine; None where the table tells apart no more than half
        of the hash rate.
    level : str
        "pool", "template", "operator" or "state".
    coalitions : tuple of Coalition
        Smallest ones with the mine that cross a tenth, the threshold of selfish mining, a third, half.
    """

    members: tuple[str, ...]
    share: float
    confirmations: int
    double_spend: float
    double_spend_nakamoto: float
    confirmations_for_risk: tuple[tuple[float, int | None], ...]
    selfish_mining: tuple[SelfishMining, ...]
    censorship_wait_minutes: float
    feather_forking: tuple[tuple[int | None, float], ...]
    majority: bool
    majority_missing: float
    majority_cushion: float
    veto: float
    veto_log10_activation: float
    loss_block_minutes: float
    loss_days_to_retarget: float
    loss_days_to_normal: float
    streak_days: float
    concentration: ConcentrationChange | None
    level: str
    coalitions: tuple[Coalition, ...]

    def as_dict(self) -> dict[str, Any]:
        """The same as plain dictionaries and lists, for JSON."""
        found = asdict(self)
        found["confirmations_for_risk"] = [
            {"risk": risk, "confirmations": number} for risk, number in self.confirmations_for_risk
        ]
        found["feather_forking"] = [
            {"give_up_after": number, "probability": chance}
            for number, chance in self.feather_forking
        ]
        found["out_of_scope"] = list(OUT_OF_SCOPE)
        return found


def assess(
    share: float,
    *,
    partners: Sequence[str] = (),
    confirmations: int = 6,
    gammas: Sequence[float] = GAMMAS,
    level: str = "pool",
    file: str | PathLike[str] | None = None,
    name: str = "mine",
    optimal: bool = True,
) -> Assessment:
    """What a share of the hash rate, alone or with partners, can do to the network.

    Parameters
    ----------
    share : float
        The mine's share of what runs after the network's response, 0 to 1.
    partners : sequence of str
        Pools, templates, operators or states that act with it; the mine has diluted their shares.
    confirmations : int
        Of a payment, from 0.
    gammas : sequence of float
        Parts of the rest that mine on the attacker's block in a tie, 0 to 1.
    level : str
        By what the others are told apart: "pool", "template", "operator" or "state".
    file : path, optional
        A table in place of the one that ships, as `share_rows` reads it.
    name : str
        The mine's.
    optimal : bool
        Whether to solve for the best strategy of withholding blocks too, which takes milliseconds up
        to a share of 0.4 and many seconds close to one half.

    Returns
    -------
    Assessment

    Raises
    ------
    InputError
        For arguments out of range, an unknown partner, or a table that cannot be read.

    Examples
    --------
    >>> found = assess(0.27, partners=["Foundry USA"])
    >>> round(found.share, 3), round(found.double_spend, 3), found.majority
    (0.489, 0.943, False)
    """
    own = one_number("share", share_of_hash_rate(share))
    parts = numbers("gamma", list(gammas), 0.0, 1.0).ravel()
    if parts.size == 0:
        raise refuse("gamma", "none", "at least one number from 0 to 1")
    shares = hash_rate_shares(level, file)
    names = [known_name(one, shares, "partners") for one in partners]
    together = coalition_share(shares, own, names)
    wait = censorship_wait(together)
    forced = hard_censorship(together)
    veto = soft_fork_veto(together)
    lost = loss_of_share(together)
    # What the table may be refused for comes before what takes long.
    crossing = coalitions(shares, own, gamma=float(parts[parts.size // 2]), name=name)
    enough = sum(shares.values()) > 0.5 + STRICTLY
    change = concentration_change(shares, own, name=name) if enough else None
    return Assessment(
        members=(name, *names),
        share=together,
        confirmations=confirmations,
        double_spend=double_spend_probability(together, confirmations),
        double_spend_nakamoto=double_spend_probability(together, confirmations, model="nakamoto"),
        confirmations_for_risk=tuple(
            (risk, int(confirmations_for_risk(together, risk)) if together < 0.5 else None)
            for risk in RISKS
        ),
        selfish_mining=tuple(_selfish_mining(together, float(gamma), optimal) for gamma in parts),
        censorship_wait_minutes=wait.mean_minutes,
        feather_forking=tuple(
            (number, feather_forking(together, number).probability) for number in GIVE_UP_AFTER
        ),
        majority=bool(forced.holds),
        majority_missing=forced.missing_new,
        majority_cushion=forced.cushion,
        veto=veto.probability,
        veto_log10_activation=veto.log10_activation_probability,
        loss_block_minutes=float(lost.block_minutes[0]),
        loss_days_to_retarget=float(lost.days_to_retarget[0]),
        loss_days_to_normal=lost.days_to_normal,
        streak_days=streak_wait_blocks(together, STREAK) / BLOCKS_PER_DAY,
        concentration=change,
        level=level,
        coalitions=crossing,
    )


def _selfish_mining(share: float, gamma: float, optimal: bool) -> SelfishMining:
    found = SelfishMining(
        gamma=gamma,
        threshold=float(selfish_mining_threshold(gamma)),
        revenue=float(selfish_mining_revenue(share, gamma)),
        weeks_to_profit=float(selfish_mining_weeks_to_profit(share, gamma)),
    )
    if not optimal:
        return found
    from baseload.security.optimal import optimal_selfish_mining  # compiles kernels

    best = optimal_selfish_mining(share, gamma)
    return replace(
        found,
        optimal_revenue=best.revenue,
        optimal_lower=best.lower,
        optimal_upper=best.upper,
    )
