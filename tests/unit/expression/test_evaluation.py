"""What expressions come to: three-valued over paths, kinds checked, nothing silently false."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

import numpy as np
import pytest

from baseload.errors import InputError
from baseload.expression import STANDARD, Function, Truths, check, evaluate, kind_of, parse
from baseload.expression.faults import ArgumentFault
from baseload.expression.functions import wilson
from baseload.expression.values import Numbers, numbers

NAMES: dict[str, Any] = {
    "share": np.array([0.05, 0.10, 0.20, np.nan]),
    "flag": np.array([True, False, True, False]),
    "years": 20,
    "none": None,
    "operator": "United States",
    "members": frozenset({"Ukraine", "United States"}),
    "start": date(2027, 1, 1),
    "ready": True,
}


def value(text: str, **more: Any) -> Any:
    return evaluate(parse(text), NAMES | more)


def over_paths(text: str, **more: Any) -> list[bool | None]:
    found = value(text, **more)
    assert isinstance(found, Truths)
    return [
        True if true else False if false else None
        for true, false in zip(found.true, found.false, strict=True)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3 - 4 / 2", 5.0),
        ("-2 * -3", 6.0),
        ("abs(-3) + max(1, 2, 3) - min(4, 5)", 2.0),
        ("1 / 0", None),
        ("1e308 * 10 > 0", None),
        ("1 / 0 > 0 or true", True),
        ("1 / 0 > 0 and false", False),
        ("1 / 0 > 0 and true", None),
        ("not (1 / 0 > 0)", None),
        ("none = none", None),
        ("none != 1", None),
        ("defined(none)", False),
        ("defined(years)", True),
        ("years between 20 and 20", True),
        ("years not between 21 and 30", True),
        ('operator is not "Russia"', True),
        ('"Ukraine" in members and "Russia" not in members', True),
        ('operator in ("Russia", "United States")', True),
        ('members = ("United States", "Ukraine")', True),
        ("start < 2027-12-31 and start between 2027-01-01 and 2028-01-01", True),
        ("ready = true", True),
        ("ready != true", False),
        ("ready and not false", True),
        ("probability(true)", 1.0),
        ("median(3) + mean(3) + quantile(3, 0.9)", 9.0),
        ("start", date(2027, 1, 1)),
        ("operator", "United States"),
        ("members", frozenset({"Ukraine", "United States"})),
        ('""', ""),
    ],
)
def test_one_value_comes_to(text: str, expected: Any) -> None:
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


def test_a_comparison_with_what_has_no_value_is_undefined_and_never_false() -> None:
    assert over_paths("share > 0.07") == [False, True, True, None]
    assert over_paths("share = 0.10") == [False, True, False, None]
    assert over_paths("share != 0.10") == [True, False, True, None]
    assert over_paths("not share > 0.07") == [True, False, False, None]
    assert over_paths("share between 0.1 and 0.2") == [False, True, True, None]
    assert over_paths("share > 0.07 and flag") == [False, False, True, False]
    assert over_paths("share > 0.07 or flag") == [True, True, True, None]
    assert over_paths("defined(share)") == [True, True, True, False]
    assert over_paths("flag = true") == [True, False, True, False]


def test_numbers_over_paths_keep_their_gaps() -> None:
    found = value("2 * share")
    assert found[:3].tolist() == [0.1, 0.2, 0.4]
    assert math.isnan(found[3])
    assert np.isnan(value("share / (share - share)")).all()


def test_a_probability_over_paths_without_a_value_is_known_within_a_band_only() -> None:
    # One of four paths is undefined: between two and three quarters.
    assert value("probability(share > 0.07)") is None
    assert value("probability(share > 0.07) > 0.4") is True
    assert value("probability(share > 0.07) > 0.8") is False
    assert value("probability(share > 0.07) > 0.6") is None
    assert value("1 - probability(share > 0.07) < 0.6") is True
    # Each probability may be at either end by itself, so that a difference is not certain.
    assert value("probability(share > 0.07) - probability(share > 0.15) > 0.1") is None
    assert value("probability(share > 0.07) * 2 between 1 and 1.5") is True
    assert value("abs(probability(share > 0.07) - 0.6) < 0.16") is True
    assert value("max(probability(share > 0.07), 0.9) = 0.9") is True
    assert value("1 / (probability(share > 0.07) - 0.6) > 0") is None
    assert value("-probability(share > 0.07) < -0.4") is True
    assert value("probability(flag) = 0.5 and share_of_paths(flag) = 0.5") is True


def test_quantiles_lie_between_what_has_no_value_at_either_end() -> None:
    assert value("median(share) between 0.07 and 0.16") is True  # 0.075 or 0.15
    assert value("quantile(share, 0) <= 0.05") is True
    assert value("quantile(share, 1) > 0.1") is True
    assert value("quantile(share, 1) > 0.3") is None
    assert value("mean(share)") is None
    assert value("mean_where_defined(share)") == pytest.approx(0.35 / 3, rel=1e-15)
    full = np.array([4.0, 1.0, 2.0, 3.0])
    assert value("median(x)", x=full) == 2.5
    assert value("quantile(x, 0.9)", x=full) == pytest.approx(np.quantile(full, 0.9), rel=1e-15)
    assert value("mean(x)", x=full) == 2.5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("shar > 1", ["the unknown name shar", "nearest  share"]),
        ("foo(1) > 1", ["foo( ), an unknown function", "probability"]),
        ("medain(share) > 1", ["medain( )", "nearest  median"]),
        ("share(1) > 1", ["share( ), a value, not a function"]),
        ("median > 1", ["the function median without ( )"]),
        ("median() > 1", ["median of 0 values", "1 values"]),
        ("median(1, 2) > 1", ["median of 2 values"]),
        ("min(1) > 1", ["min of 1 values", "at least 2 values"]),
        ('share > "1"', ["a number and a text at >", "numbers, or days, on both sides"]),
        ("share = start", ["a number beside a day"]),
        ("operator > operator", ["a text at >"]),
        ("ready < ready", ["a truth (true or false) at <"]),
        ("share + operator = 1", ["a text", "a number beside +"]),
        ("-operator = 1", ["a text", "a number behind -"]),
        ("not share", ["a number", "a truth (true or false) behind not"]),
        ("share and ready", ["a number", "beside and"]),
        ("operator in operator", ["a text in a text", "a text in a set of texts"]),
        ("1 in members", ["a number in a set of texts"]),
        ("years between start and 3", ["a number and a day at between"]),
        ("probability(share) > 1", ["a truth (true or false) as value 1 of probability"]),
        ("median(ready) > 1", ["a number as value 1 of median"]),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(text: str, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        value(text)
    assert len(caught.value.faults) == 1
    for word in words:
        assert word in str(caught.value)
    assert "at character" in str(caught.value)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        value('shar > 1 and start = "x" and foo(2)')
    assert len(caught.value.faults) == 3


def test_no_name_at_all_is_said_so() -> None:
    with pytest.raises(InputError, match="no name at all"):
        check(parse("a"), {})


@pytest.mark.parametrize("at", ["1.5", "-0.1", "share"])
def test_a_quantile_is_of_a_share_from_0_to_1(at: str) -> None:
    with pytest.raises(InputError, match="from 0 to 1 as the second value of quantile"):
        value(f"quantile(share, {at}) > 0")


def test_values_of_different_lengths_are_refused() -> None:
    with pytest.raises(InputError, match="the same paths for all names"):
        value("share > other", other=np.zeros(3))


@pytest.mark.parametrize(
    "wrong", [np.zeros((2, 2)), np.zeros(0), [1j], object(), datetime(2027, 1, 1)]
)
def test_what_is_no_value_is_an_error_of_ours(wrong: Any) -> None:
    with pytest.raises(TypeError):
        kind_of(wrong)


def test_a_function_that_is_not_there_yet_is_refused_when_it_is_called() -> None:
    later = Function(("date",), "number", None)
    with pytest.raises(InputError, match="not there yet"):
        evaluate(parse("by(2027-12-31) > 0"), {}, {"by": later})


def test_a_function_says_what_it_cannot_take_at_its_place() -> None:
    def picky(of: Numbers) -> Numbers:
        raise ArgumentFault("that", "this", "these")

    with pytest.raises(InputError) as caught:
        evaluate(parse("1 < picky(2)"), {}, {"picky": Function(("number",), "number", picky)})
    (fault,) = caught.value.faults
    assert (fault.found, fault.allowed, fault.nearest) == ("that at character 5", "this", "these")


def test_a_text_that_a_function_lists_is_checked_before_anything_runs() -> None:
    one = Function(("text",), "number", lambda text: numbers(1.0), one_of={0: ("north", "south")})
    assert evaluate(parse('at("north")'), {}, {"at": one}) == 1.0
    with pytest.raises(InputError, match="nearest  north"):
        check(parse('at("nort") = 1'), {}, {"at": one})


def test_wilsons_interval_is_that_of_newcombes_table() -> None:
    # R. G. Newcombe, Statistics in Medicine 17, 1998, table I, method 3.
    for successes, trials, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)
    assert wilson(20, 20) == pytest.approx((1 - 0.1611, 1.0), abs=5e-5)


def test_noise_covers_the_true_quantile_nineteen_times_in_twenty() -> None:
    call = STANDARD["quantile"].with_noise
    assert call is not None
    generator = np.random.default_rng(7)
    covered = 0
    for _ in range(400):
        found = call(numbers(generator.random(400)), numbers(0.9))
        covered += bool(found.low <= 0.9 <= found.high)
    assert 0.92 * 400 <= covered <= 0.98 * 400


def test_few_paths_leave_the_ends_of_a_distribution_open() -> None:
    call = STANDARD["quantile"].with_noise
    assert call is not None
    found = call(numbers(np.arange(10.0)), numbers(0.95))
    assert math.isinf(found.high)
    mean = STANDARD["mean"].with_noise
    assert mean is not None
    one = mean(numbers(np.array([3.0])))
    assert (float(one.low), float(one.high)) == (-math.inf, math.inf)
