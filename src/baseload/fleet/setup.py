"""The fleet's batches as arrays for its kernels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.clock import Horizon
from baseload.distributions import Distribution
from baseload.fleet.catalogue import best_efficiency_j_per_th, machine
from baseload.fleet.schema import Batch
from baseload.inputs import Inputs

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NEVER, SAME_CLASS, ALWAYS = 0, 1, 2
REPLACE = {"never": NEVER, "same-class": SAME_CLASS, "always": ALWAYS}


class FleetSetup(NamedTuple):
    """B batches; columns of -1 do not exist."""

    batches: int
    hash_rate_th_per_s: Floats
    power_w: Floats
    behind_frontier: Floats  # J/TH of the best machine with the same cooling over that of the best
    mine_mw: Ints
    order_day: Ints  # from the start, may be negative
    needs: Ints
    after_units: Ints
    always: npt.NDArray[np.bool_]
    lead_months: Ints
    machines_per_month: Ints
    price: Ints
    pue: Ints
    availability: Ints
    lifetime: Ints
    replace: Ints
    payback_months: Ints
    resale: Ints
    site: Ints
    opex_kw_year: Ints
    opex_mwh: Ints


def batch_names(batches: Sequence[Batch]) -> list[str]:
    """Addresses of the batches: by name where one is given, else by position."""
    return [f"fleet[{b.name}]" if b.name else f"fleet.{i}" for i, b in enumerate(batches)]


def fleet_setup(
    batches: Sequence[Batch], horizon: Horizon, project_names: list[str], inputs: Inputs
) -> FleetSetup:
    """Arrays of the batches that are enabled."""
    named = [(name, b) for name, b in zip(batch_names(batches), batches, strict=True) if b.enabled]
    models = [machine(batch.model) for _, batch in named]

    def columns(key: str) -> Ints:
        values: list[int] = []
        for name, batch in named:
            value: Distribution | None = getattr(batch, key)
            values.append(-1 if value is None else inputs.column(f"{name}.{key}", value))
        return np.array(values, np.int64)

    return FleetSetup(
        batches=len(named),
        hash_rate_th_per_s=np.array([m.hash_rate_th_per_s for m in models], np.float64),
        power_w=np.array([m.power_w for m in models], np.float64),
        behind_frontier=np.array(
            [best_efficiency_j_per_th(m.cooling) / best_efficiency_j_per_th() for m in models],
            np.float64,
        ),
        mine_mw=columns("mine_mw"),
        order_day=np.array([(b.order - horizon.start).days for _, b in named], np.int64),
        needs=np.array(
            [sum(1 << project_names.index(n) for n in dict.fromkeys(b.needs)) for _, b in named],
            np.int64,
        ),
        after_units=np.array([b.after_units for _, b in named], np.int64),
        always=np.array([b.runs == "always" for _, b in named], np.bool_),
        lead_months=columns("lead_months"),
        machines_per_month=columns("machines_per_month"),
        price=columns("price_usd_per_th"),
        pue=columns("pue"),
        availability=columns("availability"),
        lifetime=columns("lifetime_years"),
        replace=np.array([REPLACE[b.replace] for _, b in named], np.int64),
        payback_months=columns("replace_payback_months"),
        resale=columns("resale_share"),
        site=columns("site_usd_per_kw"),
        opex_kw_year=columns("opex_usd_per_kw_year"),
        opex_mwh=columns("opex_usd_per_mwh"),
    )
