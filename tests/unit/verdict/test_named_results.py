"""The names of results: what they are worth in a study made by hand, and in the page that lists them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.unit.verdict.conftest import MINE_MW, NET_MW, START, a_study

from baseload.engine.outputs import METRIC_NAMES
from baseload.errors import InputError
from baseload.expression import evaluate, kind_of, parse
from baseload.fleet.catalogue import machine
from baseload.security.in_study import security_of_study
from baseload.study import Study
from baseload.verdict.named_results import (
    NAMED,
    carbon_g_per_kwh,
    known_functions,
    known_kinds,
    named_results,
)

PAGE = Path(__file__).parents[3] / "docs" / "model" / "claims.md"
HOURS = 731 * 24  # 2028 is a leap year


def value(study: Study, text: str) -> Any:
    known = named_results(study)
    return evaluate(parse(text), known.values, known.functions)


def test_every_name_that_is_promised_is_there_and_of_its_kind(study: Study) -> None:
    known = named_results(study)
    kinds = known_kinds()
    assert {name: kind_of(one) for name, one in known.values.items()} == kinds
    assert set(METRIC_NAMES) < set(kinds)
    assert set(known.functions) | set(known.later) == set(known_functions())
    signature = {name: (f.takes, f.gives) for name, f in known_functions().items()}
    assert all((f.takes, f.gives) == signature[name] for name, f in known.functions.items())


def test_the_scenario_is_known_by_names(study: Study) -> None:
    for text in (
        "start = 2027-07-01 and end = 2029-07-01 and years = 2",
        'phase = "ceasefire" and plant.technology = "hydro"',
        "plant.units = 2 and plant.gross_mw = 160",
        "years_until(2028-07-01) between 1.002 and 1.0021",  # 366 days
    ):
        assert value(study, text) is True
    # What is drawn is a number for each path; a unit or hall that is off counts as said.
    assert value(study, "plant.net_mw").tolist() == [mw + 50.0 for mw in NET_MW]
    assert value(study, "plant.running_mw_at_start").tolist() == list(NET_MW)
    assert value(study, "fleet.mine_mw").tolist() == list(MINE_MW)


def test_capacity_factor_and_carbon_follow_from_energy(study: Study) -> None:
    expected = np.array([0.0, 1e6, 1e6, 2e6]) / ((np.array(NET_MW) + 50.0) * HOURS)
    assert value(study, "capacity_factor") == pytest.approx(expected, rel=1e-14)
    tonnes = value(study, "tco2_per_bitcoin")
    assert np.isnan(tonnes[0])  # nothing mined
    # 1,000 MWh at 24 g/kWh are 24 t.
    assert tonnes[1:].tolist() == pytest.approx([2.4, 1.2, 4.8], rel=1e-14)
    moved = named_results(study, moved={"carbon_g_per_kwh": 100.0})
    assert evaluate(parse("carbon_g_per_kwh"), moved.values) == 100.0
    assert set(carbon_g_per_kwh()) == {
        "nuclear", "geothermal", "hydro", "gas", "coal", "wind", "solar"
    }  # fmt: skip


def test_a_metric_without_a_value_is_undefined_on_that_path(study: Study) -> None:
    assert np.isnan(value(study, "payback_years")).tolist() == [True, False, False, False]
    assert value(study, "probability(payback_years < 10) >= 0.75") is True
    assert value(study, "probability(payback_years < 10) >= 0.9") is None


def test_series_are_read_by_year_and_month(study: Study) -> None:
    # 2027 holds six months, 0 to 5: means weighted by days.
    days = np.array([31, 31, 30, 31, 30, 31])
    expected = float(np.average(np.arange(6.0), weights=days))
    assert value(study, 'mean_in_year("network_share", 2027)') == pytest.approx(expected)
    assert value(study, 'p95_in_year("network_share", 2027)') == pytest.approx(expected + 3)
    assert value(study, 'p05_in_month("mine_mw", 2028-07-31)') == 12.0 - 3.0
    assert value(study, 'p50_in_month("mine_mw", 2029-06-30)') == 23.0 - 2.0
    assert value(study, 'mean_in_month("mine_mw", start)') == 0.0


def test_flows_add_up_to_the_end_of_a_day(study: Study) -> None:
    # Months 0 and 1 are 0 and 1; of September, 2, half.
    assert value(study, 'sum_until("bitcoin_mined", 2027-09-15)') == pytest.approx(1.0 + 1.0)
    assert value(study, 'sum_until("bitcoin_mined", 2029-06-30)') == pytest.approx(23 * 24 / 2)
    assert value(study, 'p95_sum_until("bitcoin_mined", 2027-08-31)') == pytest.approx(3.0 + 4.0)


def test_first_mining_is_when_half_of_the_paths_mine(study: Study) -> None:
    # The median is month - 2: above zero from month 3.
    assert value(study, "first_mining_years") == 0.25
    never = a_study()
    frame = never.series
    still = Study(**{**vars(never), "series": frame.with_columns(p50=frame["p50"] * 0.0)})
    assert value(still, "first_mining_years") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('mean_in_year("network_share", 2026) > 0', ["the year 2026", "from 2027 to 2029"]),
        ('mean_in_year("network_share", 2030) > 0', ["the year 2030"]),
        ('mean_in_year("network_share", 2027.5) > 0', ["no whole number"]),
        ('mean_in_year("network_share", npv_usd) > 0', ["no whole number"]),
        ('mean_in_month("network_share", 2029-07-01) > 0', ["2029-07-01", "before 2029-07-01"]),
        ('mean_in_year("network_shar", 2027) > 0', ["nearest  network_share"]),
        ("mean_in_year(phase, 2027) > 0", ['"ceasefire"', "the name of a series"]),
        ('sum_until("mine_mw", 2027-09-15) > 0', ['"mine_mw"', "bitcoin_mined"]),
        ("sum_until(phase, 2027-09-15) > 0", ['"ceasefire"', "bitcoin_mined"]),
        ('machines_for_mw("antminer-s21-xq", 1, 1.05) > 0', ["nearest  antminer-s21-xp"]),
        ('machines_for_mw("antminer-s21", -1, 1.05) > 0', ["mine_mw of -1", "at least 0"]),
        ('machines_for_mw("antminer-s21", 1, 0.9) > 0', ["PUE of 0.9", "at least 1"]),
        ("machines_for_mw(phase, 1, 1.05) > 0", ["a machine of the catalogue"]),
        ('power_of_machines_mw("antminer-s21", -3, 1) > 0', ["machines of -3"]),
    ],
)
def test_what_a_function_cannot_take_is_told_at_its_place(
    study: Study, text: str, words: list[str]
) -> None:
    with pytest.raises(InputError) as caught:
        value(study, text)
    for word in [*words, "at character"]:
        assert word in str(caught.value)


def test_machines_and_their_power_are_each_others_inverse(study: Study) -> None:
    watts = machine("antminer-s21").power_w
    assert value(study, 'machines_for_mw("antminer-s21", 100, 1.05)') == 100e6 // (watts * 1.05)
    for count in (1, 7, 300, 1_234_567):
        text = f'machines_for_mw("antminer-s21", power_of_machines_mw("antminer-s21", {count}, 1.07), 1.07)'
        assert value(study, text) == count
    halls = value(study, 'machines_for_mw("antminer-s21", fleet.mine_mw, 1)')
    assert halls.tolist() == [mw * 1e6 // watts for mw in MINE_MW]


def test_security_is_known_where_something_is_mined(study: Study) -> None:
    assert value(study, "security.share") is None
    assert value(study, "security.majority") is None
    peak = np.array([0.2, 0.3, 0.4, 0.6])
    months = np.array([[0, 1, 1, 2], [-1, -1, 0, 1], [-1, -1, -1, 3]], np.int32)
    dates = [date(2027, month, 1) for month in (7, 8, 9, 10)]
    found = security_of_study(peak, np.full(4, 0.5), months, dates, "auto")
    assert found is not None
    mined = a_study(security=found)
    assert value(mined, "security.share") == pytest.approx(0.3)
    assert value(mined, "security.probability_above_a_tenth") == 1.0
    assert value(mined, "security.probability_above_a_half") == 0.25
    assert value(mined, "security.majority") is False
    assert value(mined, "security.share_with_largest > security.share") is True
    largest = named_results(mined).values["security.majority_with_largest"]
    assert largest == (value(mined, "security.share_with_largest") > 0.5)
    for case, name in ((0, "the mine at its largest"), (3, "the first with")):
        assert found["cases"][case]["name"].startswith(name)


def test_parts_above_can_add_names_and_functions(study: Study) -> None:
    known = named_results(study, {"members": frozenset({"a"})}, {})
    assert evaluate(parse('"a" in members'), known.values, known.functions) is True


def test_a_scenario_with_claims_in_it_is_read_for_its_plant() -> None:
    from tests.unit.verdict.conftest import CLAIMS, SCENARIO

    assert value(a_study(SCENARIO + CLAIMS), "plant.units") == 2.0
    assert a_study().start == START


def test_the_page_lists_every_name_and_function() -> None:
    page = PAGE.read_text(encoding="utf-8")
    missing = [one.name for one in NAMED if f"`{one.name}`" not in page]
    missing += [name for name in known_functions() if f"`{name}" not in page]
    assert not missing
