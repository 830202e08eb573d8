"""Who would agree: solutions of cooperative games, power in a vote, bargaining, and who pays whom.

Pure functions on mappings and arrays; nothing here knows a scenario.

>>> from baseload.accord import nucleolus
>>> one, other = frozenset(["one"]), frozenset(["other"])
>>> nucleolus({one: 1, other: 2, one | other: 5})
{'one': 2.0, 'other': 3.0}
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from baseload.accord.bargaining import (
        Bargain,
        NoAgreement,
        kalai_smorodinsky,
        nash_bargaining,
        pareto_frontier,
    )
    from baseload.accord.bonds import Bonds, Escrow, smallest_bonds, smallest_escrow
    from baseload.accord.core import (
        CoreCertificate,
        LeastCore,
        core_certificate,
        core_is_empty,
        is_in_core,
        least_core,
    )
    from baseload.accord.core_draws import core_is_empty_by_draw
    from baseload.accord.nucleoli import NoImputation, nucleolus, prenucleolus
    from baseload.accord.payment_order import PaymentOrder, smallest_shift
    from baseload.accord.power import banzhaf_index, shapley_shubik_index
    from baseload.accord.reachable import reachable_nucleolus
    from baseload.accord.shapley import shapley_value
    from baseload.accord.transfers import Payment, Settlement, who_pays_whom
    from baseload.accord.verification import DEFAULT_VERIFICATION, Verified, unverifiable
    from baseload.accord.walking_out import (
        Enforcement,
        Prospects,
        continuation,
        self_enforcing,
        walk_out,
    )
    from baseload.accord.zone import Standing, zone_of_agreement

__all__ = [
    "DEFAULT_VERIFICATION",
    "Bargain",
    "Bonds",
    "CoreCertificate",
    "Enforcement",
    "Escrow",
    "LeastCore",
    "NoAgreement",
    "NoImputation",
    "Payment",
    "PaymentOrder",
    "Prospects",
    "Settlement",
    "Standing",
    "Verified",
    "banzhaf_index",
    "continuation",
    "core_certificate",
    "core_is_empty",
    "core_is_empty_by_draw",
    "is_in_core",
    "kalai_smorodinsky",
    "least_core",
    "nash_bargaining",
    "nucleolus",
    "pareto_frontier",
    "prenucleolus",
    "reachable_nucleolus",
    "self_enforcing",
    "shapley_shubik_index",
    "shapley_value",
    "smallest_bonds",
    "smallest_escrow",
    "smallest_shift",
    "unverifiable",
    "walk_out",
    "who_pays_whom",
    "zone_of_agreement",
]

# Imported on first use: whoever counts votes needs no programmes.
_HOMES = {
    "Bargain": "baseload.accord.bargaining",
    "Bonds": "baseload.accord.bonds",
    "CoreCertificate": "baseload.accord.core",
    "DEFAULT_VERIFICATION": "baseload.accord.verification",
    "Enforcement": "baseload.accord.walking_out",
    "Escrow": "baseload.accord.bonds",
    "LeastCore": "baseload.accord.core",
    "NoAgreement": "baseload.accord.bargaining",
    "NoImputation": "baseload.accord.nucleoli",
    "Payment": "baseload.accord.transfers",
    "PaymentOrder": "baseload.accord.payment_order",
    "Prospects": "baseload.accord.walking_out",
    "Settlement": "baseload.accord.transfers",
    "Standing": "baseload.accord.zone",
    "Verified": "baseload.accord.verification",
    "banzhaf_index": "baseload.accord.power",
    "continuation": "baseload.accord.walking_out",
    "core_certificate": "baseload.accord.core",
    "core_is_empty": "baseload.accord.core",
    "core_is_empty_by_draw": "baseload.accord.core_draws",
    "is_in_core": "baseload.accord.core",
    "kalai_smorodinsky": "baseload.accord.bargaining",
    "least_core": "baseload.accord.core",
    "nash_bargaining": "baseload.accord.bargaining",
    "nucleolus": "baseload.accord.nucleoli",
    "pareto_frontier": "baseload.accord.bargaining",
    "prenucleolus": "baseload.accord.nucleoli",
    "reachable_nucleolus": "baseload.accord.reachable",
    "self_enforcing": "baseload.accord.walking_out",
    "shapley_shubik_index": "baseload.accord.power",
    "shapley_value": "baseload.accord.shapley",
    "smallest_bonds": "baseload.accord.bonds",
    "smallest_escrow": "baseload.accord.bonds",
    "smallest_shift": "baseload.accord.payment_order",
    "unverifiable": "baseload.accord.verification",
    "walk_out": "baseload.accord.walking_out",
    "who_pays_whom": "baseload.accord.transfers",
    "zone_of_agreement": "baseload.accord.zone",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'baseload.accord' has no attribute {name!r}")
