"""Settings in which scenarios differ: what counts as one, what it is called, what is left aside."""

from __future__ import annotations

import pytest

from baseload.errors import InputError
from baseload.gallery import scenario_names, scenario_path
from baseload.report.comparison_settings import NOT_STATED, settings_that_differ

BASE = """
title = "One"
years = 10
[plant]
technology = "hydro"
[[plant.units]]
name = "A"
net_mw = 100
[[plant.units]]
name = "B"
net_mw = 200
[network.price_usd.geometric-brownian]
start = 60000
median_growth_per_year = { uniform = [-0.05, 0.15] }
[sources]
years = "assumed: long enough"
"""


def found(*others: str) -> dict[str, tuple[str, ...]]:
    return {one.key: one.values for one in settings_that_differ((BASE, *others))}


def test_the_same_scenario_in_other_words_has_no_setting_that_differs() -> None:
    other = BASE.replace("60000", "60_000.0").replace('title = "One"', 'title = "Two"')
    assert found(other.replace("long enough", "short")) == {}


def test_a_value_a_distribution_and_a_named_item_are_told_by_their_keys() -> None:
    other = (
        BASE.replace("years = 10", "years = 5")
        .replace("{ uniform = [-0.05, 0.15] }", "0.0")
        .replace("net_mw = 200", "net_mw = 250")
    )
    assert found(other) == {
        "years": ("10", "5"),
        "plant.units[B].net_mw": ("200", "250"),
        "network.price_usd.geometric-brownian.median_growth_per_year": (
            "{ uniform = [-0.05, 0.15] }",
            "0.0",
        ),
    }


def test_units_in_another_order_are_the_same_units() -> None:
    first, second = '[[plant.units]]\nname = "A"\nnet_mw = 100\n', '[[plant.units]]\nname = "B"\n'
    swapped = BASE.replace(first, "").replace("[network", first + "[network")
    assert swapped.index('"B"') < swapped.index('"A"') and second in swapped
    assert found(swapped) == {}


def test_what_one_lacks_is_one_setting_and_not_each_of_its_keys() -> None:
    other = BASE + '[[fleet]]\nmodel = "antminer-s21"\nmine_mw = 40\n'
    assert found(other) == {
        "fleet": (NOT_STATED, '[{ model = "antminer-s21", mine_mw = 40 }]'),
    }


def test_true_is_not_one_and_a_day_is_not_a_number() -> None:
    texts = ("a = true\nb = 2027-01-01", "a = 1\nb = 2027")
    assert [one.key for one in settings_that_differ(texts)] == ["a", "b"]


def test_three_scenarios_have_three_values() -> None:
    other = BASE.replace("years = 10", "years = 5")
    assert found(BASE, other)["years"] == ("10", "10", "5")


def test_a_long_value_is_cut() -> None:
    other = BASE.replace('"hydro"', '"' + "x" * 10_000 + '"')
    assert len(found(other)["plant.technology"][1]) <= 160


@pytest.mark.parametrize("text", ["no = [toml", "\0"])
def test_a_text_that_is_no_scenario_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        found(text)


def test_any_two_of_the_gallery_can_be_set_beside_each_other() -> None:
    texts = [scenario_path(name).read_text(encoding="utf-8") for name in scenario_names()]
    keys = [one.key for one in settings_that_differ(texts)]
    assert "years" in keys and len(keys) == len(set(keys))
