"""Addresses: rendered, parsed back, resolved, and written to."""

import copy
import datetime as dt
from typing import Any

import pytest

from baseload.errors import Fault, InputError
from baseload.scenario.address import (
    parse_address,
    parse_override,
    render_address,
    set_value,
    target,
)
from baseload.scenario.locate import KeyPath

ODD_NAMES = [
    "second 750 kV line",
    "Блок 1.5",
    "a]b",
    "[x]",
    'say "hi"',
    "7",
    " padded ",
    "",
    "-3",
    "two\nlines",
]
DOCUMENT: dict[str, Any] = {
    "plant": {
        "units": [
            {"name": "ZNPP-1", "net_mw": 950, "restart": {"months": {"uniform": [1, 2]}}},
            {"name": "ZNPP-2"},
        ],
    },
    "fleet": [{"mine_mw": 1500}, {"mine_mw": 2}],
    "odd": [{"name": name} for name in ODD_NAMES],
    "twins": [{"name": "a"}, {"name": "a"}],
    "sources": {"plant.units.net_mw": "x"},
    "start": dt.date(2027, 1, 1),
}


def the_fault(caught: pytest.ExceptionInfo[InputError]) -> Fault:
    assert len(caught.value.faults) == 1
    return caught.value.faults[0]


def test_items_with_a_name_go_by_name_and_others_by_index() -> None:
    path: KeyPath = ("plant", "units", 0, "restart", "months", "uniform", 1)
    assert render_address(path, DOCUMENT) == "plant.units[ZNPP-1].restart.months.uniform.1"
    assert render_address(("fleet", 0, "mine_mw"), DOCUMENT) == "fleet.0.mine_mw"
    assert render_address(("twins", 1), DOCUMENT) == "twins.1"
    assert render_address(("sources", "plant.units.net_mw")) == 'sources."plant.units.net_mw"'
    assert render_address(("plant", "units", 9, "net_mw"), DOCUMENT) == "plant.units.9.net_mw"
    assert render_address(("a", "\0")) == 'a."\\u0000"'
    assert render_address((), DOCUMENT) == ""


@pytest.mark.parametrize("index", range(len(ODD_NAMES)))
def test_every_name_survives_rendering_and_resolving(index: int) -> None:
    address = render_address(("odd", index, "name"), DOCUMENT)
    assert target(DOCUMENT, address) == ("odd", index, "name")
    assert address.isprintable()


def test_both_ways_to_write_an_index_and_a_name_are_read() -> None:
    assert target(DOCUMENT, "fleet[1].mine_mw") == target(DOCUMENT, "fleet.1.mine_mw")
    assert target(DOCUMENT, "plant.units.ZNPP-1.net_mw") == ("plant", "units", 0, "net_mw")
    assert target(DOCUMENT, "odd[7].name") == ("odd", 7, "name")
    assert target(DOCUMENT, 'odd["7"].name') == ("odd", 5, "name")
    assert target(DOCUMENT, 'sources."plant.units.net_mw"') == ("sources", "plant.units.net_mw")


@pytest.mark.parametrize(
    "text", ["", ".", "a.", "a..b", "[a]", "a[", "a[]", "a[b", 'a["b]', "a b", "a]b", 'a["b"c]']
)
def test_what_is_no_address_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_address(text)
    assert "plant.units[ZNPP-1].net_mw" in the_fault(caught).allowed


def test_an_endless_address_is_refused() -> None:
    with pytest.raises(InputError, match="more than 40 parts"):
        parse_address("a." * 5000 + "b")


def test_unknown_names_and_indices_are_told_with_the_nearest() -> None:
    with pytest.raises(InputError) as caught:
        target(DOCUMENT, "plant.units[ZNPP1].net_mw")
    assert the_fault(caught).nearest == "ZNPP-1"
    assert the_fault(caught).allowed == "ZNPP-1, ZNPP-2"
    with pytest.raises(InputError) as caught:
        target(DOCUMENT, "fleet.2.mine_mw")
    assert the_fault(caught).allowed == "an index from 0 to 1"
    with pytest.raises(InputError) as caught:
        target(DOCUMENT, "fleet.-1.mine_mw")
    assert the_fault(caught).found == "index -1"
    with pytest.raises(InputError) as caught:
        target(DOCUMENT, "twins[a]")
    assert "twins.0, twins.1" in the_fault(caught).allowed
    with pytest.raises(InputError) as caught:
        target(DOCUMENT, "start.year")
    assert "2027-01-01" in the_fault(caught).found


def test_setting_a_value_leaves_the_document_alone_and_copies_only_what_lies_on_the_way() -> None:
    before = copy.deepcopy(DOCUMENT)
    value = {"uniform": [800, 900]}
    changed = set_value(DOCUMENT, "plant.units[ZNPP-1].net_mw", value)
    value["uniform"].append(1)
    assert changed["plant"]["units"][0]["net_mw"] == {"uniform": [800, 900]}
    assert before == DOCUMENT
    assert changed["plant"]["units"] is not DOCUMENT["plant"]["units"]
    assert changed["fleet"] is DOCUMENT["fleet"]


def test_new_keys_and_the_tables_on_the_way_are_made_but_never_items() -> None:
    assert set_value(DOCUMENT, "finance.treasury.sell", 0.8)["finance"] == {
        "treasury": {"sell": 0.8}
    }
    assert set_value(DOCUMENT, "fleet.0.pue", 1.1)["fleet"][0] == {"mine_mw": 1500, "pue": 1.1}
    for address in ("fleet.2", "fleet.2.pue", "fleet[new].pue", "start.year"):
        with pytest.raises(InputError):
            set_value(DOCUMENT, address, 1)


@pytest.mark.parametrize(
    ("text", "address", "value"),
    [
        ("plant.governing_licence=joint", ("plant", "governing_licence"), "joint"),
        ("a=cold shutdown", ("a",), "cold shutdown"),
        ("fleet.0.mine_mw={uniform=[1,2]}", ("fleet", 0, "mine_mw"), {"uniform": [1, 2]}),
        ("a = 1_500", ("a",), 1500),
        ("a=-0.5e3", ("a",), -500.0),
        ("a=true", ("a",), True),
        ("a=True", ("a",), "True"),
        ("a=2028-06-01", ("a",), dt.date(2028, 6, 1)),
        ('a="1500"', ("a",), "1500"),
        ("a=x=y", ("a",), "x=y"),
        ("units[a=b].c=1", ("units", "a=b", "c"), 1),
        ('"a=b"=1', ("a=b",), 1),
        ("demand=[]", ("demand",), []),
        ("a=1,500", ("a",), "1,500"),
    ],
)
def test_override_is_an_address_and_a_toml_value_or_a_bare_word(
    text: str, address: KeyPath, value: Any
) -> None:
    assert parse_override(text) == (address, value)
    assert type(parse_override(text)[1]) is type(value)


@pytest.mark.parametrize(
    "text", ["", "a", "=1", "a=", "a=[1,", 'a="x', "a={b=1", "a=1\nb=2", "a=\udcff", "a b=1"]
)
def test_a_slip_in_an_override_is_told(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_override(text)
    assert the_fault(caught).file == "--set"


def test_a_number_that_no_computer_word_holds_is_refused_or_stays_text() -> None:
    # The schema then says that a text is no number; it must not reach a kernel.
    assert parse_override("a=99999999999999999999")[1] == "99999999999999999999"
