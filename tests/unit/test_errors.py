"""The one template for faults, their order, and the nearest spelling."""

import pickle

import pytest

from baseload.errors import (
    INTERRUPTED,
    Fault,
    FieldFault,
    InputError,
    MachineFault,
    nearest,
    raise_all,
)

POWER = Fault(
    "zaporizhzhia.toml",
    38,
    1,
    "fleet.0.mine_mw",
    "-1500",
    "a number above 0 [MW], or a distribution whose values are all above 0",
)
LIFETIME = Fault(
    "zaporizhzhia.toml",
    41,
    1,
    "fleet.0.lifetime_year",
    "a key that fleet does not have",
    nearest="lifetime_years",
)


def test_text_is_the_template_with_faults_in_order_of_place() -> None:
    assert str(InputError(LIFETIME, POWER)) == (
        "zaporizhzhia.toml:38:1  fleet.0.mine_mw\n"
        "  found    -1500\n"
        "  allowed  a number above 0 [MW], or a distribution whose values are all above 0\n"
        "zaporizhzhia.toml:41:1  fleet.0.lifetime_year\n"
        "  found    a key that fleet does not have\n"
        "  nearest  lifetime_years"
    )


def test_places_are_ordered_as_numbers_and_faults_without_a_line_come_last() -> None:
    faults = [
        Fault("--set", None, None, "d", "x"),
        Fault("a.toml", 10, 1, "c", "x"),
        Fault("a.toml", 9, 12, "b", "x"),
        Fault("a.toml", 9, 2, "a", "x"),
    ]
    assert [fault.field for fault in InputError(*faults).faults] == ["a", "b", "c", "d"]


def test_a_fault_that_is_found_twice_is_told_once() -> None:
    assert InputError(POWER, POWER).faults == (POWER,)


def test_a_fault_without_line_shows_the_file_alone() -> None:
    assert str(Fault("--set", None, None, "pue", "0")) == "--set  pue\n  found    0"
    assert str(Fault("a.toml", 3, 4, "", "x")) == "a.toml:3:4\n  found    x"
    assert str(Fault(None, None, None, "pue", "0", note="n")) == ("pue\n  found    0\n  note     n")


def test_lines_of_a_long_text_stay_in_their_column() -> None:
    assert str(Fault(None, None, None, "pue", "one\ntwo")) == (
        "pue\n  found    one\n           two"
    )


def test_exit_codes_tell_input_from_machine() -> None:
    assert (InputError.exit_code, MachineFault.exit_code, INTERRUPTED) == (2, 1, 130)


def test_an_error_without_fault_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="at least one"):
        InputError()


def test_collected_faults_are_raised_together_and_none_is_no_error() -> None:
    raise_all([])
    with pytest.raises(InputError) as caught:
        raise_all(fault for fault in (POWER, LIFETIME))
    assert caught.value.faults == (POWER, LIFETIME)


def test_errors_survive_the_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(InputError(POWER, LIFETIME)))
    assert isinstance(error, InputError)
    assert error.faults == (POWER, LIFETIME)


def test_machine_fault_says_what_where_why_and_what_to_do() -> None:
    fault = MachineFault(
        "the run folder could not be written",
        where="/srv/runs",
        why="No space left on device",
        what_to_do="free 200 MB",
    )
    assert str(fault) == (
        "the run folder could not be written\n"
        "  where    /srv/runs\n"
        "  why      No space left on device\n"
        "  do       free 200 MB"
    )


def test_field_fault_is_a_value_error_so_that_validators_may_raise_it() -> None:
    fault = FieldFault(allowed="at most 5", at=("net_mw",))
    assert isinstance(fault, ValueError)
    assert str(fault) == "at most 5"


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("lifetime_year", "lifetime_years"),
        ("Lifetime-Years", "lifetime_years"),
        ("geometric_brownian", "geometric-brownian"),
        ("mine", "mine_mw"),
        ("price", "price_usd_per_th"),
        ("governor", ""),
        ("", ""),
        ("x" * 5000, ""),
    ],
)
def test_nearest_spelling(word: str, found: str) -> None:
    options = ["lifetime_years", "mine_mw", "price_usd_per_th", "geometric-brownian"]
    assert nearest(word, options) == found


def test_a_beginning_that_two_options_share_is_no_hint() -> None:
    assert nearest("cost", ["cost_usd_million_per_year", "cost_of_capital_per_year"]) == ""
