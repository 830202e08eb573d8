"""What a report needs of a study, and how its tables become arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
import numpy.typing as npt

from baseload.verdict.sentences import Judgeable

if TYPE_CHECKING:
    import polars

FloatArray = npt.NDArray[np.float64]
QUANTILES: Final = ("p05", "p25", "p50", "p75", "p95")


class ReportedStudy(Judgeable, Protocol):
    """A study that ran, as far as its report reads it."""

    @property
    def title(self) -> str: ...
    @property
    def summary_text(self) -> str: ...
    @property
    def conditional_on(self) -> str: ...
    @property
    def warnings(self) -> tuple[str, ...]: ...
    @property
    def scenario_text(self) -> str: ...
    @property
    def sources(self) -> Mapping[str, str]: ...
    @property
    def seed(self) -> int: ...
    @property
    def version(self) -> str: ...
    @property
    def scenario_sha256(self) -> str: ...
    @property
    def start(self) -> date: ...
    @property
    def metrics(self) -> polars.DataFrame: ...
    @property
    def series(self) -> polars.DataFrame: ...
    @property
    def dispatch(self) -> polars.DataFrame: ...
    @property
    def representative_path(self) -> int: ...


@dataclass(frozen=True)
class Series:
    """Monthly quantiles over the paths of one quantity, each of length M. [unit]"""

    unit: str
    dates: npt.NDArray[np.datetime64]
    mean: FloatArray
    p05: FloatArray
    p25: FloatArray
    p50: FloatArray
    p75: FloatArray
    p95: FloatArray


def floats(frame: polars.DataFrame, column: str) -> FloatArray:
    """A column as numbers, NaN where it has none; all NaN where the column does not exist."""
    if column not in frame.columns:
        return np.full(frame.height, np.nan)
    return np.asarray(frame[column].cast(float).to_numpy(), dtype=np.float64)


def times(frame: polars.DataFrame, column: str) -> npt.NDArray[np.datetime64]:
    """A column of days or instants."""
    return np.asarray(frame[column].to_numpy()).astype("datetime64[s]")


def read_series(study: ReportedStudy) -> dict[str, Series]:
    """Every monthly series of a study that has a finite value, by name."""
    found = {}
    for (name, *_), part in study.series.partition_by("name", as_dict=True).items():
        ordered = part.sort("month")
        arrays = {column: floats(ordered, column) for column in ("mean", *QUANTILES)}
        if any(np.isfinite(array).any() for array in arrays.values()):
            unit = str(ordered["unit"][0] or "")
            found[str(name)] = Series(unit, times(ordered, "date"), **arrays)
    return found


def figure_of(study: ReportedStudy, name: str, column: str = "p50") -> float | None:
    """One figure of the summary, None where it is missing or not defined."""
    value = study.summary.get(name, {}).get(column)
    return None if value is None or not np.isfinite(value) else float(value)


def metric(study: ReportedStudy, name: str) -> FloatArray:
    """One metric for each path, NaN where it is not defined; empty where there is none."""
    if name not in study.metrics.columns:
        return np.empty(0)
    return floats(study.metrics, name)


def mean_without_best(values: FloatArray, share: float = 0.05) -> float | None:
    """Mean of the paths after the best ones are left out, None without a path.

    Parameters
    ----------
    values : array
        One value a path. [unit]
    share : float
        Share of the paths to leave out, at least one path.
    """
    finite = np.sort(values[np.isfinite(values)])
    kept = finite[: finite.size - max(1, round(share * finite.size))]
    return float(kept.mean()) if kept.size else None


def by_year(dates: npt.NDArray[np.datetime64], values: FloatArray) -> list[tuple[int, float]]:
    """Mean of the defined months of each calendar year, NaN for a year without one."""
    years = dates.astype("datetime64[Y]").astype(int) + 1970
    table = []
    for year in np.unique(years):
        chosen = values[years == year]
        chosen = chosen[np.isfinite(chosen)]
        table.append((int(year), float(chosen.mean()) if chosen.size else float("nan")))
    return table
