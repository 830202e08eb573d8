"""Adequacy of firm supply in the terms of the field, each with its interval."""

from __future__ import annotations

from typing import Final

from baseload.clock import HOURS_PER_YEAR
from baseload.comparison.paired import student_t
from baseload.figures.numbers import SPACE, percent, scaled_unit, significant
from baseload.report.blocks import Table
from baseload.report.reported import FloatArray, ReportedStudy, metric
from baseload.summary import mean_and_error

_CASES: Final = ("", "_grid_only", "_idle")
_ENERGY, _HOURS = "unserved_firm_mwh", "loss_of_load_hours"


def adequacy_table(study: ReportedStudy) -> Table | None:
    """Expected energy not served, loss-of-load expectation and probability; None where none is told.

    EENS is the mean over the paths of the firm demand shed in a year, LOLE the mean of the hours of a year on
    which any is shed, LOLP the probability of such an hour, LOLE / 8,766 (Billinton and Allan, Reliability
    Evaluation of Power Systems, 2nd edition, 1996). Each has the interval that holds the true mean in 95 of 100
    studies, Student's t times the standard error; what the mine changes is the difference path by path.

    Parameters
    ----------
    study : ReportedStudy

    Returns
    -------
    Table or None
    """
    energy = [metric(study, _ENERGY + case) / study.years for case in _CASES]
    hours = [metric(study, _HOURS + case) / study.years for case in _CASES]
    if not all(values.size for values in (*energy, *hours)):
        return None
    energy.append(energy[0] - energy[1])
    hours.append(hours[0] - hours[1])
    unit = scaled_unit(max(float(values.mean()) for values in energy), "MWh")
    label = unit.label.replace(" ", SPACE)
    rows = (
        (f"EENS [{label} a year]", *(_mean(values / unit.factor) for values in energy)),
        ("LOLE [hours a year]", *(_mean(values) for values in hours)),
        ("LOLP [%]", *(_mean(values * (100.0 / HOURS_PER_YEAR)) for values in hours)),
        (
            "paths on which any is shed",
            *(percent(float((values > 0.0).mean())) for values in hours[:3]),
            percent(float((hours[3] != 0.0).mean())),
        ),
    )
    return Table(
        "Adequacy of firm supply: expected energy not served, loss-of-load expectation and probability, means "
        f"with 95{SPACE}% intervals; an hour counts in which any demand is shed, the safety house load aside",
        ("", "with the plan", "grid only", "plant idle", "because of the mine"),
        rows,
    )


def _mean(values: FloatArray) -> str:
    """Mean of the paths and half its interval."""
    mean, error = mean_and_error(values)
    if values.size == 1:
        return significant(mean)
    half = student_t(values.size - 1) * error
    # Of paths that are all alike only the rounding is left.
    if half <= 1e-9 * abs(mean):
        return significant(mean)
    return f"{significant(mean)} ± {significant(half, 2)}"
