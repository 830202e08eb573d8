"""A scenario run over paths: everything that a study says, in the order in which it is found."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from numba.core.compiler_lock import global_compiler_lock

from baseload import __version__, import_seconds
from baseload.agreement.accord import MOST_PATHS_BY_ITSELF, accord_of
from baseload.agreement.checking import Checked, checked
from baseload.agreement.simulated import Simulated, of_results
from baseload.clock import month_dates
from baseload.engine.certificate import Certificate, certify
from baseload.engine.outputs import METRIC_NAMES, SERIES
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
from baseload.errors import Fault, InputError
from baseload.scenario.scenario import Scenario
from baseload.security.in_study import security_of_study
from baseload.security.over_time import first_months
from baseload.study.beside import beside
from baseload.study.books import Accounts, hold_accounts
from baseload.study.condition import conditional_on
from baseload.study.flat_price import coin_warning, without_growth
from baseload.study.frames import (
    dispatch_frame,
    inputs_frame,
    ledger_frame,
    metrics_frame,
    milestones_frame,
    payouts_frame,
    series_frame,
)
from baseload.study.limits import (
    LARGEST_SEED,
    MOST_ACCORD_PATHS,
    MOST_CERTIFICATE_WEEKS,
    MOST_CHUNK_PATHS,
    MOST_PATHS,
    MOST_THREADS,
)
from baseload.study.quantiles import series_quantiles
from baseload.study.results import Study
from baseload.summary import nearest_to_median, probability_above_zero, summary_of

MOST_PATHS_OF_FLIP = 250
# What takes long to import and is not needed before the engine has run.
IMPORTED_MEANWHILE = ("polars", "scipy.special")
IMPORTED_FOR_ACCORD = ("scipy.optimize",)
GAINS = {
    "restarting": "value_of_restarting_usd",
    "mining": "npv_gain_over_grid_only_usd",
    "over_idle": "npv_gain_over_idle_usd",
}


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
    _require("seed", seed, 0, LARGEST_SEED)
    count = default_threads() if threads is None else threads
    _require("threads", count, 1, MOST_THREADS)
    if trace is not None:
        _require("trace", trace, 0, MOST_PATHS)
    _require("certificate_weeks", certificate_weeks, 0, MOST_CERTIFICATE_WEEKS)
    if chunk_paths is not None:
        _require("chunk_paths", chunk_paths, 1, MOST_CHUNK_PATHS)
    if accord_paths is None:
        accord_paths = min(paths, MOST_PATHS_BY_ITSELF)
    _require("accord_paths", accord_paths, 0, MOST_ACCORD_PATHS)
    known = None
    if scenario.model.accord is not None and accord_paths:
        known = checked(scenario, scenario.model.accord)
    chunk = chunk_paths or chunk_size(paths, count)
    begin = time.perf_counter()
    if progress is not None:
        progress(0, paths, "reading and compiling")
    compiling = time.perf_counter()
    made = plan(scenario.model, scenario.folder, seed)
    require_room(made, paths, count, chunk)
    warm(made)
    engine = time.perf_counter()
    result = simulate(made, paths, count, progress, "simulating", chunk)
    with result.series as store:
        crossed = first_months(_months_of(store, "network_share_peak"), paths)
        flip = without_growth(
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
    with beside(
        lambda heed: _held(
            scenario, made, traced, shown, seed, paths, certificate_weeks, accord_paths, heed
        ),
        first=count == 1,
    ) as held:
        accord, accord_seconds = _accord(
            scenario, accord_paths, seed, count, progress, as_it_stands, known
        )
    certificate, accounts, held_seconds = held.result()
    security = security_of_study(
        result.metrics[:, METRIC_NAMES.index("network_share_peak")],
        result.metrics[:, METRIC_NAMES.index("displacement")],
        crossed,
        list(month_dates(made.horizon)),
        scenario.model.network.payout,
    )
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
        "warnings": [*scenario.warnings, *coin_warning(series["p95"])],
        "sources": scenario.sources,
    }
    metrics = metrics_frame(result.metrics)
    milestones = milestones_frame(made, result.milestones)
    del result  # of many paths: it goes before the inputs come
    study = Study(
        scenario_text=scenario.text,
        facts=facts,
        metrics=metrics,
        inputs=inputs_frame(made, paths),
        milestones=milestones,
        series=series_frame(series, made.horizon),
        dispatch=dispatch_frame(traced, made.horizon),
        ledger=ledger_frame(traced, made.horizon),
        payouts=payouts_frame(traced, scenario),
        summary=summary,
        timings={},
    )
    study.timings.update(
        import_seconds=import_seconds() + held_seconds["import_seconds"],
        compile_seconds=engine - compiling,
        engine_seconds=engine_seconds,
        certificate_seconds=held_seconds["certificate_seconds"],
        **accord_seconds,
        total_seconds=time.perf_counter() - begin,
        threads=count,
        path_hours_per_second=paths * made.horizon.hours / engine_seconds,
    )
    return study


def _held(
    scenario: Scenario,
    made: Plan,
    traced: Works,
    shown: int,
    seed: int,
    paths: int,
    weeks: int,
    accord_paths: int,
    heed: Callable[[], None],
) -> tuple[Certificate | None, Accounts | None, dict[str, float]]:
    """The certificate, the books made again, and the seconds that they took in this thread.

    Before them, what the rest of the study needs is imported, while other threads simulate.
    """
    begin = time.perf_counter()
    wanted = [*IMPORTED_MEANWHILE]
    if scenario.model.accord is not None and accord_paths:
        wanted += IMPORTED_FOR_ACCORD
    # The compiler imports on its own when it first compiles: never both at the same time.
    with global_compiler_lock:
        for name in wanted:
            importlib.import_module(name)
    imported = time.perf_counter()
    certificate = certify(made, seed, paths, weeks, heed)
    accounts = hold_accounts(scenario.model, made, traced, shown) if weeks else None
    seconds = {
        "import_seconds": imported - begin,
        "certificate_seconds": time.perf_counter() - imported,
    }
    return certificate, accounts, seconds


def _accord(
    scenario: Scenario,
    paths: int,
    seed: int,
    threads: int,
    progress: Progress | None,
    as_it_stands: Simulated | None,
    known: Checked | None,
) -> tuple[dict[str, Any] | None, dict[str, float]]:
    """Who has to agree, and the seconds that it took; nothing where the scenario has no parties."""
    if not paths or scenario.model.accord is None:
        return None, {}
    return accord_of(
        scenario, scenario.model.accord, paths, seed, threads, progress, as_it_stands, known
    )


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
