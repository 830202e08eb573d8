"""A plant-year as a network of PyPSA, for whoever would rather believe another program.

PyPSA (Brown, Hörsch and Schlachtberger 2018, https://doi.org/10.5334/jors.188) is imported when a
network is built; it comes with the extra `pypsa`.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from baseload.errors import Fault, InputError, MachineFault
from baseload.export.plant_year import PlantYear, usd
from baseload.units import KW_PER_MW

if TYPE_CHECKING:
    from types import ModuleType

MILLI = 1000.0
PLANT, MINE = "plant", "mine"
CARRIERS = {
    "AC": "alternating current",
    "plant": "the units together",
    "firm demand": "as the plant served it, in its order",
    "mining": "bought at what a MWh earns in the machines",
    "export": "bought at the market's price",
    "import": "sold to the mine at the market's price",
}


def require_pypsa() -> ModuleType:
    """PyPSA, or a word on how to get it."""
    try:
        import pypsa
    except ImportError as error:
        raise MachineFault(
            "PyPSA is needed for this and is not installed",
            why=str(error),
            what_to_do='install the extra: pip install "baseload[pypsa]"',
        ) from None
    module: ModuleType = pypsa
    return module


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep PyPSA's progress notes off standard error, where this program writes its own."""
    logger = logging.getLogger("pypsa")
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)


def facts_of(found: PlantYear) -> dict[str, Any]:
    """The run's own sums of a plant-year: what an optimum of the network must equal."""
    value, of_firm = usd(found.value), usd(found.cost_of_firm)
    return {
        "objective_usd": usd(found.cost_of_firm - found.value),
        "value_of_mining_and_export_usd": value,
        "avoidable_cost_of_firm_demand_usd": of_firm,
        "available_mwh": _mwh(found.available_kw),
        "firm_served_by_plant_mwh": _mwh(found.firm_by_plant_kw),
        "mine_mwh": _mwh(found.mined_kw),
        "mine_import_mwh": _mwh(found.mine_import_kw),
        "export_mwh": _mwh(found.sold_kw),
        "curtailed_mwh": _mwh(found.available_kw - found.produced_kw),
        "firm_demand_mwh": _mwh(sum(rank.demand_kw for rank in found.firm)),
        "served_by_others_mwh": _mwh(sum(r.other_kw + r.import_kw for r in found.firm)),
        "unserved_mwh": _mwh(sum(rank.unserved_kw for rank in found.firm)),
    }


def network_of(found: PlantYear, title: str, origin: Mapping[str, Any]) -> Any:
    """A PyPSA network whose cheapest dispatch is the run's.

    One bus carries the plant, the firm demand that it served, and buyers: each generation of
    machines and each tranche of export is a generator of sign -1, whose negative cost is what it
    pays. `network.meta["run"]` holds the run's own sums. Powers in MW, prices in USD/MWh.

    Parameters
    ----------
    found : PlantYear
    title : str
        Of the scenario.
    origin : mapping
        What else the network shall say of where it comes from, in plain values: scenario, seed.

    Raises
    ------
    MachineFault
        Where PyPSA is not installed.
    """
    pypsa = require_pypsa()
    import pandas

    # Text as pandas has it by default; later versions of PyPSA ask for nothing else.
    with _quietly(), pypsa.option_context("api.legacy_string_dtype", False):
        network = pypsa.Network(name=title)
        # Hours begin at these times of UTC; PyPSA takes no zones.
        network.set_snapshots(
            pandas.date_range(found.start, periods=found.hours, freq="h", name="snapshot")
        )
        network.add("Carrier", list(CARRIERS), nice_name=list(CARRIERS.values()))
        network.add("Bus", PLANT, carrier="AC")
        network.add(
            "Generator",
            "plant",
            bus=PLANT,
            carrier="plant",
            marginal_cost=found.avoidable / MILLI,
            **_up_to(found.available_kw),
        )
        for i, rank in enumerate(found.firm):
            network.add(
                "Load",
                f"{i} {rank.name}",
                bus=PLANT,
                carrier="firm demand",
                p_set=rank.by_plant_kw / KW_PER_MW,
            )
        _add_buyers(network, found)
    network.meta = {
        **origin,
        "path": found.path,
        "year": found.year,
        "start": found.start.isoformat(),
        "hours": found.hours,
        "time": "snapshots are the beginnings of hours in UTC",
        "run": facts_of(found),
    }
    return network


def _add_buyers(network: Any, found: PlantYear) -> None:
    """Machines, export, and the mine's own bus where it may import."""
    mine_bus = PLANT
    if found.may_import:
        mine_bus = MINE
        # More than all machines draw is of no use to them.
        most = sum((m.capacity_kw for m in found.machines), np.zeros(found.hours, np.int64))
        network.add("Bus", MINE, carrier="AC")
        network.add(
            "Link",
            "plant to mine",
            bus0=PLANT,
            bus1=MINE,
            carrier="AC",
            p_nom=float(most.max()) / KW_PER_MW,
        )
        network.add(
            "Generator",
            "import for the mine",
            bus=MINE,
            carrier="import",
            marginal_cost=found.import_price / MILLI,
            **_up_to(np.minimum(found.import_limit_kw, most)),
        )
    for machines in found.machines:
        if not machines.capacity_kw.any():  # not yet there in this part of the year
            continue
        limits = _up_to(machines.capacity_kw)
        if machines.always:
            # What runs whatever the hour is worth is no choice: it draws what it drew.
            limits["p_max_pu"] = machines.mined_kw / KW_PER_MW / limits["p_nom"]
            limits["p_min_pu"] = limits["p_max_pu"]
        network.add(
            "Generator",
            f"mine: {machines.name}",
            bus=mine_bus,
            carrier="mining",
            sign=-1.0,
            marginal_cost=-machines.worth / MILLI,
            **limits,
        )
    for j, tranche in enumerate(found.export):
        network.add(
            "Generator",
            f"export: tranche {j + 1}",
            bus=PLANT,
            carrier="export",
            sign=-1.0,
            marginal_cost=-tranche.price / MILLI,
            **_up_to(tranche.limit_kw),
        )


def _up_to(kw: npt.NDArray[np.int64]) -> dict[str, Any]:
    """Nominal power, and the share of it that there is in each hour where that changes."""
    most = int(kw.max())
    limits: dict[str, Any] = {"p_nom": most / KW_PER_MW}
    if most > 0 and int(kw.min()) < most:
        limits["p_max_pu"] = kw / most
    return limits


def _mwh(kw: Any) -> float:
    return int(np.sum(kw)) / KW_PER_MW


def require_room(file: Path, force: bool) -> None:
    """Refuse a place that cannot take the network before anything is computed."""
    if file.suffix != ".nc":
        raise InputError(
            Fault(None, None, None, "--pypsa", str(file), "a name that ends in .nc", f"{file}.nc")
        )
    if file.is_dir():
        raise InputError(Fault(str(file), None, None, "--pypsa", "a folder", "a file"))
    if file.exists() and not force:
        raise InputError(
            Fault(
                str(file),
                None,
                None,
                "--pypsa",
                "a file that exists",
                "the name of a new file",
                note="--force replaces it",
            )
        )
    if not file.parent.is_dir():
        raise InputError(
            Fault(None, None, None, "--pypsa", f"no folder {file.parent}", "a folder that exists")
        )
    try:
        with tempfile.TemporaryDirectory(prefix=".baseload-", dir=file.parent):
            pass
    except OSError as error:
        raise _unwritable(file, error.strerror or str(error)) from error


def write_network(network: Any, file: Path) -> None:
    """Write a network as netCDF, whole or not at all.

    Raises
    ------
    MachineFault
        If the place cannot be written to.
    """
    try:
        with (
            _quietly(),
            tempfile.TemporaryDirectory(prefix=f".{file.name}-", dir=file.parent) as folder,
        ):
            made = Path(folder) / file.name
            network.export_to_netcdf(made)
            os.replace(made, file)
    except OSError as error:
        raise _unwritable(file, error.strerror or str(error)) from error
    except RuntimeError as error:
        # So the library below tells of a full disk.
        if "NetCDF" not in str(error):
            raise
        raise _unwritable(file, str(error)) from error


def _unwritable(file: Path, why: str) -> MachineFault:
    return MachineFault(
        "the network could not be written there",
        where=str(file),
        why=why,
        what_to_do="name a file in a folder that may be written to and has room",
    )
