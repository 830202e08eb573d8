"""What a miner of a share of the hash rate can do to Bitcoin, and what losing it does.

Closed forms and small computations, each with its source, for one number or for arrays:

>>> from baseload import security
>>> round(security.double_spend_probability(0.27, 6), 3)
0.098

`docs/model/security.md` has the conventions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from baseload.on_first_use import on_first_use

if TYPE_CHECKING:
    from baseload.security.assessment import Assessment, assess
    from baseload.security.attack_profit import DoubleSpendAttack, double_spend_attack
    from baseload.security.censorship import (
        CensorshipWait,
        HardCensorship,
        censorship_wait,
        hard_censorship,
    )
    from baseload.security.coalition import Coalition, coalition_share, coalitions
    from baseload.security.concentration import (
        ConcentrationChange,
        concentration_change,
        hhi,
        nakamoto_coefficient,
        share_after_joining,
        share_with_returned,
        stale_rate,
        with_mine,
    )
    from baseload.security.double_spend import (
        confirmations_for_risk,
        double_spend_probability,
        log10_double_spend_probability,
    )
    from baseload.security.feather_fork import FeatherForking, feather_forking
    from baseload.security.loss import (
        ChainAfterLoss,
        SwitchingMine,
        loss_of_share,
        switching_mine,
    )
    from baseload.security.majority import (
        MajorityCost,
        catch_up_probability,
        majority_cost,
        streak_wait_blocks,
    )
    from baseload.security.network_race import SimulatedNetwork, simulate_network
    from baseload.security.optimal import (
        OptimalRevenues,
        OptimalSelfishMining,
        optimal_selfish_mining,
        optimal_selfish_mining_revenue,
        optimal_selfish_mining_threshold,
    )
    from baseload.security.policy import MiningPolicy, selfish_policy
    from baseload.security.race import (
        SimulatedRace,
        simulate_double_spend,
        simulate_policy,
        simulate_selfish_mining,
    )
    from baseload.security.selfish import (
        selfish_mining_chain_blocks,
        selfish_mining_revenue,
        selfish_mining_threshold,
        selfish_mining_weeks_to_profit,
    )
    from baseload.security.share_tables import ShareRow, hash_rate_shares, share_rows
    from baseload.security.soft_fork import SoftForkVeto, soft_fork_veto
    from baseload.security.stubborn import stubborn_mining_revenue, stubborn_policy

__all__ = [
    "Assessment",
    "CensorshipWait",
    "ChainAfterLoss",
    "Coalition",
    "ConcentrationChange",
    "DoubleSpendAttack",
    "FeatherForking",
    "HardCensorship",
    "MajorityCost",
    "MiningPolicy",
    "OptimalRevenues",
    "OptimalSelfishMining",
    "ShareRow",
    "SimulatedNetwork",
    "SimulatedRace",
    "SoftForkVeto",
    "SwitchingMine",
    "assess",
    "catch_up_probability",
    "censorship_wait",
    "coalition_share",
    "coalitions",
    "concentration_change",
    "confirmations_for_risk",
    "double_spend_attack",
    "double_spend_probability",
    "feather_forking",
    "hard_censorship",
    "hash_rate_shares",
    "hhi",
    "log10_double_spend_probability",
    "loss_of_share",
    "majority_cost",
    "nakamoto_coefficient",
    "optimal_selfish_mining",
    "optimal_selfish_mining_revenue",
    "optimal_selfish_mining_threshold",
    "selfish_mining_chain_blocks",
    "selfish_mining_revenue",
    "selfish_mining_threshold",
    "selfish_mining_weeks_to_profit",
    "selfish_policy",
    "share_after_joining",
    "share_rows",
    "share_with_returned",
    "simulate_double_spend",
    "simulate_network",
    "simulate_policy",
    "simulate_selfish_mining",
    "soft_fork_veto",
    "stale_rate",
    "streak_wait_blocks",
    "stubborn_mining_revenue",
    "stubborn_policy",
    "switching_mine",
    "with_mine",
]

# Imported on first use: a name here is a name of the module beside it.
__getattr__, __dir__ = on_first_use(
    __name__,
    {
        "assessment": ("Assessment", "assess"),
        "attack_profit": ("DoubleSpendAttack", "double_spend_attack"),
        "censorship": ("CensorshipWait", "HardCensorship", "censorship_wait", "hard_censorship"),
        "coalition": ("Coalition", "coalition_share", "coalitions"),
        "concentration": (
            "ConcentrationChange",
            "concentration_change",
            "hhi",
            "nakamoto_coefficient",
            "share_after_joining",
            "share_with_returned",
            "stale_rate",
            "with_mine",
        ),
        "double_spend": (
            "confirmations_for_risk",
            "double_spend_probability",
            "log10_double_spend_probability",
        ),
        "feather_fork": ("FeatherForking", "feather_forking"),
        "loss": ("ChainAfterLoss", "SwitchingMine", "loss_of_share", "switching_mine"),
        "majority": ("MajorityCost", "catch_up_probability", "majority_cost", "streak_wait_blocks"),
        "network_race": ("SimulatedNetwork", "simulate_network"),
        "optimal": (
            "OptimalRevenues",
            "OptimalSelfishMining",
            "optimal_selfish_mining",
            "optimal_selfish_mining_revenue",
            "optimal_selfish_mining_threshold",
        ),
        "policy": ("MiningPolicy", "selfish_policy"),
        "race": (
            "SimulatedRace",
            "simulate_double_spend",
            "simulate_policy",
            "simulate_selfish_mining",
        ),
        "selfish": (
            "selfish_mining_chain_blocks",
            "selfish_mining_revenue",
            "selfish_mining_threshold",
            "selfish_mining_weeks_to_profit",
        ),
        "share_tables": ("ShareRow", "hash_rate_shares", "share_rows"),
        "soft_fork": ("SoftForkVeto", "soft_fork_veto"),
        "stubborn": ("stubborn_mining_revenue", "stubborn_policy"),
    },
)
