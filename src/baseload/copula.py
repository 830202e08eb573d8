"""Correlations that are stated between inputs, as a Gaussian copula, and why some cannot be.

Apart from the draws, since a scenario is checked without a compiler.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from baseload.distributions import DistributionError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_SMALLEST_PIVOT = 1e-12


class Correlation(NamedTuple):
    """Gaussian copula among K columns, ordered by name.

    Attributes
    ----------
    columns : int64 (K,)
        Their columns.
    factor : float64 (K, K)
        Lower Cholesky factor of the correlations of their normal scores.
    """

    columns: Integers
    factor: Floats


def _cholesky(matrix: Floats) -> Floats | None:
    """Lower factor, or None where the matrix is not positive semidefinite.

    A pivot of zero (a column that follows from the others) is allowed: its column of the factor is
    zero if what is left of the matrix is zero there too.
    """
    size = len(matrix)
    factor = np.zeros((size, size))
    for j in range(size):
        pivot = float(matrix[j, j])
        for k in range(j):
            pivot -= float(factor[j, k]) * float(factor[j, k])
        if pivot < -_SMALLEST_PIVOT:
            return None
        for i in range(j, size):
            rest = float(matrix[i, j])
            for k in range(j):
                rest -= float(factor[i, k]) * float(factor[j, k])
            if pivot > _SMALLEST_PIVOT:
                factor[i, j] = rest / pivot**0.5
            elif abs(rest) > _SMALLEST_PIVOT**0.5:
                return None
    return factor


def correlation_from(pairs: Mapping[tuple[str, str], float], names: Sequence[str]) -> Correlation:
    """Gaussian copula of the stated correlations; pairs not stated are uncorrelated.

    Parameters
    ----------
    pairs : mapping from two names to float
        Correlation of their normal scores, from -1 to 1.
    names : sequence of str
        Names of all columns, in their order.

    Returns
    -------
    Correlation
        Over the columns that occur in `pairs`, sorted by name.

    Raises
    ------
    DistributionError
        For an unknown name, a name with itself, a pair stated twice, a number outside -1 to 1, and
        correlations that cannot hold together; the message then says by what factor all of them
        could.
    """
    position = {name: column for column, name in enumerate(names)}
    stated: dict[tuple[str, str], float] = {}
    for (one, other), rho in pairs.items():
        for name in (one, other):
            if name not in position:
                raise _unknown_name(name, names)
        if one == other:
            raise DistributionError(f"a correlation of {one} with itself", "two different inputs")
        if isinstance(rho, bool) or not -1.0 <= rho <= 1.0:
            raise DistributionError(
                f"{rho} between {one} and {other}", "a correlation from -1 to 1"
            )
        pair = (min(one, other), max(one, other))
        if pair in stated:
            raise DistributionError(f"{one} with {other} twice", "each pair once")
        stated[pair] = float(rho)
    ordered = sorted({name for pair in stated for name in pair})
    matrix = np.eye(len(ordered))
    for (one, other), rho in stated.items():
        i, j = ordered.index(one), ordered.index(other)
        matrix[i, j] = matrix[j, i] = rho
    factor = _cholesky(matrix)
    if factor is None:
        raise _impossible(matrix, ordered, stated)
    return Correlation(np.array([position[name] for name in ordered], dtype=np.int64), factor)


def _unknown_name(name: str, names: Sequence[str]) -> DistributionError:
    close = difflib.get_close_matches(name, names, n=1)
    return DistributionError(
        f"a correlation with {name!r}", "a name of an uncertain input", close[0] if close else None
    )


def _impossible(
    matrix: Floats, names: list[str], stated: dict[tuple[str, str], float]
) -> DistributionError:
    """Error that names the smallest group of correlations at fault and the factor that helps."""
    group = tuple(range(len(names)))
    for triple in combinations(range(len(names)), 3):
        if _cholesky(matrix[np.ix_(triple, triple)]) is None:
            group = triple
            break
    words = [
        f"{names[i]} with {names[j]} {matrix[i, j]:g}"
        + ("" if (names[i], names[j]) in stated else " (not stated)")
        for i, j in combinations(group, 2)
        if len(group) == 3 or matrix[i, j] != 0.0
    ]
    feasible, infeasible = 0, 100
    identity = np.eye(len(names))
    while infeasible - feasible > 1:
        middle = (feasible + infeasible) // 2
        if _cholesky(identity + middle / 100.0 * (matrix - identity)) is None:
            infeasible = middle
        else:
            feasible = middle
    return DistributionError(
        "correlations that cannot hold together: " + ", ".join(words),
        f"correlations of one joint distribution; all of them times {feasible / 100.0:.2f} "
        "would be possible",
    )
