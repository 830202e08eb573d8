"""The public dispatch by hand: order of uses, shapes, what it accepts, and one clear error each."""

from __future__ import annotations

import re
import subprocess
import sys
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import baseload.dispatch
from baseload.dispatch import DispatchedHours, dispatch_hours
from baseload.errors import InputError

Floats = npt.NDArray[np.float64]

# Three hours and two batches, the second worth more.
GIVEN: dict[str, Any] = {
    "available_mw": [1000.0, 1000.0, 300.0],
    "firm_mw": [400.0, 400.0, 400.0],
    "price_usd_per_mwh": [60.0, -5.0, 60.0],
    "export_limit_mw": [200.0, 200.0, 200.0],
    "batch_mw": [500.0, 300.0],
    "batch_value_usd_per_mwh": [50.0, 80.0],
}


def dispatched(**changes: Any) -> DispatchedHours:
    return dispatch_hours(**(GIVEN | changes))


def one_hour(
    surplus_mw: float,
    price_usd_per_mwh: float,
    export_limit_mw: float,
    *batches: tuple[float, float],
) -> tuple[list[float], float, float, float]:
    """Mined, exported, curtailed and value of an hour; batches are pairs of power and value."""
    found = dispatch_hours(
        [surplus_mw],
        [0.0],
        [price_usd_per_mwh],
        export_limit_mw,
        [power for power, _ in batches],
        [value for _, value in batches],
    )
    return (
        found.mined_mw[0].tolist(),
        found.exported_mw[0],
        found.curtailed_mw[0],
        found.value_usd,
    )


def same(left: DispatchedHours, right: DispatchedHours) -> bool:
    return left.value_usd == right.value_usd and all(
        np.array_equal(a, b) for a, b in zip(left[:-1], right[:-1], strict=True)
    )


def test_firm_load_comes_first_and_the_rest_goes_to_the_best_use_of_each_hour() -> None:
    found = dispatched()
    assert found.served_mw.tolist() == [400, 400, 300]
    assert found.unserved_mw.tolist() == [0, 0, 100]
    assert found.mined_mw.tolist() == [[100, 300], [300, 300], [0, 0]]
    assert found.exported_mw.tolist() == [200, 0, 0]
    assert found.curtailed_mw.tolist() == [0, 0, 0]
    # 300 x 80 + 200 x 60 + 100 x 50, then 300 x 80 + 300 x 50; firm load has no price.
    assert found.value_usd == 41_000 + 39_000


def test_the_result_is_a_named_tuple_in_the_order_that_the_documentation_states() -> None:
    found = dispatched()
    assert found._fields == (
        "served_mw",
        "unserved_mw",
        "mined_mw",
        "exported_mw",
        "curtailed_mw",
        "value_usd",
    )
    assert [part.shape for part in found[:-1]] == [(3,), (3,), (3, 2), (3,), (3,)]
    assert all(part.dtype == np.float64 for part in found[:-1])
    assert type(found.value_usd) is float


def test_batches_come_before_export_and_the_lower_index_first_where_worth_is_equal() -> None:
    found = one_hour(100, 50.0, 80, (30, 50.0), (40, 50.0), (50, 50.0))
    assert found == ([30, 40, 30], 0, 0, 5000)
    assert one_hour(150, 50.0, 80, (30, 50.0), (40, 50.0)) == ([30, 40], 80, 0, 7500)


def test_equal_batches_keep_their_order_however_many_there_are() -> None:
    # Sorting methods that do not keep it often do so for a handful.
    values = [50.0 if k % 3 else 60.0 for k in range(500)]
    found = dispatch_hours([1000.0], [0.0], [55.0], 0.0, [4.0] * 500, values)
    first = [k for k in range(500) if k % 3 == 0]
    then = [k for k in range(500) if k % 3]
    assert set(np.flatnonzero(found.mined_mw[0])) == {*first, *then[: 250 - len(first)]}


def test_export_comes_before_a_batch_that_is_worth_less_by_the_least_difference() -> None:
    just_less = float(np.nextafter(50.0, 0.0))
    mined, exported, _, _ = one_hour(100, 50.0, 80, (70, just_less))
    assert (mined, exported) == ([20], 80)


def test_a_use_worth_less_than_zero_is_curtailed_and_one_worth_zero_is_made() -> None:
    assert one_hour(100, -1.0, 80, (30, -0.5)) == ([0], 0, 100, 0)
    assert one_hour(100, 0.0, 50, (30, 0.0)) == ([30], 50, 20, 0)
    assert one_hour(100, -0.0, 50, (30, -0.0)) == ([30], 50, 20, 0)
    assert one_hour(100, -1.0, 80, (30, 0.0), (20, -1e-300)) == ([30, 0], 0, 70, 0)


def test_what_no_use_has_room_for_is_curtailed() -> None:
    assert one_hour(100, 10.0, 20, (30, 5.0)) == ([30], 20, 50, 350)


def test_a_plant_without_surplus_mines_and_sells_nothing() -> None:
    assert one_hour(0, 10.0, 20, (30, 5.0)) == ([0], 0, 0, 0)


def test_a_batch_of_no_power_and_a_line_of_no_power_take_nothing() -> None:
    assert one_hour(100, 90.0, 0, (0, 80.0), (60, 70.0)) == ([0, 60], 0, 40, 4200)


def test_without_a_batch_only_the_line_takes_the_surplus() -> None:
    found = dispatched(batch_mw=[], batch_value_usd_per_mwh=[])
    assert found.mined_mw.shape == (3, 0)
    assert found.exported_mw.tolist() == [200, 0, 0]
    assert found.curtailed_mw.tolist() == [400, 600, 0]
    assert found.value_usd == 12_000
    assert same(found, dispatched(batch_mw=[], batch_value_usd_per_mwh=np.zeros((3, 0))))


def test_values_hour_by_hour_change_the_order_hour_by_hour() -> None:
    found = dispatched(batch_value_usd_per_mwh=[[50, 80], [80, -1], [80, 80]])
    assert found.mined_mw.tolist() == [[100, 300], [500, 0], [0, 0]]
    assert found.curtailed_mw.tolist() == [0, 100, 0]
    assert found.value_usd == 41_000 + 40_000


def test_as_many_hours_as_batches_leave_no_doubt_about_what_is_meant() -> None:
    two_hours: dict[str, Any] = {
        field: GIVEN[field][:2]
        for field in ("available_mw", "firm_mw", "price_usd_per_mwh", "export_limit_mw")
    }
    by_batch = dispatched(**two_hours, batch_value_usd_per_mwh=[50, 80])
    assert same(by_batch, dispatched(**two_hours, batch_value_usd_per_mwh=[[50, 80], [50, 80]]))


def test_one_limit_stands_for_all_hours() -> None:
    for limit in (200, 200.0, np.float32(200), np.array(200)):
        assert same(dispatched(), dispatched(export_limit_mw=limit))


@pytest.mark.parametrize("values", [[50.0, 80.0], np.zeros((0, 2))], ids=["batch", "hour by hour"])
def test_no_hours_give_an_empty_result_worth_nothing(values: Any) -> None:
    found = dispatch_hours([], [], [], 200, [500, 300], values)
    assert [part.shape for part in found[:-1]] == [(0,), (0,), (0, 2), (0,), (0,)]
    assert found.value_usd == 0.0


def test_nothing_is_rounded() -> None:
    # No megawatt or dollar here has a short binary form, and each figure is one operation.
    found = dispatch_hours([0.3], [0.1], [1 / 3], 1.0, [0.1], [0.7])
    assert found.mined_mw[0, 0] == 0.1
    left = (0.3 - 0.1) - 0.1
    assert found.exported_mw[0] == left
    assert found.value_usd == 0.1 * 0.7 + left * (1 / 3)


def test_minus_zero_is_zero() -> None:
    found = dispatch_hours([-0.0, 5.0], [5.0, -0.0], [-0.0, -0.0], -0.0, [-0.0], [-0.0])
    assert not any(np.signbit(part).any() for part in found[:-1])
    assert not np.signbit(found.value_usd)


def backwards(values: Any) -> Floats:
    """The same figures in memory with a stride of minus two."""
    array = np.asarray(values, dtype=np.float64)
    wide = np.repeat(array.ravel()[::-1], 2)
    return wide[::-2].reshape(array.shape) if array.ndim == 1 else np.asfortranarray(array)


def read_only(values: Any) -> Floats:
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array


@pytest.mark.parametrize(
    "as_given",
    [
        list,
        tuple,
        np.array,
        read_only,
        backwards,
        lambda values: np.array(values, dtype=np.int32),
        lambda values: np.array(values, dtype=np.float32),
        lambda values: np.array(values, dtype=">f8"),
        lambda values: [Fraction(int(value)) for value in values],
        lambda values: np.ma.masked_array(values),
    ],
    ids=[
        "list",
        "tuple",
        "array",
        "read-only",
        "strided",
        "int32",
        "float32",
        "big-endian",
        "fractions",
        "masked",
    ],
)
def test_the_same_figures_give_the_same_answer_in_whatever_form_they_come(as_given: Any) -> None:
    assert same(dispatched(), dispatched(**{name: as_given(one) for name, one in GIVEN.items()}))


def test_columns_of_a_table_laid_out_the_other_way_are_read_right() -> None:
    values = np.array([[50.0, 80.0], [80.0, -1.0], [80.0, 80.0]])
    wanted = dispatched(batch_value_usd_per_mwh=values)
    assert same(wanted, dispatched(batch_value_usd_per_mwh=np.asfortranarray(values)))
    wide = np.zeros((6, 6))
    wide[::2, 1::3] = values
    assert same(wanted, dispatched(batch_value_usd_per_mwh=wide[::2, 1::3]))


@pytest.mark.parametrize("values", [[50.0, 80.0], [[50.0, 80.0], [80.0, -1.0], [-0.0, 80.0]]])
def test_arguments_are_left_as_they_are_and_share_no_memory_with_the_result(values: Any) -> None:
    arrays = {
        name: np.array(one) for name, one in (GIVEN | {"batch_value_usd_per_mwh": values}).items()
    }
    before = {name: one.tobytes() for name, one in arrays.items()}
    found = dispatch_hours(**arrays)
    for part in found[:-1]:
        assert not any(np.shares_memory(part, one) for one in arrays.values())
        part[...] = -1.0
    assert {name: one.tobytes() for name, one in arrays.items()} == before


@pytest.mark.parametrize(
    ("field", "given", "place", "found", "allowed"),
    [
        # Arrays of unequal length, and wrong numbers of dimensions.
        ("firm_mw", [400.0] * 2, "firm_mw", "shape (2,)", "shape (3,)"),
        ("price_usd_per_mwh", [60.0] * 4, "price_usd_per_mwh", "shape (4,)", "shape (3,)"),
        ("export_limit_mw", [200.0], "export_limit_mw", "shape (1,)", "shape () or (3,)"),
        ("price_usd_per_mwh", 60.0, "price_usd_per_mwh", "shape ()", "shape (3,)"),
        ("available_mw", [[1.0, 2.0, 3.0]], "available_mw", "shape (1, 3)", "shape (H,)"),
        ("batch_mw", 500.0, "batch_mw", "shape ()", "shape (K,)"),
        ("export_limit_mw", np.zeros((3, 1)), "export_limit_mw", "shape (3, 1)", "() or (3,)"),
        # Values of the wrong shape.
        ("batch_value_usd_per_mwh", [50.0] * 3, None, "shape (3,)", "shape (2,) or (3, 2)"),
        ("batch_value_usd_per_mwh", np.zeros((2, 3)), None, "shape (2, 3)", "(2,) or (3, 2)"),
        ("batch_value_usd_per_mwh", np.zeros((1, 2)), None, "shape (1, 2)", "(2,) or (3, 2)"),
        ("batch_value_usd_per_mwh", 50.0, None, "shape ()", "shape (2,) or (3, 2)"),
        ("batch_value_usd_per_mwh", np.zeros((3, 2, 1)), None, "shape (3, 2, 1)", "(3, 2)"),
        # What is not finite.
        ("available_mw", [1.0, np.nan, np.nan], "available_mw[1]", "nan", "finite number"),
        ("price_usd_per_mwh", [0, 0, -np.inf], "price_usd_per_mwh[2]", "-inf", "finite number"),
        ("export_limit_mw", np.inf, "export_limit_mw", "inf", "at least 0 [MW]"),
        ("batch_mw", [np.nan, 1.0], "batch_mw[0]", "nan", "at least 0 [MW]"),
        ("batch_value_usd_per_mwh", [1, np.inf], "batch_value_usd_per_mwh[1]", "inf", "[USD/MWh]"),
        (
            "batch_value_usd_per_mwh",
            [[1, 1], [1, np.nan], [np.nan, 1]],
            "batch_value_usd_per_mwh[1, 1]",
            "nan",
            "finite number [USD/MWh]",
        ),
        (
            "firm_mw",
            np.ma.masked_array([1.0] * 3, [False, True, False]),
            "firm_mw[1]",
            "nan",
            "finite",
        ),
        # Negative megawatts.
        ("available_mw", [5, -1, -2], "available_mw[1]", "-1.0", "at least 0 [MW]"),
        ("firm_mw", [-1e-300, 0, 0], "firm_mw[0]", "-1e-300", "at least 0 [MW]"),
        ("export_limit_mw", -3, "export_limit_mw", "-3.0", "at least 0 [MW]"),
        ("export_limit_mw", [0, 0, -3], "export_limit_mw[2]", "-3.0", "at least 0 [MW]"),
        ("batch_mw", [1, -1], "batch_mw[1]", "-1.0", "at least 0 [MW]"),
        # What is no number.
        ("available_mw", ["1", "2", "3"], "available_mw[0]", "'1'", "a number [MW]"),
        ("firm_mw", [1.0, None, 2.0], "firm_mw[1]", "None", "a number [MW]"),
        ("price_usd_per_mwh", None, "price_usd_per_mwh", "None", "a number [USD/MWh]"),
        ("price_usd_per_mwh", [1j, 0, 0], "price_usd_per_mwh[0]", "1j", "a number [USD/MWh]"),
        ("export_limit_mw", "200", "export_limit_mw", "'200'", "a number [MW]"),
        ("export_limit_mw", True, "export_limit_mw", "True", "a number [MW]"),
        ("batch_mw", [1, [2, 3]], "batch_mw", "rows of unequal length", "numbers [MW]"),
        ("batch_mw", [10**400, 1], "batch_mw", "cannot hold", "numbers [MW]"),
        ("batch_mw", {"a": 1}, "batch_mw", "{'a': 1}", "a number [MW]"),
        (
            "batch_value_usd_per_mwh",
            [[1, 1], [1, 1], [1, "x"]],
            "batch_value_usd_per_mwh[2, 1]",
            "'x'",
            "a number [USD/MWh]",
        ),
    ],
)
def test_bad_input_is_told_once_with_its_place_and_what_is_allowed(
    field: str, given: Any, place: str | None, found: str, allowed: str
) -> None:
    with pytest.raises(InputError) as caught:
        dispatched(**{field: given})
    faults = [one for one in caught.value.faults if one.field.startswith(field)]
    assert len(faults) == 1
    assert faults[0].field == (place or field)
    assert found in faults[0].found
    assert allowed in faults[0].allowed
    # What follows from the one fault is no second one.
    assert len(caught.value.faults) == 1


def test_the_note_of_a_fault_says_which_hour_and_which_batch() -> None:
    with pytest.raises(InputError, match=r"note +hour 2, batch 1, counted from 0"):
        dispatched(batch_value_usd_per_mwh=[[1, 1], [1, 1], [1, np.nan]])
    with pytest.raises(InputError, match=r"note +batch 1, counted from 0"):
        dispatched(batch_mw=[1, -1])
    with pytest.raises(InputError, match=r"note +available_mw has 3 hours, batch_mw 2 batches"):
        dispatched(firm_mw=[1])


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        dispatched(firm_mw=[1, -1, 1], price_usd_per_mwh=["x"] * 3, batch_mw=[1, np.nan])
    assert sorted(fault.field for fault in caught.value.faults) == [
        "batch_mw[1]",
        "firm_mw[1]",
        "price_usd_per_mwh[0]",
    ]


def test_a_value_that_no_float_holds_is_an_error_and_not_infinite() -> None:
    with pytest.raises(
        InputError, match=re.escape("value_usd\n  found    more than a float64 holds")
    ):
        dispatch_hours([1e300], [0], [1e300], 1e300, [], [])


def test_importing_the_function_loads_no_compiler() -> None:
    code = (
        "import sys\n"
        "import baseload.dispatch\n"
        "assert 'numpy' not in sys.modules\n"
        "from baseload.dispatch import dispatch_hours\n"
        "assert 'numba' not in sys.modules\n"
        "dispatch_hours([1], [0], [1], 1, [], [])\n"
        "assert 'numba' in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_modules_of_the_package_still_import_by_name() -> None:
    code = (
        "from baseload.dispatch import work\n"
        "from baseload.dispatch.kernels import dispatch_day, rank_slots\n"
        "import baseload.dispatch.kernels\n"
        "assert baseload.dispatch.work is work\n"
        "assert baseload.dispatch.kernels.dispatch_day is dispatch_day\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_package_has_no_names_but_its_own() -> None:
    assert set(baseload.dispatch.__all__) == {"DispatchedHours", "dispatch_hours"}
    with pytest.raises(AttributeError, match="has no attribute 'dispatch_days'"):
        baseload.dispatch.dispatch_days  # noqa: B018
