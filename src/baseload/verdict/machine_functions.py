"""Functions of expressions that count machines of the catalogue and the power they draw."""

from __future__ import annotations

from typing import Final

import numpy as np

from baseload.errors import nearest
from baseload.expression.faults import ArgumentFault
from baseload.expression.kinds import Function, Kind
from baseload.expression.values import Numbers, numbers
from baseload.fleet.catalogue import Machine, machines
from baseload.units import W_PER_MW

# Below a machine's millionth of a whole one: what division leaves of a count that comes out even.
_ROUNDING: Final = 1e-6


def machines_for_mw(model: str, mine_mw: Numbers, pue: Numbers) -> Numbers:
    """How many machines of a model a hall of so many MW at the meter carries.

    floor(MW x 1e6 / (W x PUE)), W the rated power at the wall.

    Parameters
    ----------
    model : str
        Of the catalogue.
    mine_mw : Numbers
        At least 0. [MW]
    pue : Numbers
        Power at the meter over that of the machines, at least 1.

    Raises
    ------
    ArgumentFault
        For a model that the catalogue does not have, and for values out of range.

    Examples
    --------
    >>> float(machines_for_mw("antminer-s21", numbers(100.0), numbers(1.0)).low)
    28571.0
    """
    watts = _machine(model).power_w
    _require("mine_mw", mine_mw, 0.0)
    _require("PUE", pue, 1.0)
    return numbers(np.floor(mine_mw.low * W_PER_MW / (watts * pue.low) + _ROUNDING))


def power_of_machines_mw(model: str, count: Numbers, pue: Numbers) -> Numbers:
    """What so many machines of a model draw at the meter. [MW]

    Examples
    --------
    >>> float(power_of_machines_mw("antminer-s21", numbers(1000.0), numbers(1.0)).low)
    3.5
    """
    watts = _machine(model).power_w
    _require("machines", count, 0.0)
    _require("PUE", pue, 1.0)
    return numbers(count.low * watts * pue.low / W_PER_MW)


def machine_functions() -> dict[str, Function]:
    """The functions of machines by name."""
    models = {0: tuple(machines())}
    takes: tuple[Kind, ...] = ("text", "number", "number")
    return {
        "machines_for_mw": Function(
            takes,
            "number",
            machines_for_mw,
            "machines of a model for so many MW at the meter, at a PUE",
            one_of=models,
            unit="machines",
        ),
        "power_of_machines_mw": Function(
            takes,
            "number",
            power_of_machines_mw,
            "MW at the meter of so many machines of a model, at a PUE",
            one_of=models,
            unit="MW",
        ),
    }


def _machine(model: str) -> Machine:
    known = machines()
    if model not in known:
        raise ArgumentFault(
            f'"{model}"',
            "a machine of the catalogue, as `baseload machines` lists it",
            nearest(model, known),
        )
    return known[model]


def _require(what: str, value: Numbers, low: float) -> None:
    if (value.low < low).any() or (value.high < low).any():
        raise ArgumentFault(
            f"{what} of {float(np.nanmin(value.low)):g}", f"{what} of at least {low:g}"
        )
