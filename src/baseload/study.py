"""A study: a scenario run over paths, and what it found."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from baseload import __version__, import_seconds
from baseload.accounts import hold_accounts
from baseload.agreement.accord import MOST_PATHS_BY_ITSELF, accord_of
from baseload.agreement.checking import checked
from baseload.agreement.simulated import Simulated, of_results
from baseload.clock import Horizon, month_dates
from baseload.dispatch.work import TRACE
from baseload.engine.certificate import certify
from baseload.engine.outputs import METRIC_NAMES, METRICS, SERIES
from baseload.engine.plan import Plan, plan
from baseload.engine.pool import (
    EngineFault,
    Progress,
    chunk_size,
    default_threads,
    simulate,
    trace_path,
    warm,
)
from baseload.engine.room import require_room
from baseload.engine.series import SeriesStore
from baseload.engine.state import Works
from baseload.engine.sums import M_SAT
from baseload.errors import Fault, InputError
from baseload.money.ledger import LINES, RUN, VARIANTS
from baseload.network.setup import FLAT_MEDIAN
from baseload.scenario.scenario import Scenario
from baseload.security.in_study import security_of_study
from baseload.security.over_time import first_months
from baseload.sharing.cash import cash_from_ledger
from baseload.sharing.lines import Row, ledger_rows
from baseload.sharing.payout import pay_out
from baseload.summary import (
    nearest_to_median,
    probability_above_zero,
    quantile_of_sorted,
    series_quantiles,
    summary_of,
)
from baseload.units import chance_words, human

if TYPE_CHECKING:
    import polars

MOST_PATHS = 10_000_000
MOST_PATHS_OF_FLIP = 250
MOST_BITCOIN = 21_000_000
# Above so much for all bitcoin a price is beyond anything seen: said, not forbidden.
COIN_WORTH_USD = 100e12
MOST_CHUNK_PATHS = 4096
DRAWN_AT_ONCE = 4096
MOST_CERTIFICATE_WEEKS = 10_000
MOST_ACCORD_PATHS = 10_000
GAINS = {
    "restarting": "value_of_restarting_usd",
    "mining": "npv_gain_over_grid_only_usd",
    "over_idle": "npv_gain_over_idle_usd",
}


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
        from baseload.run_folder import write_run_folder

        return write_run_folder(self, Path(folder), also)


def run(
    scenario: Scenario,
    paths: int = 1000,
    seed: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
    trace: int | None = None,
    certificate_weeks: int = 12,
    chunk_paths: int | None = None,
    accord_paths: int | None = None,
) -> Study:
    """Simulate a scenario.

    Parameters
    ----------
    scenario : Scenario
        From `baseload.load`.
    paths : int
        Lifetimes to draw, at least 1.
    seed : int
        Same scenario and seed: same bytes, for any count of threads and size of chunks.
    threads : int, optional
        At least 1; by default one per processor.
    progress : callable, optional
        Called now and then from the calling thread with paths done, paths in all and words.
    trace : int, optional
        Path to keep hour by hour; by default the one whose NPV is nearest the median.
    certificate_weeks : int
        Weeks of paths, chosen by the seed, that are solved as linear programmes and must come out the
        same, beside the books of the path kept, which are made again from its hours; 0 for none.
    chunk_paths : int, optional
        Paths that a thread takes at a time, at least 1; by default as many as keep threads busy.
    accord_paths : int, optional
        Paths of each configuration that parties could run, where the scenario names parties; 0 for
        no accord. By default as many as `paths`, at most 200: their noise is carried on.

    Returns
    -------
    Study

    Raises
    ------
    EngineFault
        Where energy or money does not balance, or a week's dispatch is not the optimum.
    InputError
        For counts that cannot be, for more paths than the machine has room for, and for scenarios
        with more events than a path can hold.
    MachineFault
        Where the temporary file of many paths cannot be written.
    """
    _require("paths", paths, 1, MOST_PATHS)
    _require("seed", seed, 0, 2**63 - 1)
    count = default_threads() if threads is None else threads
    _require("threads", count, 1, 1024)
    if trace is not None:
        _require("trace", trace, 0, MOST_PATHS)
    _require("certificate_weeks", certificate_weeks, 0, MOST_CERTIFICATE_WEEKS)
    if chunk_paths is not None:
        _require("chunk_paths", chunk_paths, 1, MOST_CHUNK_PATHS)
    if accord_paths is None:
        accord_paths = min(paths, MOST_PATHS_BY_ITSELF)
    _require("accord_paths", accord_paths, 0, MOST_ACCORD_PATHS)
    if scenario.model.accord is not None and accord_paths:
        checked(scenario, scenario.model.accord)
    chunk = chunk_paths or chunk_size(paths, count)
    begin = time.perf_counter()
    if progress is not None:
        progress(0, paths, "reading and compiling")
    import polars  # noqa: F401  # before it would count as something else

    importing_seconds = import_seconds() + time.perf_counter() - begin
    compiling = time.perf_counter()
    made = plan(scenario.model, scenario.folder, seed)
    require_room(made, paths, count, chunk)
    warm(made)
    engine = time.perf_counter()
    result = simulate(made, paths, count, progress, "simulating", chunk)
    with result.series as store:
        crossed = first_months(_months_of(store, "network_share_peak"), paths)
        flip = _without_growth(
            scenario, seed, min(paths, MOST_PATHS_OF_FLIP), count, progress, result.metrics
        )
        as_it_stands = None
        if scenario.model.accord is not None and 0 < accord_paths <= paths:
            # Before the quantiles, which put each month's paths in order of size.
            as_it_stands = of_results(result.metrics, store, accord_paths)
        series = series_quantiles(store, count)
    shown = (
        nearest_to_median(result.metrics[:, METRIC_NAMES.index("npv_usd")])
        if trace is None
        else trace
    )
    traced, again = trace_path(made, shown)
    if shown < paths:
        _require_same(again.metrics[0], result.metrics[shown], shown)
    engine_seconds = time.perf_counter() - engine
    security = security_of_study(
        result.metrics[:, METRIC_NAMES.index("network_share_peak")],
        result.metrics[:, METRIC_NAMES.index("displacement")],
        crossed,
        list(month_dates(made.horizon)),
        scenario.model.network.payout,
    )
    certificate_begin = time.perf_counter()
    certificate = certify(made, seed, paths, certificate_weeks)
    accounts = hold_accounts(scenario.model, made, traced, shown) if certificate_weeks else None
    certificate_seconds = time.perf_counter() - certificate_begin
    accord, accord_seconds = _accord(scenario, accord_paths, seed, count, progress, as_it_stands)
    summary = summary_of(result.metrics)
    facts = {
        "scenario": scenario.name,
        "title": scenario.title,
        "summary": scenario.summary,
        "conditional_on": conditional_on(scenario, accord),
        "money": scenario.model.money,
        "start": scenario.model.start.isoformat(),
        "years": scenario.model.years,
        "seed": seed,
        "paths": paths,
        "version": __version__,
        "scenario_sha256": scenario.sha256,
        "representative_path": shown,
        "probability_of_gain": {
            name: probability_above_zero(result.metrics[:, METRIC_NAMES.index(metric)])
            for name, metric in GAINS.items()
        },
        "flip": flip,
        "certificate": None if certificate is None else certificate.facts(),
        "accounts": None if accounts is None else accounts.facts(),
        "security": security,
        "accord": accord,
        "warnings": [*scenario.warnings, *_coin_warning(series)],
        "sources": scenario.sources,
    }
    metrics = _metrics_frame(result.metrics)
    del result  # of many paths: it goes before the inputs come
    study = Study(
        scenario_text=scenario.text,
        facts=facts,
        metrics=metrics,
        inputs=_inputs_frame(made, paths),
        series=_series_frame(series, made.horizon),
        dispatch=_dispatch_frame(traced, made.horizon),
        ledger=_ledger_frame(traced, made.horizon),
        payouts=_payouts_frame(traced, scenario),
        summary=summary,
        timings={},
    )
    study.timings.update(
        import_seconds=importing_seconds,
        compile_seconds=engine - compiling,
        engine_seconds=engine_seconds,
        certificate_seconds=certificate_seconds,
        **accord_seconds,
        total_seconds=time.perf_counter() - begin,
        threads=count,
        path_hours_per_second=paths * made.horizon.hours / engine_seconds,
    )
    return study


def _accord(
    scenario: Scenario,
    paths: int,
    seed: int,
    threads: int,
    progress: Progress | None,
    as_it_stands: Simulated | None,
) -> tuple[dict[str, Any] | None, dict[str, float]]:
    """Who has to agree, and the seconds that it took; nothing where the scenario has no parties."""
    if not paths or scenario.model.accord is None:
        return None, {}
    return accord_of(scenario, scenario.model.accord, paths, seed, threads, progress, as_it_stands)


def _months_of(store: SeriesStore, name: str) -> Iterator[npt.NDArray[np.float32]]:
    """A series in blocks (m, P) of months."""
    s = [each for each, _ in SERIES].index(name)
    at_once = store.months_at_once()
    for first in range(0, store.months, at_once):
        yield store.month_by_month(s, first, min(at_once, store.months - first))


def _require(name: str, value: object, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError(
            Fault(None, None, None, name, repr(value), f"a whole number from {low} to {high}")
        )


def _require_same(
    by_hour: npt.NDArray[np.float64], at_once: npt.NDArray[np.float64], path: int
) -> None:
    """Hold the path that was traced, hour by hour, to what it came to in the run, by shortcuts."""
    if by_hour.tobytes() != at_once.tobytes():
        differs = [
            name
            for name, one, other in zip(METRIC_NAMES, by_hour, at_once, strict=True)
            if one != other and not (np.isnan(one) and np.isnan(other))
        ]
        raise EngineFault(f"path {path} traced hour by hour differs in {', '.join(differs)}")


def conditional_on(scenario: Scenario, accord: dict[str, Any] | None = None) -> str:
    """What a study of this scenario takes for granted, and how likely that is, where it is known."""
    stated = scenario.model.accord
    what = (
        f"'{stated.arrangement}' agreed" if stated is not None and stated.arrangement else "agreed"
    )
    begun = f"{what} and begun on {scenario.model.start.isoformat()}"
    for one in accord["arrangements"] if accord else ():
        if stated is not None and one["name"] == stated.arrangement and one["chances"]:
            found = one["chances"]
            return (
                f"{begun}; that mining begins by {found['by']} has a probability of "
                f"{chance_words(found['probability']['value'])} by the opinions on its gates; that they all "
                f"open within {found['horizon_years']:g} years, {chance_words(found['at_most'])} at the most"
            )
    if scenario.model.gates:
        return f"{begun}; how likely that is: `baseload accord`"
    return f"{begun}; nothing here says how likely that is"


def _without_growth(
    scenario: Scenario,
    seed: int,
    paths: int,
    threads: int,
    progress: Progress | None,
    given: npt.NDArray[np.float64],
) -> dict[str, Any] | None:
    """Value of mining on the same draws with the median of the coin's price held flat; None without a mine."""
    if not any(
        batch.enabled and batch.mine_mw.support()[1] > 0.0 for batch in scenario.model.fleet
    ):
        return None
    flat = plan(scenario.model, scenario.folder, seed, FLAT_MEDIAN)
    words = "without growth of the coin's price"
    result = simulate(flat, paths, threads, progress, words, with_series=False)
    column = METRIC_NAMES.index("npv_gain_over_grid_only_usd")
    with_growth = quantile_of_sorted(np.sort(given[:paths, column]), 0.5)
    without = quantile_of_sorted(np.sort(result.metrics[:, column]), 0.5)
    return {
        "paths": paths,
        "value_of_mining_p50_usd": with_growth,
        "value_of_mining_p50_usd_without_price_growth": without,
        "probability_of_gain": probability_above_zero(given[:paths, column]),
        "probability_of_gain_without_price_growth": probability_above_zero(
            result.metrics[:, column]
        ),
        "flips": (with_growth > 0.0) != (without > 0.0),
    }


def _coin_warning(quantiles: dict[str, npt.NDArray[np.float64]]) -> list[str]:
    """Said where the dear end of the coin's price leaves what anyone has seen: means rest on it."""
    price = [name for name, _ in SERIES].index("bitcoin_price_usd")
    at_end = float(quantiles["p95"][price, -1])
    worth = at_end * MOST_BITCOIN
    if not worth > COIN_WORTH_USD:
        return []
    return [
        f"on one path in twenty a bitcoin ends above {human(at_end, 'USD')}, which makes all of them worth"
        f" {human(worth, 'USD')}: means rest on such paths, medians do not"
    ]


def _metrics_frame(metrics: npt.NDArray[np.float64]) -> polars.DataFrame:
    import polars

    columns: dict[str, Any] = {"path": np.arange(metrics.shape[0], dtype=np.int64)}
    columns.update({metric.name: metrics[:, i] for i, metric in enumerate(METRICS)})
    return polars.DataFrame(columns, nan_to_null=True)


def _inputs_frame(made: Plan, paths: int) -> polars.DataFrame:
    import polars

    places = np.flatnonzero(made.uncertain)
    drawn = [np.empty(paths) for _ in places]
    for first in range(0, paths, DRAWN_AT_ONCE):
        rows = made.draw(first, min(DRAWN_AT_ONCE, paths - first))
        for column, place in zip(drawn, places, strict=True):
            column[first : first + len(rows)] = rows[:, place]
    found = [polars.Series("path", np.arange(paths, dtype=np.int64))]
    for place in places[::-1]:
        # The last column first, so that no two copies of all of them exist at a time.
        found.insert(1, polars.Series(made.addresses[place], drawn.pop()))
    return polars.DataFrame(found)


def _series_frame(
    quantiles: dict[str, npt.NDArray[np.float64]], horizon: Horizon
) -> polars.DataFrame:
    import polars

    months = horizon.months
    columns: dict[str, Any] = {
        "name": np.repeat([name for name, _ in SERIES], months),
        "unit": np.repeat([unit for _, unit in SERIES], months),
        "month": np.tile(np.arange(months, dtype=np.int32), len(SERIES)),
        "date": list(month_dates(horizon)) * len(SERIES),
    }
    for name in ("mean", "p05", "p25", "p50", "p75", "p95"):
        columns[name] = quantiles[name].reshape(-1)
    return polars.DataFrame(columns).with_columns(polars.col("date").cast(polars.Date))


def _dispatch_frame(traced: Works, horizon: Horizon) -> polars.DataFrame:
    import polars

    start = np.datetime64(horizon.start, "us")
    columns: dict[str, Any] = {"time": start + np.arange(horizon.hours) * np.timedelta64(1, "h")}
    for i, name in enumerate(TRACE):
        values = traced.trace[:, i]
        if "_milli_" in name:
            columns[name.replace("milli_", "")] = values / 1000.0
        else:
            columns[name] = values.astype(np.int32)
    return polars.DataFrame(columns).with_columns(polars.col("time").dt.replace_time_zone("UTC"))


def _ledger_frame(traced: Works, horizon: Horizon) -> polars.DataFrame:
    import polars

    months, lines = horizon.months, len(LINES)
    columns: dict[str, Any] = {
        "variant": np.repeat(list(VARIANTS), months * lines),
        "month": np.tile(np.repeat(np.arange(months, dtype=np.int32), lines), len(VARIANTS)),
        "line": np.tile(list(LINES), months * len(VARIANTS)),
        "cents": traced.ledger.reshape(-1),
    }
    return polars.DataFrame(columns)


def _payouts_frame(traced: Works, scenario: Scenario) -> polars.DataFrame:
    """The traced path's cash divided by the terms of the arrangement that the scenario runs under."""
    import polars

    rows: list[Row] = []
    accord = scenario.model.accord
    governing = None if accord is None else accord.governing
    if accord is not None and governing is not None and governing.terms is not None:
        run = traced.ledger[RUN]
        coins = np.rint(traced.monthly[M_SAT]).astype(np.int64)
        lines = {line: run[:, i] for i, line in enumerate(LINES)}
        cash = cash_from_ledger(lines, coins)
        if not governing.terms.taxes:
            # The terms tax nobody: the scenario's own tax is a cost before anything is divided.
            tax = lines["tax"]
            cash = dataclasses.replace(cash, operating_cost_cents=cash.operating_cost_cents - tax)
        rows = ledger_rows(cash, pay_out(cash, governing.terms, accord.party_names))
    schema = {
        "month": polars.Int32,
        "party": polars.String,
        "line": polars.String,
        "cents": polars.Int64,
        "satoshis": polars.Int64,
    }
    return polars.DataFrame(rows, schema, orient="row")
