"""What a miner of a share of the hash rate can do to Bitcoin, and what losing it does.

Closed forms and small computations, each with its source, for one number or for arrays:

>>> from baseload import security
>>> round(security.double_spend_probability(0.27, 6), 3)
0.098

`docs/model/security.md` has the conventions.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

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

# Imported on first use: a name here is a name of the module beside it.
_HOMES = {
    "Assessment": "assessment",
    "assess": "assessment",
    "SimulatedNetwork": "network_race",
    "simulate_network": "network_race",
    "OptimalRevenues": "optimal",
    "OptimalSelfishMining": "optimal",
    "optimal_selfish_mining": "optimal",
    "optimal_selfish_mining_revenue": "optimal",
    "optimal_selfish_mining_threshold": "optimal",
    "MiningPolicy": "policy",
    "selfish_policy": "policy",
    "SimulatedRace": "race",
    "simulate_double_spend": "race",
    "simulate_policy": "race",
    "simulate_selfish_mining": "race",
    "selfish_mining_chain_blocks": "selfish",
    "selfish_mining_revenue": "selfish",
    "selfish_mining_threshold": "selfish",
    "selfish_mining_weeks_to_profit": "selfish",
    "stubborn_mining_revenue": "stubborn",
    "stubborn_policy": "stubborn",
    "DoubleSpendAttack": "attack_profit",
    "double_spend_attack": "attack_profit",
    "CensorshipWait": "censorship",
    "HardCensorship": "censorship",
    "censorship_wait": "censorship",
    "hard_censorship": "censorship",
    "Coalition": "coalition",
    "ConcentrationChange": "concentration",
    "coalition_share": "coalition",
    "coalitions": "coalition",
    "concentration_change": "concentration",
    "hhi": "concentration",
    "nakamoto_coefficient": "concentration",
    "share_after_joining": "concentration",
    "share_with_returned": "concentration",
    "stale_rate": "concentration",
    "with_mine": "concentration",
    "confirmations_for_risk": "double_spend",
    "double_spend_probability": "double_spend",
    "log10_double_spend_probability": "double_spend",
    "FeatherForking": "feather_fork",
    "feather_forking": "feather_fork",
    "ChainAfterLoss": "loss",
    "SwitchingMine": "loss",
    "loss_of_share": "loss",
    "switching_mine": "loss",
    "MajorityCost": "majority",
    "catch_up_probability": "majority",
    "majority_cost": "majority",
    "streak_wait_blocks": "majority",
    "ShareRow": "share_tables",
    "hash_rate_shares": "share_tables",
    "share_rows": "share_tables",
    "SoftForkVeto": "soft_fork",
    "soft_fork_veto": "soft_fork",
}

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


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
