"""The section on what drives the result: which inputs move it, and what it is made of."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from baseload.drivers import Driver, Drivers, what_drives
from baseload.figures import Step, Swing, tornado_figure, waterfall_figure
from baseload.figures.numbers import SPACE, decimal, percent, quantity, scaled_unit, significant
from baseload.inputs_in_words import input_words
from baseload.report.blocks import Picture, Section, Table
from baseload.report.reported import FloatArray, ReportedStudy, figure_of, floats, metric
from baseload.summary import NOISE_ERRORS, NOISE_WORDS
from baseload.units import unit_of
from baseload.verdict.causes import MOST_PATHS, within_quantiles
from baseload.verdict.sentences import running_word
from baseload.verdict.words import joined

if TYPE_CHECKING:
    import polars

MOST_ROWS: Final = 12
"""Inputs in a figure, where so many stand out from chance."""
ROWS_WITH_CHANCE: Final = 3
"""With fewer that stand out, others follow up to this count, pale: they show what chance does."""

_NPV = "npv_usd"
# What is no input but shows how a path went: the reader would look for it among the causes.
_COURSE: Final = {
    "revenue_per_bitcoin_usd": "revenue of a bitcoin",
    "generation_mwh": "energy that the plant could give",
    "first_unit_years": "years until the first unit is on line",
}
_ON_THE_PATH: Final = "on the path: "
_SMALL_LINE: Final = 0.005
_NOTHING: Final = 0.01
_LINE_WORDS: Final = {
    "variable_om": "variable O&M",
    "fixed_om": "fixed O&M",
    "shut_down_om": "shut-down O&M",
    "mine_opex": "running the mine",
    "works": "restarts and projects",
    "machines": "mining machines",
    "mine_site": "site of the mine",
    "machine_resale": "resale of machines",
}


def drivers_section(study: ReportedStudy) -> Section:
    """What moves the value of mining and of restarting, and the steps from idle to the run."""
    pictures, missing = [], []
    steps = _steps_picture(study)
    if steps is None:
        missing.append("The study holds no net present values to set beside each other.")
    else:
        pictures.append(steps)
    for name, what, course in (
        ("npv_gain_over_grid_only_usd", "value of mining", tuple(_COURSE)),
        (
            "value_of_restarting_usd",
            f"value of {running_word(study.summary)}",
            tuple(_COURSE)[1:],
        ),
    ):
        found = _tornado_picture(study, name, what, course)
        if isinstance(found, Picture):
            pictures.append(found)
        else:
            missing.append(found)
    split = _ledger_picture(study)
    if isinstance(split, Picture):
        pictures.append(split)
    else:
        missing.append(split)
    lead = (
        "From the paths of this run themselves, no further ones: where an input was low and where it was "
        "high, all else as it fell. That shows what goes along with the result; correlated inputs share "
        "what they show, and nothing here says what a party could change."
    )
    return Section("drivers", "What drives it", lead, tuple(pictures), tuple(missing))


def _steps_picture(study: ReportedStudy) -> Picture | None:
    running = running_word(study.summary)
    plan = (
        ("npv_idle_usd", "left idle", True),
        ("value_of_restarting_usd", running, False),
        ("npv_grid_only_usd", "grid only", True),
        ("npv_gain_over_grid_only_usd", "mining", False),
        (_NPV, "with the mine", True),
    )
    steps, rows = [], []
    for name, label, total in plan:
        mean, median = figure_of(study, name, "mean"), figure_of(study, name)
        if mean is None:
            return None
        shown, middle = quantity(mean, "USD"), quantity(median, "USD")
        steps.append(Step(label, mean, total, median, f"{label}: mean {shown}, median {middle}"))
        error = figure_of(study, name, "mean_se")
        rows.append((label, shown, quantity(error, "USD", digits=2), middle))
    by_label = {label: row for label, *row in rows}
    caption = (
        f"Expected net present value of {decimal(study.paths, 0)} paths. Left idle it is "
        f"{by_label['left idle'][0]}; {running} for the grid {_adds(study, plan[1][0])}, mining "
        f"then {_adds(study, plan[3][0])}, which makes {by_label['with the mine'][0]}. Upright marks "
        "are medians, each from where its bar begins; they need not add up."
    )
    svg = waterfall_figure("From idle to the run", caption, steps, "USD")
    table = Table("Net present value", ("", "mean", "error of mean", "median"), tuple(rows))
    return Picture(svg, caption, table)


def _adds(study: ReportedStudy, name: str) -> str:
    """A mean as what it adds or takes away."""
    mean = figure_of(study, name, "mean") or 0.0
    said = quantity(abs(mean), "USD")
    return f"adds {said}" if mean >= 0.0 else f"takes {said} away"


def _tornado_picture(
    study: ReportedStudy, name: str, what: str, course: tuple[str, ...]
) -> Picture | str:
    outcome = within_quantiles(metric(study, name)[:MOST_PATHS])
    frame: polars.DataFrame | None = getattr(study, "inputs", None)
    names = [column for column in frame.columns if column != "path"] if frame is not None else []
    if frame is None or not names or frame.height < outcome.size or not outcome.size:
        return f"The study holds no inputs beside the {what} of its paths."
    inputs = np.stack([floats(frame, column)[: outcome.size] for column in names], axis=1)
    found = what_drives(names, inputs, outcome)
    if not found.drivers or found.mean is None:
        return f"What drives the {what} cannot be said: {found.why_none or 'no input varies'}."
    columns = [column for column in course if metric(study, column).size]
    went = what_drives(
        [_ON_THE_PATH + _COURSE[column] for column in columns],
        np.stack([metric(study, c)[: outcome.size] for c in columns], 1)
        if columns
        else np.empty((outcome.size, 0)),
        outcome,
    )
    units = {_ON_THE_PATH + _COURSE[c]: unit_of(c) for c in columns}
    rows = min(MOST_ROWS, max(ROWS_WITH_CHANCE, len(found.standing_out)))
    shown = [*found.drivers[:rows], *went.standing_out]
    caption = _tornado_caption(study, found, went, what)
    svg = tornado_figure(
        f"What drives the {what}",
        caption,
        [_swing(driver, units) for driver in shown],
        found.mean,
        "USD",
        low_label="in its lowest fifth",
        high_label="in its highest fifth",
        notes=(
            f"Mean result there; whiskers are {NOISE_WORDS}. Right: share of the variance explained.",
        ),
    )
    return Picture(svg, caption, _tornado_table(shown, what, units))


def _tornado_caption(study: ReportedStudy, found: Drivers, went: Drivers, what: str) -> str:
    judged, out = len(found.drivers), found.standing_out
    sentences = [
        f"Mean {what} over the fifth of {decimal(found.paths, 0)} paths in which an input is lowest and "
        f"highest; over all it is {quantity(found.mean, 'USD')}. Results beyond the 1st and 99th "
        "percentile count as these, so that no single path carries a bar."
    ]
    if not out:
        sentences.append(
            f"None of {judged} uncertain inputs stands out from chance at this number of paths."
        )
    else:
        verb = "stands" if len(out) == 1 else "stand"
        sentences.append(
            f"{len(out)} of {judged} uncertain inputs {verb} out from chance, "
            + ("foremost " if len(out) > 3 else "")
            + f"{joined([_told(driver) for driver in out[:3]])}."
        )
        explained = found.share_explained
        if explained is None:
            sentences.append("Some of these are correlated, so that their shares are not added.")
        elif explained < _NOTHING:
            sentences.append(
                "They move most paths a little and the variance hardly at all: a few large paths carry "
                "that."
            )
        else:
            sentences.append(
                f"Together they explain about {percent(explained)} of the variance; the rest is prices, "
                "outages and events within a path, and inputs acting together."
            )
    if went.standing_out:
        sentences.append(
            f"Last, no input but how the path went: {joined([_told(d) for d in went.standing_out])}."
        )
    if found.undefined:
        sentences.append(f"{decimal(found.undefined, 0)} paths without a value are left out.")
    if study.paths > found.paths + found.undefined:
        sentences.append(f"Judged by the first {decimal(MOST_PATHS, 0)} paths.")
    return " ".join(sentences)


def _told(driver: Driver) -> str:
    name = _driver_words(driver)
    correlation = f"rank correlation {decimal(driver.rank_correlation, 2)}"
    if driver.share_of_variance <= driver.noise_share:
        return f"{name} ({correlation})"
    return f"{name} ({_share(driver)} of the variance, {correlation})"


def _driver_words(driver: Driver) -> str:
    if driver.name.startswith(_ON_THE_PATH):
        return driver.name.removeprefix(_ON_THE_PATH)
    return input_words(driver.name)


def _share(driver: Driver) -> str:
    """The share of variance, or the bound that chance sets to what could have been seen."""
    if driver.share_of_variance > driver.noise_share:
        return percent(driver.share_of_variance)
    bound = percent(driver.noise_share)
    return bound if bound.startswith("<") else f"<{bound}"


def _value(value: float, driver: Driver, units: dict[str, str]) -> str:
    unit = units.get(driver.name)
    if unit is None:
        # Of rates by phase, the last word of an address is the phase.
        unit = unit_of(driver.name) or unit_of(driver.name.rpartition(".")[0])
    return quantity(value, unit.replace("1/", "per ", 1) if unit.startswith("1/") else unit)


def _swing(driver: Driver, units: dict[str, str]) -> Swing:
    ends = [
        f"{words} ({_value(side.value, driver, units)}): {quantity(side.mean, 'USD')}"
        + (f" ± {quantity(side.standard_error, 'USD', 2)}" if side.standard_error else "")
        for words, side in (("lowest", driver.low), ("highest", driver.high))
    ]
    errors = [
        None if side.standard_error is None else NOISE_ERRORS * side.standard_error
        for side in (driver.low, driver.high)
    ]
    name = driver.name
    if not name.startswith(_ON_THE_PATH):
        name = input_words(name)
    return Swing(
        name,
        driver.low.mean,
        driver.high.mean,
        errors[0],
        errors[1],
        _share(driver) if driver.stands_out else "",
        not driver.stands_out,
        f"{driver.name}: {'; '.join(ends)}; explains {_share(driver)}",
    )


def _tornado_table(shown: list[Driver], what: str, units: dict[str, str]) -> Table:
    sizes = [abs(side.mean) for driver in shown for side in (driver.low, driver.high)]
    scaled = scaled_unit(max(sizes), "USD")

    def number(value: float | None) -> str:
        return "–" if value is None else significant(value / scaled.factor)

    rows = tuple(
        (
            driver.name if driver.name.startswith(_ON_THE_PATH) else _driver_words(driver),
            _value(driver.low.value, driver, units),
            _value(driver.high.value, driver, units),
            number(driver.low.mean),
            number(driver.high.mean),
            number(driver.swing_standard_error),
            decimal(driver.rank_correlation, 2),
            _share(driver),
            "yes" if driver.stands_out else "no",
            "; ".join(f"{name} {decimal(r, 2)}" for name, r in driver.partners[:3]) or "–",
        )
        for driver in shown
    )
    label = scaled.label.replace(" ", SPACE)
    header = (
        "input",
        "median in its lowest fifth",
        "in its highest",
        f"{what} there",
        "there",
        "error of the difference",
        "rank correlation",
        "share of variance",
        "stands out from chance",
        "correlated with",
    )
    return Table(f"Mean {what} where an input is low and where it is high [{label}]", header, rows)


def _ledger_picture(study: ReportedStudy) -> Picture | str:
    """The net present value of the path shown, line by line of its ledger."""
    path = study.representative_path
    frame: polars.DataFrame | None = getattr(study, "ledger", None)
    values = metric(study, _NPV)
    if frame is None or not frame.height or not 0 <= path < values.size:
        return "The study holds no ledger of a path whose net present value it has."
    run = np.asarray(frame["variant"].to_list()) == "run"
    lines = np.asarray(frame["line"].to_list())[run]
    months, cents = floats(frame, "month")[run], floats(frame, "cents")[run]
    for rate in _discount_rates(study, path):
        present = cents / 100.0 * (1.0 + rate) ** (-(months + 1.0) / 12.0)
        # The rate is right if the lines come to the path's net present value, to the cent's rounding.
        if abs(present.sum() - values[path]) <= 1e-6 * max(1.0, np.abs(present).sum()):
            return _split_picture(study, rate, lines, present)
    return (
        "The ledger of the path shown does not come to its net present value at the discount rate."
    )


def _discount_rates(study: ReportedStudy, path: int) -> Iterator[float]:
    """What the rate may be: as the scenario says, as drawn for the path, or as by default."""
    try:
        said = tomllib.loads(study.scenario_text).get("finance", {}).get("discount_rate")
    except (tomllib.TOMLDecodeError, AttributeError):
        said = None
    if isinstance(said, int | float) and said > -1.0:
        yield float(said)
        return
    frame: polars.DataFrame | None = getattr(study, "inputs", None)
    drawn = floats(frame, "finance.discount_rate") if frame is not None else np.empty(0)
    if path < drawn.size and np.isfinite(drawn[path]):
        yield float(drawn[path])
        return
    from baseload.money.schema import Finance  # slow to import, and rarely needed

    yield Finance().discount_rate.support()[0]


def _line_words(name: str) -> str:
    return _LINE_WORDS.get(name, name.replace("_", " "))


def _split_picture(
    study: ReportedStudy, rate: float, lines: np.ndarray, present: FloatArray
) -> Picture:
    sums = {str(name): float(present[lines == name].sum()) for name in dict.fromkeys(lines)}
    largest = max(map(abs, sums.values()))
    parts = [
        (_line_words(name), value)
        for name, value in sums.items()
        if value and abs(value) >= _SMALL_LINE * largest
    ]
    # What comes in first, the largest on top; then what goes out, the largest again on top.
    parts.sort(key=lambda part: (part[1] < 0, -abs(part[1])))
    rest = sum(value for value in sums.values() if abs(value) < _SMALL_LINE * largest)
    small = sum(1 for value in sums.values() if value and abs(value) < _SMALL_LINE * largest)
    if abs(rest) >= 0.1 * _SMALL_LINE * largest:
        parts.append((f"{small} smaller lines" if small > 1 else "a smaller line", rest))
    total = sum(sums.values())
    gains = [part for part in parts if part[1] > 0]
    costs = [part for part in parts if part[1] < 0]
    path = f"path {study.representative_path}"
    sentences = [
        f"What the net present value of {path}, {quantity(total, 'USD')}, is made of: each line of its "
        f"ledger over {study.years} years, discounted at {quantity(rate, 'share')} a year."
    ]
    if gains:
        first = max(gains, key=lambda part: part[1])
        sentences.append(f"{first[0].capitalize()} brings most, {quantity(first[1], 'USD')};")
    if costs:
        worst = min(costs, key=lambda part: part[1])
        begin = "most is spent on" if gains else "Most is spent on"
        sentences.append(f"{begin} {worst[0]}, {quantity(-worst[1], 'USD')}.")
    elif gains:
        sentences[-1] = sentences[-1].rstrip(";") + "."
    sentences.append("It is one path out of the middle, not the mean of all.")
    caption = " ".join(sentences)
    steps = [Step(name, value) for name, value in parts]
    steps.append(Step("net present value", total, total=True))
    svg = waterfall_figure(
        "One path, line by line",
        caption,
        steps,
        "USD",
        more_label="comes in",
        less_label="goes out",
    )
    rows = tuple(
        (_line_words(name), quantity(value, "USD")) for name, value in sums.items() if value
    )
    rows += (("net present value", quantity(total, "USD")),)
    return Picture(svg, caption, Table(f"Present value, {path}", ("line", "value"), rows))
