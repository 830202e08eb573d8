"""What the page of a comparison says in words and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from baseload.comparison import Comparison
from baseload.comparison.paired import LARGEST_FACTOR
from baseload.comparison.side_by_side import Case
from baseload.errors import InputError
from baseload.figures.numbers import SPACE, decimal, percent, quantity, scaled_unit, significant
from baseload.report.blocks import Card, Table, Verdict
from baseload.report.comparison_settings import settings_that_differ
from baseload.report.sections import words
from baseload.verdict.words import joined

SAME: Final = "same"
NOTHING: Final = "–"
TOLD: Final = (
    "reactor_years_at_power",
    "offsite_power_losses_at_power",
    "station_blackout_probability",
    "unserved_firm_mwh",
    "mine_mwh",
    "export_mwh",
    "network_share_peak",
    "bitcoin_mined",
    "value_of_restarting_usd",
    "npv_gain_over_grid_only_usd",
    "npv_usd",
)
"""Metrics whose differences are told in sentences, exposure first and money last."""

_MINING: Final = "npv_gain_over_grid_only_usd"
_MOST_SETTINGS: Final = 400

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Compared:
    """A comparison with a short name for each study, as the page calls it.

    Attributes
    ----------
    comparison : Comparison
    labels : tuple of str
        One for each study, no two alike.
    """

    comparison: Comparison
    labels: tuple[str, ...]

    @property
    def places(self) -> range:
        """Numbers of the studies, from 1."""
        return range(1, len(self.labels) + 1)

    def name(self, place: int) -> str:
        """Number and label of a study."""
        return f"{place}{SPACE}{self.labels[place - 1]}"

    @cached_property
    def rows(self) -> dict[str, tuple[Row, ...]]:
        """Rows of the comparison's table by metric, one for each study."""
        found: dict[str, list[Row]] = {}
        for row in self.comparison.table.iter_rows(named=True):
            found.setdefault(row["metric"], []).append(row)
        return {metric: tuple(rows) for metric, rows in found.items()}


def is_same(row: Row) -> bool:
    """Whether a metric differs on none of the paths that have both."""
    found = (row["difference_mean"], row["difference_low"], row["difference_high"])
    return found == (0.0, 0.0, 0.0)


def study_cards(compared: Compared) -> tuple[Card, ...]:
    """What each study is."""
    cards = []
    for place, study in zip(compared.places, compared.comparison.studies, strict=True):
        sentences = [f"Scenario: {study.facts['scenario']}."]
        if study.conditional_on:
            sentences.append(f"Conditional on: {study.conditional_on}.")
        sentences.append(
            f"{decimal(study.paths, 0)} paths, seed {study.seed}; {study.years} years from "
            f"{study.facts['start']}; {study.facts['money']}."
        )
        if study.warnings:
            count = len(study.warnings)
            sentences.append(f"{count} {'caveat' if count == 1 else 'caveats'}, see warnings.")
        cards.append(Card(compared.name(place), study.title, tuple(sentences)))
    return tuple(cards)


def settings_tables(compared: Compared) -> tuple[tuple[str, Table | None], ...]:
    """For each study after the first a sentence on its settings, and those that differ."""
    texts = [study.scenario_text for study in compared.comparison.studies]
    found: list[tuple[str, Table | None]] = []
    for place in compared.places[1:]:
        pair = f"{compared.name(place)} against {compared.name(1)}"
        try:
            settings = settings_that_differ((texts[0], texts[place - 1]))
        except InputError:
            found.append((f"{pair}: not compared, a scenario cannot be read.", None))
            continue
        count = len(settings)
        if not settings:
            found.append((f"{pair}: no setting differs.", None))
            continue
        sentence = f"{pair}: {f'{count} settings differ' if count > 1 else 'one setting differs'}"
        if count > _MOST_SETTINGS:
            sentence += f", of which the first {_MOST_SETTINGS} stand here"
        rows = tuple((one.key, *one.values) for one in settings[:_MOST_SETTINGS])
        header = ("key", compared.name(1), compared.name(place))
        found.append((f"{sentence}.", Table(f"Settings of {pair}", header, rows, "words")))
    return tuple(found)


def difference_verdicts(compared: Compared) -> tuple[Verdict, ...]:
    """For each study after the first, how it differs and how sure that is."""
    found = []
    for place in compared.places[1:]:
        rows = {name: row[place - 1] for name, row in compared.rows.items()}
        told = [rows[name] for name in TOLD if name in rows]
        sentences = [_difference_sentence(row, place) for row in told if not is_same(row)]
        same = [words(row["metric"]) for row in told if is_same(row)]
        if same:
            sentences.append(f"The same on every path: {joined(same)}.")
        title = f"{compared.name(place)} against {compared.name(1)}"
        found.append(Verdict(title, _conclusion(rows.get(_MINING)), tuple(sentences)))
    return tuple(found)


def _conclusion(row: Row | None) -> str:
    """Whether mining is worth more than in the first study, as far as the paths tell."""
    if row is None or row["difference_mean"] is None:
        return "the value of mining cannot be compared"
    if is_same(row):
        return "mining is worth the same"
    low, high = row["difference_low"], row["difference_high"]
    if low is None or low <= 0.0 <= high:
        return "the paths do not tell in which of them mining is worth more"
    return f"mining is worth {'less' if high < 0.0 else 'more'}"


def _difference_sentence(row: Row, place: int) -> str:
    name, unit = words(row["metric"]), row["unit"]
    begin = name[:1].upper() + name[1:]
    mean = row["difference_mean"]
    if mean is None:
        return f"{begin}: on no path defined in both."
    before, after = (quantity(row[key], unit) for key in ("paired_mean_of_first", "paired_mean"))
    sentence = f"{begin}: {before} in 1 and {after} in {place} in the mean, "
    sentence += f"{_size(mean, unit)} {'more' if mean >= 0.0 else 'less'}"
    low, high = row["difference_low"], row["difference_high"]
    if low is None:
        return sentence + "; one path has no interval."
    between = f"from {_signed(low, unit)} to {_signed(high, unit)}"
    if low <= 0.0 <= high:
        sentence += f"; with a 95{SPACE}% interval {between} the paths do not tell which is higher"
    else:
        sentence += f" (95{SPACE}% interval {between})"
    sentence += f". It is higher in {place} on {percent(row['share_higher'])} of the paths"
    if row["share_paired"] < 1.0:
        sentence += f" that have it in both, which are {percent(row['share_paired'])}"
    return sentence + "."


def _size(value: float, unit: str) -> str:
    """A difference without its sign; of shares in points, so that it is not read as a part."""
    text = quantity(abs(value), unit)
    return text.replace(f"{SPACE}%", " points") if unit in ("share", "probability") else text


def _signed(value: float, unit: str) -> str:
    text = quantity(value, unit)
    if unit in ("share", "probability"):
        text = text.replace(f"{SPACE}%", " points")
    return f"+{text}" if value > 0.0 else text


def side_by_side_tables(compared: Compared) -> tuple[Table, ...]:
    """What each is by itself: figures, and who leads where a scenario says so."""
    cases = compared.comparison.side_by_side
    header = ("", *map(compared.name, compared.places))
    rows = [(label, *map(said, cases)) for label, said in _CASE_ROWS]
    tables = [Table("Medians over the paths", header, tuple(rows))]
    led = [
        (label, *(said(case) or "not stated" for case in cases))
        for label, said in _LEADERS
        if any(map(said, cases))
    ]
    if led:
        tables.append(
            Table("Who leads, in the words of the scenarios", header, tuple(led), "words")
        )
    return tuple(tables)


def side_by_side_notes(compared: Compared) -> tuple[str, ...]:
    """What the figures side by side leave out."""
    cases = compared.comparison.side_by_side
    notes = []
    if any(case.emissions is not None for case in cases):
        notes.append(
            "Emissions are of the plant's own energy over the plant's life, median and range of "
            "the studies that the IPCC reviewed in 2014; machines and halls are not counted."
        )
    notes += _said_once((place, case.notes) for place, case in enumerate(cases, start=1))
    return tuple(notes)


def metrics_tables(compared: Compared) -> tuple[tuple[Table, str], ...]:
    """For each study after the first every metric of both and the difference, and a remark."""
    found = []
    for place in compared.places[1:]:
        rows, partial = [], []
        for metric, own in compared.rows.items():
            rows.append(_metric_row(metric, own[0], own[place - 1]))
            if own[place - 1]["share_paired"] < 1.0:
                partial.append(f"{words(metric)} {percent(own[place - 1]['share_paired'])}")
        caption = (
            f"{compared.name(place)} against {compared.name(1)}: means over the paths that have "
            f"both, their difference and its 95{SPACE}% interval on common draws"
        )
        header = (
            "metric", "name", "unit", "mean of 1", f"mean of {place}", f"{place} − 1",
            f"95{SPACE}% interval", f"higher in {place}", "factor", "median of 1",
            f"median of {place}",
        )  # fmt: skip
        remark = f"Not defined in both on all paths, but on so many: {joined(partial)}."
        table = Table(caption, header, tuple(rows), "metrics")
        found.append((table, remark if partial else ""))
    return tuple(found)


def _metric_row(metric: str, first: Row, row: Row) -> tuple[str, ...]:
    """Cells in one multiple of the metric's unit, which the third of them names."""
    own = (row["paired_mean_of_first"], row["paired_mean"], first["p50"], row["p50"])
    known = [abs(value) for value in own if value is not None]
    scaled = scaled_unit(float(f"{max(known, default=0.0):.2e}"), row["unit"])

    def said(value: float | None) -> str:
        return NOTHING if value is None else significant(value / scaled.factor)

    low, high = row["difference_low"], row["difference_high"]
    interval = NOTHING if low is None else f"{said(low)}{SPACE}to{SPACE}{said(high)}"
    if is_same(row):
        difference, interval, higher = SAME, NOTHING, NOTHING
    else:
        difference, higher = said(row["difference_mean"]), _share(row["share_higher"])
    factor = row["variance_factor"]
    return (
        words(metric),
        metric,
        scaled.label or NOTHING,
        said(own[0]),
        said(own[1]),
        difference,
        interval,
        higher,
        _factor(factor),
        said(own[2]),
        said(own[3]),
    )


def _share(value: float | None) -> str:
    return NOTHING if value is None else percent(value)


def _factor(value: float | None) -> str:
    if value is None:
        return NOTHING
    return f">{decimal(LARGEST_FACTOR, 0)}" if value > LARGEST_FACTOR else significant(value)


def warnings_of(compared: Compared) -> tuple[str, ...]:
    """Caveats of the comparison, then those of the studies, each said once."""
    own = ((place, study.warnings) for place, study in enumerate(compared.comparison.studies, 1))
    return (*compared.comparison.warnings, *_said_once(own))


def _said_once(told: Iterable[tuple[int, Sequence[str]]]) -> list[str]:
    """Sentences with the numbers of the studies that say them."""
    places: dict[str, list[str]] = {}
    for place, sentences in told:
        for sentence in sentences:
            places.setdefault(sentence, []).append(str(place))
    return [f"{joined(at)}: {sentence}" for sentence, at in places.items()]


def made_rows(compared: Compared) -> tuple[tuple[str, str], ...]:
    """How the studies were made: what someone needs to get the same bytes again."""
    comparison = compared.comparison
    rows = [("paths", decimal(comparison.paths, 0)), ("seed of all", str(comparison.seed))]
    for place, study in zip(compared.places, comparison.studies, strict=True):
        made = f"{study.scenario_sha256}, by baseload {study.version}"
        rows.append((f"scenario of {place}, SHA-256", made))
    return tuple(rows)


def _number(value: float | None, unit: str = "") -> str:
    return NOTHING if value is None else quantity(value, unit)


def _emissions(case: Case) -> str:
    found = case.emissions
    if found is None or found.p50 is None:
        return NOTHING
    return f"{_number(found.p50)} ({_number(found.low)} to {_number(found.high)})"


_CASE_ROWS: Final[tuple[tuple[str, Callable[[Case], str]], ...]] = (
    ("technology", lambda case: case.technology or "not told"),
    ("first day", lambda case: case.start),
    ("years", lambda case: str(case.years)),
    ("plant, net", lambda case: _number(case.plant_mw, "MW")),
    ("mine", lambda case: _number(case.mine_mw, "MW")),
    ("highest share of the network", lambda case: _number(case.network_share_peak, "share")),
    ("bitcoin mined", lambda case: _number(case.bitcoin_mined, "BTC")),
    ("cost of a bitcoin", lambda case: _number(case.cost_per_bitcoin_usd, "USD/BTC")),
    ("revenue of a bitcoin", lambda case: _number(case.revenue_per_bitcoin_usd, "USD/BTC")),
    ("t CO2e per bitcoin (range of studies)", _emissions),
    ("value of mining", lambda case: _number(case.value_of_mining_usd, "USD")),
    ("mining gains on", lambda case: _share(case.probability_of_gain_by_mining)),
)
_LEADERS: Final[tuple[tuple[str, Callable[[Case], str | None]], ...]] = (
    ("who decides", lambda case: case.decides),
    ("who pays", lambda case: case.pays),
    ("limits", lambda case: case.limits),
)
