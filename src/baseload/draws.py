"""All uncertain inputs of a study at once: packed distributions, correlations, one row a path.

House letters: P paths, C columns (uncertain inputs), K correlated columns. A column's draw depends
on its own stream and the path alone (and on the columns it is correlated with), never on how many
columns or paths there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.compiled import allocating_kernel, kernel
from baseload.copula import Correlation
from baseload.distributions import (
    Distribution,
    beta_function,
    beta_quantile,
    normal_terms,
    pert_shape,
)
from baseload.numerics import exp, inverse_normal, log, normal_cdf
from baseload.randomness import uniform

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

FIXED = 0
UNIFORM = 1
TRIANGULAR = 2
PERT = 3
NORMAL = 4
LOGNORMAL = 5
DISCRETE = 6
EMPIRICAL = 7

_KNOTS_PER_UNIT = 128.0
_EDGE = 8.0
_HALF_KNOTS = 1024


class QuantileTable(NamedTuple):
    """Distributions of C columns as flat arrays for compiled loops.

    Attributes
    ----------
    kind : int64 (C,)
        `FIXED` to `EMPIRICAL`.
    start, length : int64 (C,)
        Where the column's numbers begin and how many there are.
    numbers : float64
        fixed: value. uniform: low, width, high. triangular: low, high, mode - low, high - mode.
        pert: low, width, high, position of its knots in `numbers`. normal and lognormal: the terms
        of `normal_terms`, low, high. discrete: values, cumulative probabilities. empirical: values.
    """

    kind: Integers
    start: Integers
    length: Integers
    numbers: Floats


# --- quantiles -----------------------------------------------------------------------------------


@allocating_kernel
def _climb(start: float, a: float, b: float, whole: float, knots: Floats) -> None:
    """Beta quantiles at normal scores from -8 to 0 by the classical Runge-Kutta rule.

    u = Phi(z) makes dx/dz = phi(z) B / (x^(a-1) (1-x)^(b-1)). From the tail to the middle an error
    in x shrinks, as it is a fixed error in u.
    """
    h = 1.0 / _KNOTS_PER_UNIT
    x = start
    knots[0] = x
    slopes = np.empty(4)
    log_scale = log(whole * 0.3989422804014327)
    for k in range(_HALF_KNOTS):
        z = -_EDGE + k * h
        for stage in range(4):
            at_z = z
            at_x = x
            if stage == 3:
                at_z = z + h
                at_x = x + h * slopes[2]
            elif stage > 0:
                at_z = z + 0.5 * h
                at_x = x + 0.5 * h * slopes[stage - 1]
            slopes[stage] = exp(
                log_scale - 0.5 * at_z * at_z - (a - 1.0) * log(at_x) - (b - 1.0) * log(1.0 - at_x)
            )
        x += h / 6.0 * (slopes[0] + 2.0 * (slopes[1] + slopes[2]) + slopes[3])
        knots[k + 1] = x


@lru_cache(maxsize=1024)
def _pert_knots(a: float, b: float) -> Floats:
    """Quantiles of a beta distribution at the 2,049 normal scores from -8 to 8, 1 / 128 apart.

    Linear between them the error is below h^2 / 8 times the largest second derivative, about 3e-6
    of the range. Beyond +-8 lie 1e-15 of the draws; they get the edge.
    """
    whole = beta_function(a, b)
    tail = normal_cdf(-_EDGE)
    lower, upper = np.empty(_HALF_KNOTS + 1), np.empty(_HALF_KNOTS + 1)
    _climb(beta_quantile(tail, a, b), a, b, whole, lower)
    _climb(beta_quantile(tail, b, a), b, a, whole, upper)
    knots: Floats = np.concatenate([lower, 1.0 - upper[-2::-1]])
    knots.flags.writeable = False
    return knots


def pack(distributions: Sequence[Distribution]) -> QuantileTable:
    """Distributions of all columns, for `quantile`.

    Parameters
    ----------
    distributions : sequence of Distribution
        One a column. PERT distributions of one shape share their knots.

    Returns
    -------
    QuantileTable
        The table.
    """
    kinds, starts, counts = [], [], []
    parts: list[Floats] = []
    shapes: dict[tuple[float, float], int] = {}
    length = 0
    for distribution in distributions:
        kind, numbers = _packed(distribution)
        if kind == PERT:
            shape = pert_shape(distribution)
            if shape not in shapes:
                knots = _pert_knots(*shape)
                shapes[shape] = length
                parts.append(knots)
                length += len(knots)
            numbers = (*numbers, float(shapes[shape]))
        kinds.append(kind)
        starts.append(length)
        counts.append(len(numbers))
        parts.append(np.array(numbers, dtype=np.float64))
        length += len(numbers)
    return QuantileTable(
        np.array(kinds, dtype=np.int64),
        np.array(starts, dtype=np.int64),
        np.array(counts, dtype=np.int64),
        np.concatenate(parts) if parts else np.empty(0),
    )


def _packed(distribution: Distribution) -> tuple[int, tuple[float, ...]]:
    numbers = distribution.numbers
    if distribution.is_fixed:
        return FIXED, (distribution.support()[0],)
    if distribution.kind == "uniform":
        return UNIFORM, (numbers[0], numbers[1] - numbers[0], numbers[1])
    if distribution.kind == "triangular":
        return TRIANGULAR, (
            numbers[0],
            numbers[2],
            numbers[1] - numbers[0],
            numbers[2] - numbers[1],
        )
    if distribution.kind == "pert":
        return PERT, (numbers[0], numbers[2] - numbers[0], numbers[2])
    if distribution.kind == "discrete":
        reached, cumulative = 0.0, []
        for probability in distribution.probabilities:
            reached += probability
            cumulative.append(reached)
        return DISCRETE, (*distribution.values, *cumulative)
    if distribution.kind == "empirical":
        return EMPIRICAL, numbers
    kind = NORMAL if distribution.kind == "normal" else LOGNORMAL
    return kind, (*normal_terms(distribution), *distribution.support())


@kernel
def quantile(table: QuantileTable, column: int, u: float) -> float:
    """Value of one column at probability `u`.

    Parameters
    ----------
    table : QuantileTable
        From `pack`.
    column : int
        The column.
    u : float
        Probability, strictly between 0 and 1.

    Returns
    -------
    float
        In the unit of the column.
    """
    kind = table.kind[column]
    start = table.start[column]
    numbers = table.numbers
    first = numbers[start]
    if kind == FIXED:
        return float(first)
    if kind == UNIFORM:
        # Rounding could end one unit in the last place above the high.
        return float(min(first + u * numbers[start + 1], numbers[start + 2]))
    if kind == TRIANGULAR:
        high = numbers[start + 1]
        width = high - first
        left = numbers[start + 2]
        if u * width < left:
            return float(first + np.sqrt(u * width * left))
        return float(high - np.sqrt((1.0 - u) * width * numbers[start + 3]))
    if kind == PERT:
        knots = np.int64(numbers[start + 3])
        position = (inverse_normal(u) + _EDGE) * _KNOTS_PER_UNIT
        position = min(max(position, 0.0), 2.0 * _HALF_KNOTS)
        cell = min(int(position), 2 * _HALF_KNOTS - 1)
        before = numbers[knots + cell]
        part = before + (position - cell) * (numbers[knots + cell + 1] - before)
        return float(min(first + numbers[start + 1] * part, numbers[start + 2]))
    if kind == DISCRETE:
        half = table.length[column] // 2
        below = 0
        above = half - 1
        while below < above:
            middle = (below + above) // 2
            if u <= numbers[start + half + middle]:
                above = middle
            else:
                below = middle + 1
        return float(numbers[start + below])
    if kind == EMPIRICAL:
        values = table.length[column]
        product = u * values
        rank = int(product)
        if rank == product and rank > 0:
            rank -= 1
        return float(numbers[start + min(rank, values - 1)])
    sign = numbers[start + 2]
    share = u if sign > 0.0 else 1.0 - u
    z = sign * inverse_normal(numbers[start + 3] + numbers[start + 4] * share)
    value = float(first + numbers[start + 1] * z)
    if kind == LOGNORMAL:
        value = exp(value)
    return float(min(max(value, numbers[start + 5]), numbers[start + 6]))


# --- draws ---------------------------------------------------------------------------------------


@allocating_kernel
def _draw(
    table: QuantileTable,
    keys: npt.NDArray[np.uint64],
    correlation: Correlation,
    first_path: int,
    drawn: Floats,
) -> None:
    paths, columns = drawn.shape
    correlated = len(correlation.columns)
    is_correlated = np.zeros(columns, dtype=np.bool_)
    for k in range(correlated):
        is_correlated[correlation.columns[k]] = True
    scores = np.empty(correlated)
    for row in range(paths):
        path = first_path + row
        for column in range(columns):
            if table.kind[column] == FIXED:
                drawn[row, column] = table.numbers[table.start[column]]
            elif not is_correlated[column]:
                drawn[row, column] = quantile(table, column, uniform(keys[column], path, 0))
        for k in range(correlated):
            column = correlation.columns[k]
            u = uniform(keys[column], path, 0)
            scores[k] = inverse_normal(u)
            score = correlation.factor[k, k] * scores[k]
            leans = False
            for j in range(k):
                if correlation.factor[k, j] != 0.0:
                    leans = True
                    score += correlation.factor[k, j] * scores[j]
            if leans:
                # Keeps the probability inside the open interval for scores only a sum can reach.
                u = min(max(normal_cdf(score), 2.0**-53), 1.0 - 2.0**-53)
            # The first of a group keeps its own draw to the last digit, as if uncorrelated.
            drawn[row, column] = quantile(table, column, u)


def draw_inputs(
    table: QuantileTable,
    keys: npt.NDArray[np.uint64],
    correlation: Correlation | None,
    first_path: int,
    paths: int,
) -> Floats:
    """Inputs of consecutive paths: one uniform a column, index 0 of its stream.

    Correlated columns go through a Gaussian copula: normal scores of the uniforms, times the
    Cholesky factor, back to probabilities, into each column's own quantile function.

    Parameters
    ----------
    table : QuantileTable
        Distributions of the columns.
    keys : uint64 (C,)
        Keys of their streams.
    correlation : Correlation or None
        From `correlation_from`.
    first_path : int
        Number of the first path.
    paths : int
        How many paths.

    Returns
    -------
    float64 (P, C)
        The inputs.
    """
    if len(keys) != len(table.kind):
        raise ValueError(f"{len(keys)} keys for {len(table.kind)} columns")
    if correlation is None:
        correlation = Correlation(np.empty(0, dtype=np.int64), np.empty((0, 0)))
    drawn = np.empty((paths, len(table.kind)))
    _draw(table, np.asarray(keys, dtype=np.uint64), correlation, first_path, drawn)
    return drawn
