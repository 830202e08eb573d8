"""Who would agree: solutions of cooperative games, power in a vote, bargaining, and who pays whom.

Pure functions on mappings and arrays; nothing here knows a scenario.

>>> from baseload.accord import nucleolus
>>> one, other = frozenset(["one"]), frozenset(["other"])
>>> nucleolus({one: 1, other: 2, one | other: 5})
{'one': 2.0, 'other': 3.0}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from baseload.on_first_use import on_first_use

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
    from baseload.accord.zone import ArrangementStanding, zone_of_agreement

__all__ = [
    "DEFAULT_VERIFICATION",
    "ArrangementStanding",
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
__getattr__, __dir__ = on_first_use(
    __name__,
    {
        "bargaining": (
            "Bargain",
            "NoAgreement",
            "kalai_smorodinsky",
            "nash_bargaining",
            "pareto_frontier",
        ),
        "bonds": ("Bonds", "Escrow", "smallest_bonds", "smallest_escrow"),
        "core": (
            "CoreCertificate",
            "LeastCore",
            "core_certificate",
            "core_is_empty",
            "is_in_core",
            "least_core",
        ),
        "core_draws": ("core_is_empty_by_draw",),
        "nucleoli": ("NoImputation", "nucleolus", "prenucleolus"),
        "payment_order": ("PaymentOrder", "smallest_shift"),
        "power": ("banzhaf_index", "shapley_shubik_index"),
        "reachable": ("reachable_nucleolus",),
        "shapley": ("shapley_value",),
        "transfers": ("Payment", "Settlement", "who_pays_whom"),
        "verification": ("DEFAULT_VERIFICATION", "Verified", "unverifiable"),
        "walking_out": ("Enforcement", "Prospects", "continuation", "self_enforcing", "walk_out"),
        "zone": ("ArrangementStanding", "zone_of_agreement"),
    },
)
