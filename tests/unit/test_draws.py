"""Packed quantiles, correlations and the rows of inputs."""

import math

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from baseload import copula, draws
from baseload.distributions import Distribution, DistributionError, parse_distribution
from baseload.randomness import stream_key

FORMS: list[object] = [
    3,
    {"uniform": [-0.1, 0.3]},
    {"triangular": [0.2, 0.6, 1.5]},
    {"pert": [1, 2, 9]},
    {"normal": {"mean": 1, "sd": 2}},
    {"normal": {"mean": 1, "sd": 2, "low": 2, "high": 4}},
    {"normal": {"mean": 1, "sd": 2, "high": 0}},
    {"lognormal": {"median": 2, "p95": 7}},
    {"lognormal": {"median": 2, "p95": 7, "low": 3}},
    {"discrete": {"values": [3, 1, 2], "probabilities": [0.2, 0.5, 0.3]}},
    {"empirical": [5, 2, 2, 9]},
    {"pert": [4, 4, 4]},
    {"pert": [0, 0.125, 1]},
]
COLUMNS = [parse_distribution(form) for form in FORMS]
NAMES = [f"input.{number:02d}" for number in range(len(COLUMNS))]
NO_CORRELATION: dict[tuple[str, str], float] = {}


def keys_of(names: list[str]) -> npt.NDArray[np.uint64]:
    return np.array([stream_key(3, name) for name in names], dtype=np.uint64)


def probabilities() -> npt.NDArray[np.float64]:
    source = np.random.default_rng(11)
    tail = 10.0 ** source.uniform(-14, -1, 300)
    steps = [0.25, 0.5, 0.75]  # where the empirical distribution jumps
    return np.concatenate([source.uniform(0, 1, 1500), tail, 1.0 - tail, steps])


@pytest.mark.parametrize("number", range(len(COLUMNS)), ids=[c.describe() for c in COLUMNS])
def test_packed_quantile_is_the_plain_one(number: int) -> None:
    table = draws.pack(COLUMNS)
    for u in probabilities().tolist():
        packed, plain = draws.quantile(table, number, u), COLUMNS[number].quantile(u)
        if COLUMNS[number].kind == "pert":
            # Linear interpolation between 2,049 knots: 1e-6 of the range.
            assert abs(packed - plain) <= 1e-6 * (8.0 if number == 3 else 1.0)
        else:
            assert packed == plain


@pytest.mark.parametrize("share", [0.0, 0.01, 0.1, 0.3, 0.5, 0.8, 0.99, 1.0])
def test_packed_pert_is_within_a_millionth_of_its_range_of_scipy(share: float) -> None:
    table = draws.pack([parse_distribution({"pert": [2.0, 2.0 + 3.0 * share, 5.0]})])
    us = probabilities()
    packed = np.array([draws.quantile(table, 0, u) for u in us])
    exact = stats.beta.ppf(us, 1.0 + 4.0 * share, 5.0 - 4.0 * share, 2.0, 3.0)
    assert np.abs(packed - exact).max() < 1e-6 * 3.0
    rising = np.array([draws.quantile(table, 0, u) for u in np.sort(us)])
    assert (np.diff(rising) >= 0.0).all() and rising.min() >= 2.0 and rising.max() <= 5.0


def test_perts_of_one_shape_share_their_knots() -> None:
    one = draws.pack([parse_distribution({"pert": [0, 1, 4]})])
    two = draws.pack(
        [parse_distribution({"pert": [0, 1, 4]}), parse_distribution({"pert": [4, 6, 12]})]
    )
    assert len(two.numbers) - len(one.numbers) == 4


def test_uniform_never_leaves_its_range_by_rounding() -> None:
    table = draws.pack([parse_distribution({"uniform": [-0.1, 0.3]})])
    assert draws.quantile(table, 0, 1.0 - 2.0**-53) <= 0.3


def test_packing_nothing_gives_no_columns() -> None:
    table = draws.pack([])
    assert draws.draw_inputs(table, keys_of([]), None, 0, 4).shape == (4, 0)


CORRELATION = {(NAMES[3], NAMES[7]): 0.6, (NAMES[7], NAMES[4]): -0.4}


def drawn(
    columns: list[Distribution], names: list[str], first_path: int, paths: int
) -> npt.NDArray[np.float64]:
    correlation = copula.correlation_from(CORRELATION, names)
    return draws.draw_inputs(draws.pack(columns), keys_of(names), correlation, first_path, paths)


def test_rows_do_not_depend_on_chunks_or_on_the_number_of_paths() -> None:
    whole = drawn(COLUMNS, NAMES, 0, 500)
    for first, count in ((0, 1), (0, 77), (77, 423), (499, 1)):
        part = drawn(COLUMNS, NAMES, first, count)
        assert part.tobytes() == whole[first : first + count].tobytes()


def test_columns_do_not_depend_on_other_columns_or_their_order() -> None:
    whole = drawn(COLUMNS, NAMES, 0, 200)
    order = list(range(len(COLUMNS)))[::-1]
    more = [parse_distribution({"uniform": [0, 1]}), *(COLUMNS[i] for i in order)]
    moved = drawn(more, ["a first one", *(NAMES[i] for i in order)], 0, 200)
    assert moved[:, 1:][:, ::-1].tobytes() == whole.tobytes()


def test_correlating_others_leaves_a_correlated_group_as_it_was() -> None:
    table, keys = draws.pack(COLUMNS), keys_of(NAMES)
    few = copula.correlation_from(CORRELATION, NAMES)
    many = copula.correlation_from({**CORRELATION, (NAMES[1], NAMES[2]): 0.9}, NAMES)
    one = draws.draw_inputs(table, keys, few, 0, 200)
    other = draws.draw_inputs(table, keys, many, 0, 200)
    assert np.array_equal(np.delete(one, 2, axis=1), np.delete(other, 2, axis=1))
    assert not np.array_equal(one[:, 2], other[:, 2])


def test_correlation_appears_in_the_ranks_and_leaves_the_columns_distributions() -> None:
    paths = 40_000
    inputs = drawn(COLUMNS, NAMES, 0, paths)
    for one, other, rho in ((3, 7, 0.6), (4, 7, -0.4), (3, 4, 0.0), (1, 2, 0.0)):
        # Spearman's rank correlation of a Gaussian copula; standard error about 1 / sqrt(n).
        expected = 6.0 / math.pi * math.asin(rho / 2.0)
        found = stats.spearmanr(inputs[:, one], inputs[:, other]).statistic
        assert abs(found - expected) < 5.0 / math.sqrt(paths)
    assert stats.kstest(inputs[:, 3], stats.beta(1.5, 4.5, 1, 8).cdf).pvalue > 1e-3
    assert stats.kstest(inputs[:, 4], stats.norm(1, 2).cdf).pvalue > 1e-3


def test_full_correlation_gives_the_same_probability() -> None:
    columns = [parse_distribution({"uniform": [0, 1]})] * 3
    table, keys = draws.pack(columns), keys_of(["a", "b", "c"])
    correlation = copula.correlation_from(
        {("a", "b"): 1, ("c", "b"): -1, ("a", "c"): -1}, list("abc")
    )
    inputs = draws.draw_inputs(table, keys, correlation, 0, 100)
    # There and back through the normal score: a few roundings.
    np.testing.assert_allclose(inputs[:, 0], inputs[:, 1], rtol=1e-12)
    np.testing.assert_allclose(inputs[:, 0], 1.0 - inputs[:, 2], rtol=1e-9, atol=1e-12)


def test_factor_reproduces_the_correlations_in_order_of_names() -> None:
    correlation = copula.correlation_from(
        {("z", "a"): 0.5, ("z", "m"): -0.25}, ["z", "q", "a", "m"]
    )
    assert correlation.columns.tolist() == [2, 3, 0]
    expected = [[1, 0, 0.5], [0, 1, -0.25], [0.5, -0.25, 1]]
    np.testing.assert_allclose(correlation.factor @ correlation.factor.T, expected, atol=1e-15)


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ({("a", "b"): 1.1}, "1.1 between a and b"),
        ({("a", "b"): math.nan}, "nan between a and b"),
        ({("a", "a"): 1.0}, "a with itself"),
        ({("a", "b"): 0.1, ("b", "a"): 0.1}, "b with a twice"),
    ],
)
def test_impossible_pairs_are_refused(pairs: dict[tuple[str, str], float], words: str) -> None:
    with pytest.raises(DistributionError, match=words):
        copula.correlation_from(pairs, ["a", "b"])


def test_unknown_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(DistributionError) as caught:
        copula.correlation_from({("coin.pice", "b"): 0.1}, ["coin.price", "b"])
    assert caught.value.nearest == "coin.price"


def test_correlations_that_cannot_hold_together_name_a_factor_that_would_do() -> None:
    pairs = {("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.5, ("c", "d"): 0.1}
    with pytest.raises(DistributionError) as caught:
        copula.correlation_from(pairs, ["a", "b", "c", "d"])
    message = str(caught.value)
    assert (
        "a with b 0.9" in message
        and "a with c -0.5" in message
        and "d" not in caught.value.found.split()
    )
    factor = float(message.split("times ")[1].split()[0])
    copula.correlation_from({pair: rho * factor for pair, rho in pairs.items()}, list("abcd"))
    with pytest.raises(DistributionError):
        step = factor + 0.01
        copula.correlation_from({pair: rho * step for pair, rho in pairs.items()}, list("abcd"))


def test_pair_not_stated_counts_as_uncorrelated() -> None:
    with pytest.raises(DistributionError, match=r"a with c 0 \(not stated\)"):
        copula.correlation_from({("a", "b"): 0.9, ("b", "c"): 0.9}, list("abc"))


def test_keys_must_match_the_columns() -> None:
    with pytest.raises(ValueError, match="keys for"):
        draws.draw_inputs(draws.pack(COLUMNS), keys_of(["a"]), None, 0, 1)


def test_no_correlation_at_all_is_the_same_as_none() -> None:
    table, keys = draws.pack(COLUMNS), keys_of(NAMES)
    empty = copula.correlation_from(NO_CORRELATION, NAMES)
    one = draws.draw_inputs(table, keys, empty, 0, 50)
    assert one.tobytes() == draws.draw_inputs(table, keys, None, 0, 50).tobytes()
