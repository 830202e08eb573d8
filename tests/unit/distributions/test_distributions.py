"""The eight distributions: reading, describing, quantiles and moments against scipy."""

import itertools
import math
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from baseload.distributions import (
    Distribution,
    DistributionError,
    beta_quantile,
    parse_distribution,
)

PROBABILITIES = [1e-9, 1e-4, 0.03, 0.25, 0.5, 0.61, 0.9, 0.999, 1 - 1e-7]
SIGMA = math.log(3.5) / stats.norm.ppf(0.95)


def scipy_lognormal(median: float, sigma: float) -> Any:
    return stats.lognorm(sigma, scale=median)


CASES: dict[str, tuple[object, Any]] = {
    "uniform": ({"uniform": [-1, 3]}, stats.uniform(-1, 4)),
    "triangular": ({"triangular": [0.2, 0.6, 1.5]}, stats.triang(0.4 / 1.3, 0.2, 1.3)),
    "triangular, mode low": ({"triangular": [1, 1, 2]}, stats.triang(0, 1, 1)),
    "triangular, mode high": ({"triangular": [1, 2, 2]}, stats.triang(1, 1, 1)),
    "pert": ({"pert": [1, 2, 9]}, stats.beta(1.5, 4.5, 1, 8)),
    "pert, mode low": ({"pert": [0, 0, 1]}, stats.beta(1, 5)),
    "pert, mode high": ({"pert": [0, 1, 1]}, stats.beta(5, 1)),
    "normal": ({"normal": {"mean": -2, "sd": 3}}, stats.norm(-2, 3)),
    "normal, both ends": (
        {"normal": {"mean": 1, "sd": 2, "low": 0, "high": 1.5}},
        stats.truncnorm(-0.5, 0.25, 1, 2),
    ),
    "normal, upper tail": (
        {"normal": {"mean": 0, "sd": 1, "low": 6}},
        stats.truncnorm(6, np.inf),
    ),
    "normal, below": (
        {"normal": {"mean": 1, "sd": 2, "high": 0}},
        stats.truncnorm(-np.inf, -0.5, 1, 2),
    ),
    "lognormal": ({"lognormal": {"median": 2, "p95": 7}}, scipy_lognormal(2, SIGMA)),
    "lognormal of mean and sd": (
        {"lognormal": {"mean": 2, "sd": 0.5}},
        scipy_lognormal(2 / math.sqrt(1.0625), math.sqrt(math.log(1.0625))),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_quantiles_are_scipys(name: str) -> None:
    form, reference = CASES[name]
    distribution = parse_distribution(form)
    # The normal distribution function is good to 1e-8 relative in its tail, which scipy's is not
    # always either; 1e-7 of the value is far below what any input is known to.
    for u in PROBABILITIES:
        assert distribution.quantile(u) == pytest.approx(reference.ppf(u), rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("name", CASES)
def test_mean_and_standard_deviation_are_scipys(name: str) -> None:
    form, reference = CASES[name]
    distribution = parse_distribution(form)
    # scipy's own truncated moments lose digits far in the tail: hence not tighter than 1e-6.
    assert distribution.mean() == pytest.approx(reference.mean(), rel=1e-6)
    assert distribution.std() == pytest.approx(reference.std(), rel=1e-6)


def test_truncated_lognormal_has_the_moments_of_its_quantiles() -> None:
    distribution = parse_distribution({"lognormal": {"median": 2, "p95": 7, "low": 1, "high": 9}})
    values = np.array([distribution.quantile((i + 0.5) / 5000) for i in range(5000)])
    # Midpoint rule over 5,000 probabilities.
    assert distribution.mean() == pytest.approx(values.mean(), rel=1e-5)
    assert distribution.std() == pytest.approx(values.std(), rel=1e-4)
    assert values.min() >= 1.0 and values.max() <= 9.0


def test_narrow_truncation_behaves_like_a_uniform() -> None:
    narrow = parse_distribution({"normal": {"mean": 0, "sd": 1, "low": 0.5, "high": 0.5001}})
    assert narrow.mean() == pytest.approx(0.50005, abs=1e-8)
    assert narrow.std() == pytest.approx(1e-4 / math.sqrt(12), rel=1e-5)


def test_beta_quantile_matches_scipy_for_every_pert_shape() -> None:
    for a in (1.0, 1.2, 2.0, 3.0, 3.7, 4.6, 5.0):
        for u in (1e-15, 1e-9, *PROBABILITIES):
            # scipy's inverse is itself good to about 1e-10 out there.
            assert beta_quantile(u, a, 6.0 - a) == pytest.approx(
                stats.beta.ppf(u, a, 6.0 - a), rel=1e-9
            )
    assert beta_quantile(0.0, 2.0, 4.0) == 0.0
    assert beta_quantile(1.0, 2.0, 4.0) == 1.0


def test_discrete_quantile_is_the_first_value_that_reaches_the_probability() -> None:
    form = {"discrete": {"values": [3, 1, 2], "probabilities": [0.25, 0.5, 0.25]}}
    distribution = parse_distribution(form)
    at = (0.0, 0.5, 0.51, 0.75, 0.76, 1.0)
    assert [distribution.quantile(u) for u in at] == [1, 1, 2, 2, 3, 3]
    assert distribution.mean() == pytest.approx(1.75)
    assert distribution.std() == pytest.approx(math.sqrt(0.6875))


def test_value_with_probability_zero_never_occurs() -> None:
    form = {"discrete": {"values": [0, 5, 9], "probabilities": [0, 1, 0]}}
    distribution = parse_distribution(form)
    assert distribution.support() == (5.0, 5.0)
    assert distribution.is_fixed


def test_empirical_quantile_inverts_the_empirical_distribution() -> None:
    distribution = parse_distribution({"empirical": [5, 2, 2, 9]})
    at = (0.0, 0.25, 0.5, 0.500001, 0.75, 0.76, 1.0)
    assert [distribution.quantile(u) for u in at] == [2, 2, 2, 5, 5, 9, 9]
    assert distribution.mean() == 4.5
    assert distribution.std() == pytest.approx(np.std([5, 2, 2, 9]))


@pytest.mark.parametrize("form", [7, 7.0, {"fixed": 7}, {"uniform": [7, 7]}, {"pert": [7, 7, 7]}])
def test_one_possible_value_is_fixed(form: object) -> None:
    distribution = parse_distribution(form)
    assert distribution.is_fixed
    assert [distribution.quantile(u) for u in (0.0, 0.3, 1.0)] == [7.0, 7.0, 7.0]
    assert (distribution.mean(), distribution.std()) == (7.0, 0.0)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (3.0, "3"),
        ({"triangular": [0.2, 0.6, 1.5]}, "triangular 0.2, 0.6, 1.5"),
        ({"normal": {"mean": 1, "sd": 2, "low": 0}}, "normal mean 1, sd 2, from 0"),
        (
            {"lognormal": {"median": 2, "p95": 7, "high": 9}},
            "lognormal median 2, p95 7, up to 9",
        ),
        ({"empirical": [5, 2, 9]}, "empirical, 3 values from 2 to 9"),
    ],
)
def test_description_is_a_few_words(form: object, words: str) -> None:
    assert parse_distribution(form).describe() == words


number = st.floats(-1e6, 1e6).map(lambda x: x + 0.0)
positive = st.floats(1e-3, 1e6)


@st.composite
def forms(draw: st.DrawFn) -> object:
    kind = draw(
        st.sampled_from(("uniform", "triangular", "pert", "normal", "lognormal", "mean sd"))
    )
    if kind in ("uniform", "triangular", "pert"):
        size = 2 if kind == "uniform" else 3
        return {kind: sorted(draw(st.lists(number, min_size=size, max_size=size)))}
    if kind == "normal":
        mean, sd = draw(number), draw(positive)
        body = {"mean": mean, "sd": sd}
        if draw(st.booleans()):
            body["low"] = mean - draw(st.floats(-7, 7)) * sd
            body["high"] = body["low"] + draw(st.floats(0.1, 5)) * sd
            if body["high"] < mean - 7.5 * sd:
                del body["high"]
        return {kind: body}
    if kind == "mean sd":
        mean = draw(positive)
        return {"lognormal": {"mean": mean, "sd": mean * draw(st.floats(0.01, 5))}}
    median = draw(positive)
    return {kind: {"median": median, "p95": median * draw(st.floats(1.01, 100))}}


@given(forms())
def test_written_distribution_reads_back_as_itself(form: object) -> None:
    distribution = parse_distribution(form)
    assert parse_distribution(distribution.to_toml()) == distribution


@given(forms(), st.lists(st.floats(1e-12, 1 - 1e-12), min_size=2, max_size=6))
def test_quantiles_rise_within_the_support(form: object, us: list[float]) -> None:
    distribution = parse_distribution(form)
    low, high = distribution.support()
    values = [distribution.quantile(u) for u in sorted(us)]
    assert all(low <= value <= high for value in values)
    for before, after in itertools.pairwise(values):
        # Two equal quantiles may differ by rounding of the width.
        assert after >= before - 1e-12 * (abs(before) + abs(after))


def test_discrete_reads_back_as_itself() -> None:
    form = {"discrete": {"values": [3, 1], "probabilities": [0.1, 0.9]}}
    distribution = parse_distribution(form)
    assert parse_distribution(distribution.to_toml()) == distribution


REFUSED: list[tuple[object, str, str | None]] = [
    ("3", "'3'", None),
    (True, "true", None),
    (None, "None", None),
    ([1, 2], "[1, 2]", None),
    (math.nan, "nan", None),
    (math.inf, "beyond", None),
    (10**400, "beyond", None),
    ({}, "empty table", None),
    ({"uniform": [1, 2], "fixed": 3}, "uniform and fixed", None),
    ({"triangle": [1, 2, 3]}, "triangle", "triangular"),
    ({"Normal": {"mean": 1, "sd": 1}}, "Normal", "normal"),
    ({"fixed": False}, "false", None),
    ({"uniform": [2, 1]}, "[2.0, 1.0]", None),
    ({"uniform": [1]}, "[1.0]", None),
    ({"uniform": 3}, "uniform = 3", None),
    ({"uniform": [1, "2"]}, "'2'", None),
    ({"triangular": [1, 0, 3]}, "[1.0, 0.0, 3.0]", None),
    ({"pert": [1, 4, 3]}, "[1.0, 4.0, 3.0]", None),
    ({"normal": [1, 2]}, "normal = [1, 2]", None),
    ({"normal": {"mean": 1}}, "normal", None),
    ({"normal": {"mean": 1, "sd": 0}}, "normal", None),
    ({"normal": {"mean": 1, "sd": True}}, "true", None),
    ({"normal": {"mean": 1, "sd": 1, "hihg": 2}}, "'hihg' in normal", "high"),
    ({"normal": {"mean": 1, "sd": 1, "low": 2, "high": 2}}, "low = 2.0, high = 2.0", None),
    ({"normal": {"mean": 1, "sd": 1, "low": 20}}, "leaves nothing", None),
    ({"normal": {"mean": 1, "sd": 1, "high": -20}}, "leaves nothing", None),
    ({"lognormal": {"median": 1, "sd": 1}}, "lognormal", None),
    ({"lognormal": {"median": 0, "p95": 1}}, "lognormal", None),
    ({"lognormal": {"median": 2, "p95": 1}}, "lognormal", None),
    ({"lognormal": {"median": 1, "p95": 1e9}}, "lognormal", None),
    ({"lognormal": {"median": 2, "p95": 3, "high": 0}}, "high = 0.0", None),
    ({"lognormal": {"median": 2, "p95": 3, "low": 1e9}}, "leaves nothing", None),
    ({"discrete": {"values": [1, 2], "probabilities": [0.5, 0.4]}}, "add to 0.9", None),
    ({"discrete": {"values": [1, 2], "probabilities": [1.5, -0.5]}}, "probabilities", None),
    ({"discrete": {"values": [1, 1], "probabilities": [0.5, 0.5]}}, "discrete", None),
    ({"discrete": {"values": [1], "probabilities": [0.5, 0.5]}}, "discrete", None),
    ({"discrete": {"value": [1], "probabilities": [1]}}, "'value'", "values"),
    ({"discrete": {}}, "values", None),
    ({"discrete": [1]}, "discrete = [1]", None),
    ({"empirical": []}, "empirical = []", None),
    ({"empirical": [1, math.nan]}, "nan", None),
]


@pytest.mark.parametrize(
    ("form", "found", "nearest"), REFUSED, ids=[repr(x[0])[:40] for x in REFUSED]
)
def test_nonsense_is_refused_with_what_was_found(
    form: object, found: str, nearest: str | None
) -> None:
    with pytest.raises(DistributionError) as caught:
        parse_distribution(form)
    error = caught.value
    assert isinstance(error, ValueError)
    assert found in error.found
    assert error.nearest == nearest
    assert error.allowed
    assert error.found in str(error) and error.allowed in str(error)
    assert nearest is None or nearest in str(error)


def test_probability_outside_its_range_is_refused() -> None:
    for u in (-0.1, 1.1, math.nan):
        with pytest.raises(ValueError, match="probability"):
            Distribution("uniform", (0.0, 1.0)).quantile(u)


def test_reading_needs_no_compiler() -> None:
    program = (
        "import sys; from baseload.distributions import parse_distribution as p; "
        "p({'lognormal': {'mean': 2, 'sd': 1, 'low': 1}}).describe(); "
        "p({'pert': [0, 1, 2]}).support(); print('numba' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
