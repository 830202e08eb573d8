"""Side by side: figures read from a study and its scenario, what is not known said, 80 columns."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from tests.unit.comparison.made_up import made_up as made_up_study

import baseload
from baseload.cli.compare import comparison_text
from baseload.cli.side_by_side import side_by_side_lines
from baseload.comparison.side_by_side import Case, case_of
from baseload.emissions import emissions_per_bitcoin

SMALL = (Path(__file__).parents[2] / "scenarios" / "small.toml").read_text(encoding="utf-8")
LED_BY = """
[led_by]
decides = "A ministry decides."
pays    = "A bank pays."
limits  = "A law forbids more."
source  = "made up for this test, 2026"
"""


def made_up(
    text: str = SMALL, metrics: dict[str, list[float | None]] | None = None, **facts: Any
) -> baseload.Study:
    """A study that never ran, of the small scenario where no other is given."""
    return made_up_study(metrics=metrics, text=text, **facts)


def without_plant(case: Case) -> bool:
    return case.technology is None and case.plant_mw is None and case.mine_mw is None


def test_the_figures_are_medians_of_the_paths() -> None:
    case = case_of(
        "one",
        made_up(
            metrics={
                "network_share_peak": [0.1, 0.2, 0.3, 0.4],
                "bitcoin_mined": [1.0, 2.0, 4.0, 8.0],
                "mine_mwh": [100.0, 400.0, 1600.0, 1600.0],
                "cost_per_bitcoin_usd": [10.0, 30.0, None, 20.0],
                "revenue_per_bitcoin_usd": [1.0, 2.0, 3.0, None],
                "npv_gain_over_grid_only_usd": [-3.0, -1.0, 2.0, 0.0],
            }
        ),
    )
    assert (case.name, case.start, case.years, case.money) == ("one", "2027-01-01", 2, "USD")
    assert case.network_share_peak == pytest.approx(0.25)
    assert case.bitcoin_mined == 3.0
    # A cost that a path lacks sorts high, a revenue low: the bad end both times.
    assert case.cost_per_bitcoin_usd == 25.0
    assert case.revenue_per_bitcoin_usd == 1.5
    assert case.value_of_mining_usd == -0.5
    assert case.probability_of_gain_by_mining == 0.25  # zero is no gain
    # 100, 200, 400 and 200 MWh a bitcoin: 200, at 12 g of a nuclear plant 2.4 t.
    assert case.emissions is not None
    assert case.emissions.p50 == pytest.approx(2.4, rel=1e-12)
    assert case.notes == ()


def test_plant_and_mine_are_those_in_use() -> None:
    model = baseload.load(Path(__file__).parents[2] / "scenarios" / "small.toml").model
    case = case_of("one", made_up())
    assert case.technology == model.plant.technology
    assert case.plant_mw == sum(unit.net_mw.quantile(0.5) for unit in model.plant.units)
    assert case.mine_mw == sum(batch.mine_mw.quantile(0.5) for batch in model.fleet)
    scenario = baseload.load(Path(__file__).parents[2] / "scenarios" / "small.toml")
    fewer = scenario.with_({"fleet.0.enabled": False, "plant.units.0.enabled": False})
    less = case_of("less", made_up(fewer.text))
    assert less.mine_mw == model.fleet[1].mine_mw.quantile(0.5)
    assert less.plant_mw == model.plant.units[1].net_mw.quantile(0.5)


def test_a_mine_that_may_import_has_no_emissions_and_says_why() -> None:
    scenario = baseload.load(Path(__file__).parents[2] / "scenarios" / "small.toml")
    own = scenario.with_({"grid.mine_may_import": False})
    bought = scenario.with_({"grid.mine_may_import": True})
    metrics: dict[str, list[float | None]] = {"bitcoin_mined": [1.0] * 4, "mine_mwh": [9.0] * 4}
    assert case_of("own", made_up(own.text, metrics)).emissions is not None
    case = case_of("bought", made_up(bought.text, metrics))
    assert case.emissions is None
    assert "may import" in case.notes[0]


@pytest.mark.parametrize("text", ["", "no = [toml", "title = 'of another version'\nnew_key = 1\n"])
def test_a_scenario_that_cannot_be_read_leaves_the_figures_of_the_paths(text: str) -> None:
    case = case_of("odd", made_up(text, {"bitcoin_mined": [5.0] * 4}))
    assert without_plant(case)
    assert (case.emissions, case.decides) == (None, None)
    assert case.bitcoin_mined == 5.0
    assert len(case.notes) == 1


def test_a_study_that_lacks_a_metric_has_none_of_it() -> None:
    study = made_up()
    lacking = dataclasses.replace(study, metrics=study.metrics.drop("mine_mwh", "npv_usd"))
    case = case_of("old", lacking)
    assert case.emissions is None
    assert "energy or bitcoin" in case.notes[0]
    gainless = dataclasses.replace(study, metrics=study.metrics.drop("npv_gain_over_grid_only_usd"))
    assert case_of("old", gainless).probability_of_gain_by_mining is None


def test_who_leads_is_what_the_scenario_says() -> None:
    case = case_of("led", made_up(SMALL + LED_BY))
    assert (case.decides, case.pays) == ("A ministry decides.", "A bank pays.")
    assert (case.limits, case.source) == ("A law forbids more.", "made up for this test, 2026")
    nobody = case_of("nobody", made_up())
    assert (nobody.decides, nobody.pays, nobody.limits, nobody.source) == (None,) * 4


def test_the_comparison_holds_the_cases_in_its_order_and_in_its_object() -> None:
    found = baseload.compare(
        made_up(metrics={"bitcoin_mined": [1.0] * 4, "mine_mwh": [500.0] * 4}), made_up("", years=3)
    )
    assert [case.name for case in found.side_by_side] == list(found.names)
    told = found.to_json()
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    first, second = told["side_by_side"]
    assert first["emissions"]["p50"] == 6.0
    assert first["emissions"]["grams_per_kwh"]["median"] == 12.0
    assert second["technology"] is None
    assert second["years"] == 3


def case(name: str, **changes: Any) -> Case:
    """A case whose figures are as wide as they come."""
    given: dict[str, Any] = {
        "name": name,
        "start": "2027-01-01",
        "years": 60,
        "money": "USD 2026, real",
        "technology": "geothermal",
        "plant_mw": 123_456.7,
        "mine_mw": 99_999.4,
        "network_share_peak": 0.99994,
        "bitcoin_mined": 999_999.0,
        "cost_per_bitcoin_usd": 12_345_678.9,
        "revenue_per_bitcoin_usd": 987_654.3,
        "emissions": emissions_per_bitcoin("hydro", [98_765.4], [1.0]),
        "value_of_mining_usd": -987_654_321_000.0,
        "probability_of_gain_by_mining": 0.004,
        "decides": "word " * 30,
        "pays": "long " * 35,
        "limits": "law " * 40,
        "source": "made up, 2026",
        "notes": ("something is not known, and this is the reason for it " * 2,),
    }
    return Case(**{**given, **changes})


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 9])
def test_the_block_fits_80_columns_whatever_is_in_it(count: int) -> None:
    lines = "\n".join(side_by_side_lines([case(str(at)) for at in range(count)])).splitlines()
    assert max(map(len, lines)) <= 80, lines
    # Each is numbered once in the heads of the tables.
    heads = [line.split() for line in lines if line.strip() and not line.strip(" 0123456789")]
    assert [int(place) for head in heads for place in head] == list(range(1, count + 1))


def test_a_row_is_what_it_says() -> None:
    lines = "\n".join(
        side_by_side_lines(
            [
                case(
                    "one",
                    network_share_peak=0.374,
                    emissions=emissions_per_bitcoin("nuclear", [500.0], [1.0]),
                    value_of_mining_usd=-594e6,
                    probability_of_gain_by_mining=0.12,
                    mine_mw=0.967,
                ),
                case("two", emissions=None, cost_per_bitcoin_usd=None, technology=None),
            ]
        )
    ).splitlines()
    rows = {line[:21].strip(): line[21:].split() for line in lines[2:15]}
    assert rows["highest share, %"] == ["37.4", "100"]
    assert rows["t CO2e/BTC"] == ["6", "none"]
    assert rows["range of studies"] == ["1.85-55"]
    assert rows["mining, million USD"] == ["-594", "-987,654"]
    assert rows["gains on"][:2] == ["12", "%"]
    assert rows["mine, MW"][0] == "0.967"
    assert rows["costs, USD/BTC"][1] == "none"
    assert rows["technology"] == ["geothermal", "not", "told"]


def test_who_leads_stands_below_and_only_where_somebody_says_it() -> None:
    silent = {"decides": None, "pays": None, "limits": None}
    lines = side_by_side_lines([case("one", **silent), case("two", **{**silent, "pays": "We."})])
    assert "who pays:" in lines
    assert lines[lines.index("who pays:") + 1 :][:2] == ["  1  not stated", "  2  We."]
    assert "who decides:" not in lines
    assert "limits:" not in lines


def test_a_sentence_that_several_cases_share_is_said_once() -> None:
    lines = side_by_side_lines(
        [case("a", pays="We."), case("b", pays="You."), case("c", pays="We.")]
    )
    assert lines[lines.index("who pays:") + 1 :][:2] == ["  1, 3  We.", "  2  You."]


def test_a_scenario_without_a_mine_has_none() -> None:
    scenario = baseload.load(Path(__file__).parents[2] / "scenarios" / "small.toml")
    found = case_of("none", made_up(scenario.with_({"fleet": []}).text))
    assert found.mine_mw == 0.0
    assert found.emissions is not None
    assert found.emissions.p50 is None


def test_the_block_stands_before_the_differences() -> None:
    text = comparison_text(baseload.compare(made_up(SMALL + LED_BY), made_up()))
    lines = text.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines.index("side by side; medians over the paths") < lines.index(
        "4 paths, seed 7; means over the paths"
    )
    assert "  1  A ministry decides." in lines


def test_cases_of_other_horizons_and_starts_stand_side_by_side_with_a_warning() -> None:
    found = baseload.compare(made_up(), made_up(start="2021-07-01", years=10))
    lines = comparison_text(found).splitlines()
    (starts,) = [line.split() for line in lines if line.startswith("first day")]
    (years,) = [line.split() for line in lines if line.startswith("years  ")]
    assert starts[-2:] == ["2027-01-01", "2021-07-01"]
    assert years[-2:] == ["2", "10"]
    assert any("horizons of unequal length" in warning for warning in found.warnings)
    assert any("first days" in warning for warning in found.warnings)
