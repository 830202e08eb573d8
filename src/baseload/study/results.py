"""What a study found, and what it says of itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars


@dataclass(frozen=True)
class Study:
    """Results of a run.

    Attributes
    ----------
    scenario_text : str
        The scenario as TOML.
    facts : dict
        Title, conditions, seed and the like: what the manifest says.
    metrics : polars.DataFrame
        One row per path in path order, a column for each metric.
    inputs : polars.DataFrame
        One row per path, a column for each uncertain number.
    milestones : polars.DataFrame
        One row per path: when each phase begins, each project is done, each unit first runs and each
        batch has its first machines; null for what does not come within the horizon.
    series : polars.DataFrame
        Long: name, unit, month, date, mean and quantiles over the paths.
    dispatch : polars.DataFrame
        The representative path hour by hour, or the one asked for.
    ledger : polars.DataFrame
        The same path month by month, all lines of all three variants in USD.
    payouts : polars.DataFrame
        Who gets what of it in each month under the arrangement that the scenario runs under, to the
        cent and the satoshi; no rows where the scenario names none.
    summary : dict
        Statistics of each metric.
    timings : dict
        Seconds; the only part that two runs of the same study do not share. `write_seconds` is there
        once the study was saved.
    """

    scenario_text: str
    facts: dict[str, Any]
    metrics: polars.DataFrame
    inputs: polars.DataFrame
    milestones: polars.DataFrame
    series: polars.DataFrame
    dispatch: polars.DataFrame
    ledger: polars.DataFrame
    payouts: polars.DataFrame
    summary: dict[str, dict[str, Any]]
    timings: dict[str, Any]

    @property
    def title(self) -> str:
        """Title of the scenario."""
        return str(self.facts["title"])

    @property
    def summary_text(self) -> str:
        """The scenario's own summary."""
        return str(self.facts["summary"])

    @property
    def conditional_on(self) -> str:
        """What the study takes for granted."""
        return str(self.facts["conditional_on"])

    @property
    def warnings(self) -> tuple[str, ...]:
        """What holds with a caveat."""
        return tuple(self.facts["warnings"])

    @property
    def sources(self) -> dict[str, str]:
        """Address of each figure and where it comes from."""
        return dict(self.facts["sources"])

    @property
    def seed(self) -> int:
        """Seed of the draws."""
        return int(self.facts["seed"])

    @property
    def paths(self) -> int:
        """Count of paths."""
        return int(self.facts["paths"])

    @property
    def years(self) -> int:
        """Length of the horizon. [years]"""
        return int(self.facts["years"])

    @property
    def start(self) -> date:
        """First day."""
        return date.fromisoformat(self.facts["start"])

    @property
    def version(self) -> str:
        """Version that made the study."""
        return str(self.facts["version"])

    @property
    def scenario_sha256(self) -> str:
        """Hash of the scenario's canonical form."""
        return str(self.facts["scenario_sha256"])

    @property
    def representative_path(self) -> int:
        """Path that `dispatch` and `ledger` show."""
        return int(self.facts["representative_path"])

    @property
    def probability_of_gain(self) -> dict[str, float]:
        """Share of paths on which restarting, mining, or both together gain."""
        return dict(self.facts["probability_of_gain"])

    @property
    def flip(self) -> dict[str, Any] | None:
        """The value of mining where the median of the coin's price does not grow."""
        found: dict[str, Any] | None = self.facts["flip"]
        return found

    @property
    def certificate(self) -> dict[str, Any] | None:
        """Weeks solved as linear programmes and their gaps; None where none were asked for."""
        found: dict[str, Any] | None = self.facts.get("certificate")
        return found

    @property
    def accounts(self) -> dict[str, Any] | None:
        """Entries of the kept path's books that were made again from its hours; None where not asked for."""
        found: dict[str, Any] | None = self.facts.get("accounts")
        return found

    @property
    def security(self) -> dict[str, Any] | None:
        """Thresholds that the mine's share crosses, and what it can do; None without a mine."""
        found: dict[str, Any] | None = self.facts.get("security")
        return found

    @property
    def accord(self) -> dict[str, Any] | None:
        """Who has to agree, who gains and what holds; None where the scenario names no parties."""
        found: dict[str, Any] | None = self.facts.get("accord")
        return found

    def to_json(self) -> dict[str, Any]:
        """The object that `run --json` prints: plain values, numbers unrounded, None for undefined."""
        return {
            "scenario": self.facts["scenario"],
            "title": self.title,
            "conditional_on": self.conditional_on,
            "scenario_sha256": self.scenario_sha256,
            "seed": self.seed,
            "paths": self.paths,
            "years": self.years,
            "start": self.facts["start"],
            "import_seconds": self.timings.get("import_seconds"),
            "compile_seconds": self.timings["compile_seconds"],
            "engine_seconds": self.timings["engine_seconds"],
            "certificate_seconds": self.timings.get("certificate_seconds"),
            "write_seconds": self.timings.get("write_seconds"),
            "total_seconds": self.timings["total_seconds"],
            "threads": self.timings["threads"],
            "version": self.version,
            "warnings": list(self.warnings),
            "representative_path": self.representative_path,
            "probability_of_gain": self.probability_of_gain,
            "flip": self.flip,
            "certificate": self.certificate,
            "security": self.security,
            "accord": self.accord,
            "metrics": self.summary,
        }

    def save(self, folder: str | Path, also: Callable[[Path], object] | None = None) -> Path:
        """Write the run folder, whole or not at all.

        Parameters
        ----------
        folder : str or Path
            New, empty, or a study to replace.
        also : callable, optional
            Called with the folder before it appears, to put more into it: a report.
        """
        from baseload.study.folder import write_run_folder

        return write_run_folder(self, Path(folder), also)
