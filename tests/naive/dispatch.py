"""One hour of dispatch in plain Python: every use of the surplus in one sorted list, filled greedily.

Powers are whole kW, so that an hour's energies are whole kWh; values are whole milli-USD per MWh, so
that kWh times value is micro-USD.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

BATCH, EXPORT = 0, 1


@dataclass(frozen=True)
class Demand:
    """A firm demand of an hour."""

    need_kw: int
    other_supply_kw: int
    tariff_milli_usd_per_mwh: int
    may_import: bool


@dataclass(frozen=True)
class Batch:
    """Machines that may run: what a MWh earns there, and whether they run whatever it earns."""

    cap_kw: int
    worth_milli_usd_per_mwh: int
    always: bool = False
    th_per_kw: float = 0.0


@dataclass(frozen=True)
class Hour:
    """Everything that an hour is decided by."""

    available_kw: int
    house_kw: int
    idle_house_kw: int
    dark: bool
    dark_when_idle: bool
    mine_stopped: bool
    export_limit_kw: int
    import_limit_kw: int
    price_milli_usd_per_mwh: int
    export_fee: int
    import_fee: int
    share_that_arrives: float
    avoidable_milli_usd_per_mwh: int
    falls_milli_usd_per_mwh: tuple[int, ...]
    tranche_kw: int
    mine_may_import: bool
    demands: tuple[Demand, ...] = ()
    batches: tuple[Batch, ...] = ()


@dataclass
class Dispatched:
    """Energies of an hour [kWh] and its money [micro-USD]."""

    generation: int = 0
    imported: int = 0
    imported_grid_only: int = 0
    firm_demand: int = 0
    firm_served: int = 0
    firm_by_plant: int = 0
    unserved: int = 0
    shortfall: int = 0
    mine: int = 0
    mine_import: int = 0
    export: int = 0
    curtailed: int = 0
    export_grid_only: int = 0
    curtailed_grid_only: int = 0
    unserved_idle: int = 0
    import_idle: int = 0
    house: int = 0
    diesel: int = 0
    diesel_hours: int = 0
    diesel_hours_idle: int = 0
    lost_load_hours: int = 0
    lost_load_hours_idle: int = 0
    tariff_revenue: int = 0
    import_cost: int = 0
    import_cost_grid_only: int = 0
    import_cost_idle: int = 0
    export_revenue: int = 0
    export_revenue_grid_only: int = 0
    mined_by_batch: list[int] = field(default_factory=list)
    hash_rate_th_per_s: float = 0.0
    surplus: int = 0
    import_left: int = 0


@dataclass(frozen=True)
class Use:
    """One use of the surplus: batches before export where they are worth the same."""

    value: float
    kind: int
    index: int
    kw: int


def uses_of_surplus(hour: Hour, with_mine: bool) -> list[Use]:
    """All uses worth their avoidable cost, the best first."""
    kept = math.floor(hour.price_milli_usd_per_mwh * hour.share_that_arrives)
    net_price = kept - hour.export_fee - hour.avoidable_milli_usd_per_mwh
    uses = [
        Use(net_price - fall, EXPORT, j, hour.tranche_kw)
        for j, fall in enumerate(hour.falls_milli_usd_per_mwh)
    ]
    if with_mine and not hour.mine_stopped:
        for k, batch in enumerate(hour.batches):
            value = (
                math.inf
                if batch.always
                else batch.worth_milli_usd_per_mwh - hour.avoidable_milli_usd_per_mwh
            )
            uses.append(Use(value, BATCH, k, batch.cap_kw))
    worth_it = [use for use in uses if use.value >= 0 and use.kw > 0]
    return sorted(worth_it, key=lambda use: (-use.value, use.kind, use.index))


def filled(
    surplus_kw: int, export_limit_kw: int, uses: Sequence[Use]
) -> tuple[dict[int, int], dict[int, int]]:
    """Surplus given out in order: kWh by batch and by tranche of export."""
    left, line = surplus_kw, export_limit_kw
    batches: dict[int, int] = {}
    tranches: dict[int, int] = {}
    for use in uses:
        part = min(left, use.kw)
        if use.kind == EXPORT:
            part = min(part, line)
            line -= part
            tranches[use.index] = part
        else:
            batches[use.index] = part
        left -= part
    return batches, tranches


def dispatch_hour(hour: Hour) -> Dispatched:
    """What happens in an hour, with the mine, without it and with the plant idle."""
    out = Dispatched(generation=hour.available_kw, mined_by_batch=[0] * len(hour.batches))
    buy = hour.price_milli_usd_per_mwh + hour.import_fee
    left, line = hour.available_kw, hour.import_limit_kw

    # Safety house load: own units, import, diesels; nothing reaches it while all is dark.
    out.house = 0 if hour.dark else hour.house_kw
    house_by_plant = min(out.house, left)
    house_bought = min(out.house - house_by_plant, line)
    out.diesel = out.house - house_by_plant - house_bought
    left -= house_by_plant
    line -= house_bought
    bought = house_bought
    other_supply = 0
    out.firm_by_plant = house_by_plant
    out.firm_demand = out.firm_served = out.house
    for demand in hour.demands:
        by_plant = min(demand.need_kw, left)
        by_others = min(demand.need_kw - by_plant, demand.other_supply_kw)
        missing = demand.need_kw - by_plant - by_others
        by_import = min(missing, line) if demand.may_import else 0
        left -= by_plant
        line -= by_import
        bought += by_import
        other_supply += by_others
        out.firm_demand += demand.need_kw
        out.firm_by_plant += by_plant
        out.firm_served += by_plant + by_others + by_import
        out.unserved += missing - by_import
        out.shortfall += demand.need_kw - by_plant
        out.tariff_revenue += (by_plant + by_import) * demand.tariff_milli_usd_per_mwh
    out.surplus, out.import_left = left, line
    out.imported_grid_only = bought + out.diesel + other_supply
    out.import_cost_grid_only = bought * buy

    # The same hour with every unit shut.
    idle_line = hour.import_limit_kw
    idle_house = 0 if hour.dark or hour.dark_when_idle else hour.idle_house_kw
    out.import_idle = min(idle_house, idle_line)
    out.import_cost_idle = out.import_idle * buy
    out.diesel_hours = int(out.diesel > 0)
    out.diesel_hours_idle = int(idle_house > out.import_idle)
    idle_line -= out.import_idle
    for demand in hour.demands:
        missing = max(0, demand.need_kw - demand.other_supply_kw)
        by_import = min(missing, idle_line) if demand.may_import else 0
        idle_line -= by_import
        out.unserved_idle += missing - by_import
    out.lost_load_hours = int(out.unserved > 0)
    out.lost_load_hours_idle = int(out.unserved_idle > 0)

    # The surplus, without the mine and with it.
    arrives = math.floor(hour.price_milli_usd_per_mwh * hour.share_that_arrives)
    _, alone = filled(left, hour.export_limit_kw, uses_of_surplus(hour, with_mine=False))
    mined, sold = filled(left, hour.export_limit_kw, uses_of_surplus(hour, with_mine=True))

    def revenue(tranches: dict[int, int]) -> int:
        return sum(
            kwh * (arrives - hour.export_fee - hour.falls_milli_usd_per_mwh[j])
            for j, kwh in tranches.items()
        )

    out.export_grid_only = sum(alone.values())
    out.export_revenue_grid_only = revenue(alone)
    out.curtailed_grid_only = left - out.export_grid_only
    out.export = sum(sold.values())
    out.export_revenue = revenue(sold)
    own = sum(mined.values())
    out.curtailed = left - own - out.export

    # What the running batches can still take may be bought where a MWh earns more than it costs.
    if hour.mine_may_import and left == own + out.export:
        for use in uses_of_surplus(hour, with_mine=True):
            if use.kind == EXPORT or hour.batches[use.index].worth_milli_usd_per_mwh <= buy:
                continue
            part = min(line, use.kw - mined[use.index])
            mined[use.index] += part
            out.mine_import += part
            line -= part
    for k, kwh in mined.items():
        out.mined_by_batch[k] = kwh
        out.hash_rate_th_per_s += kwh * hour.batches[k].th_per_kw
    out.mine = own + out.mine_import
    out.imported = out.imported_grid_only + out.mine_import
    out.import_cost = (bought + out.mine_import) * buy
    return out


def added(hours: Sequence[Dispatched]) -> Dispatched:
    """Sum of the energies and the money of several hours; the hash rate is the largest."""
    total = Dispatched(mined_by_batch=[0] * len(hours[0].mined_by_batch))
    for hour in hours:
        for name, value in vars(hour).items():
            if name == "mined_by_batch":
                total.mined_by_batch = [
                    a + b for a, b in zip(total.mined_by_batch, value, strict=True)
                ]
            elif name == "hash_rate_th_per_s":
                total.hash_rate_th_per_s = max(total.hash_rate_th_per_s, value)
            else:
                setattr(total, name, getattr(total, name) + value)
    return total
