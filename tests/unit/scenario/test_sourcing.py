"""Which figures have a source, by addresses with and without names, and what is no source."""

import tomllib
from datetime import date
from typing import Any

import pytest

from baseload.scenario.sourcing import malformed, unsourced

SOURCE = "operator's register, 2026-05-01; read 2026-11-24"


def scenario(sources: dict[str, Any]) -> dict[str, Any]:
    """Two units, a project and a line, with these sources."""
    document = tomllib.loads(
        """
        title = "a plant of 1984"
        start = 2027-01-01
        phase = "ceasefire"
        [plant]
        trips_units = true
        [[plant.units]]
        name = "ZNPP-1"
        net_mw = 950
        licences = [{ regulator = "joint", from = 2027-01-01 }]
        [[plant.units]]
        name = "7"
        net_mw = { pert = [900, 940, 950] }
        [[plant.projects]]
        name = "make-up water, first stage"
        months = { lognormal = { median = 12, p95 = 24 } }
        [grid.price]
        level = 80
        shares = [0.1, 0.9]
        caps = [{ from = 2027-01-01, usd_per_mwh = 213.5 }]
        """
    )
    document["sources"] = sources
    return document


def test_without_sources_every_figure_is_listed_once_in_order() -> None:
    assert unsourced(scenario({})) == [
        "start",
        "phase",
        "plant.units[ZNPP-1].net_mw",
        "plant.units[ZNPP-1].licences.0.from",
        'plant.units["7"].net_mw',
        "plant.projects[make-up water, first stage].months",
        "grid.price.level",
        "grid.price.shares",
        "grid.price.caps.0.from",
        "grid.price.caps.0.usd_per_mwh",
    ]


def test_texts_and_truth_values_are_no_figures() -> None:
    assert unsourced({"title": "1984", "plant": {"trips_units": True, "name": "of 1984"}}) == []


def test_a_scenario_without_the_section_has_no_sources() -> None:
    assert unsourced({"start": date(2027, 1, 1)}) == ["start"]
    assert malformed({"start": date(2027, 1, 1)}) == []


@pytest.mark.parametrize(
    ("key", "gone"),
    [
        ("start", {"start"}),
        ("phase", {"phase"}),
        ("plant.units.net_mw", {"plant.units[ZNPP-1].net_mw", 'plant.units["7"].net_mw'}),
        ("plant.units[ZNPP-1].net_mw", {"plant.units[ZNPP-1].net_mw"}),
        ("plant.units.0.net_mw", {"plant.units[ZNPP-1].net_mw"}),
        ("plant.units[7].net_mw", {'plant.units["7"].net_mw'}),
        ("plant.units[7].net_mw.pert", {'plant.units["7"].net_mw'}),
        ("plant.units.licences", {"plant.units[ZNPP-1].licences.0.from"}),
        ("plant.units.licences.from", {"plant.units[ZNPP-1].licences.0.from"}),
        (
            "plant.projects[make-up water, first stage]",
            {"plant.projects[make-up water, first stage].months"},
        ),
        (
            "grid.price",
            {
                "grid.price.level",
                "grid.price.shares",
                "grid.price.caps.0.from",
                "grid.price.caps.0.usd_per_mwh",
            },
        ),
    ],
)
def test_a_line_covers_its_address_and_everything_below(key: str, gone: set[str]) -> None:
    with_line = scenario({key: SOURCE})
    assert set(unsourced(scenario({}))) - set(unsourced(with_line)) == gone
    assert malformed(with_line) == []


@pytest.mark.parametrize(
    "key",
    [
        "grid.pric",
        "grid.price.level.low",
        "plant.units[ZNPP-2].net_mw",
        "plant.trips_units",
        "title",
        "net_mw",
        "plant.units[",
        "",
    ],
)
def test_a_line_that_addresses_no_figure_is_malformed(key: str) -> None:
    document = scenario({key: SOURCE})
    assert malformed(document) == [key]
    assert unsourced(document) == unsourced(scenario({}))


@pytest.mark.parametrize(
    "value",
    [
        "register of the operator",
        "assumed: a guess",
        "assumed:",
        "",
        "since 12025",
        "read 202",
        2026,
    ],
)
def test_a_value_that_is_no_source_is_malformed(value: object) -> None:
    assert malformed(scenario({"start": value})) == ["start"]


@pytest.mark.parametrize(
    "value", [SOURCE, "Energoatom, 2022", "assumed: nobody has published it", "1999"]
)
def test_a_year_or_a_reason_makes_a_source(value: str) -> None:
    assert malformed(scenario({"start": value})) == []


def test_a_part_of_a_distribution_covers_only_that_part() -> None:
    document = scenario({"plant.projects.months.lognormal.median": SOURCE})
    assert "plant.projects[make-up water, first stage].months" in unsourced(document)
