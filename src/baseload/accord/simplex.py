"""Linear programmes in whole numbers: the simplex method with no rounding and so no tolerance.

The programmes of games and bargains have a dozen rows. At that size whole numbers cost little, and
they decide what floats can only guess: which coalitions are tight, whether a core is empty, whether
a party can gain at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from baseload.accord.exact import Integers

ARTIFICIAL = -1
_PATIENCE = 30
_MOST_PIVOTS = 100_000


class Unbounded(RuntimeError):
    """The programme has no optimum because its value has no bound."""


@dataclass(frozen=True)
class Basis:
    """A basis of m columns B and its inverse, kept whole.

    Parameters
    ----------
    columns : tuple of int
        Which column stands for each row; `ARTIFICIAL` for the row's own unit column.
    inverse : ndarray (m, m)
        Inverse of B times the determinant.
    determinant : int
        Absolute value of the determinant of B, at least 1.
    """

    columns: tuple[int, ...]
    inverse: Integers
    determinant: int


def unit_basis(rows: int, dtype: np.dtype[np.generic]) -> Basis:
    """The basis of unit columns, none of which is in the programme."""
    return Basis((ARTIFICIAL,) * rows, np.eye(rows, dtype=np.int64).astype(dtype), 1)


def exchange(basis: Basis, row: int, column: int, direction: Integers) -> Basis:
    """The basis with another column in a row.

    Whole numbers stay whole, and each division comes out even, because the inverse times the
    determinant is the adjugate [1]_.

    Parameters
    ----------
    basis : Basis
    row, column : int
        Which row takes which column.
    direction : ndarray (m,)
        `basis.inverse` times the column; not zero at the row.

    References
    ----------
    .. [1] J. Edmonds, J.-F. Maurras, Note sur les Q-matrices d'Edmonds, RAIRO Recherche
       opérationnelle 31(2), 1997; E. H. Bareiss, Sylvester's identity and multistep
       integer-preserving Gaussian elimination, https://doi.org/10.1090/S0025-5718-1968-0226829-0
    """
    pivot = direction[row]
    inverse = (basis.inverse * pivot - np.outer(direction, basis.inverse[row])) // basis.determinant
    inverse[row] = basis.inverse[row]
    if pivot < 0:
        inverse, pivot = -inverse, -pivot
    columns = (*basis.columns[:row], column, *basis.columns[row + 1 :])
    return Basis(columns, inverse, int(pivot))


def completed(matrix: Integers, wanted: Iterable[int]) -> Basis:
    """A basis of the first of the wanted columns that do not depend on those before."""
    basis = unit_basis(matrix.shape[0], matrix.dtype)
    for column in wanted:
        direction = basis.inverse @ matrix[:, column]
        for row, held in enumerate(basis.columns):
            if held == ARTIFICIAL and direction[row]:
                basis = exchange(basis, row, column, direction)
                break
        if ARTIFICIAL not in basis.columns:
            break
    return basis


def maximise(
    matrix: Integers,
    costs: Integers,
    right: Integers,
    basis: Basis,
    *,
    free: frozenset[int] = frozenset(),
    gains: Callable[[Integers, int], Integers] | None = None,
) -> Basis:
    """The basis at which `costs @ z` is largest, subject to `matrix @ z = right` and `z >= 0`.

    The column with the largest gain enters; after a row of steps that bring nothing, the first one
    with a gain (Bland's rule [1]_), so that it ends.

    Parameters
    ----------
    matrix : ndarray (m, J)
    costs : ndarray (J,)
    right : ndarray (m,)
    basis : Basis
        One at which `z` is not negative.
    free : frozenset of int
        Columns of the basis that may become negative and stay in it.
    gains : callable, optional
        From `prices` (m,) and determinant to `determinant * costs - prices @ matrix`, where that
        can be had faster, and to zero for columns that may not enter.

    Raises
    ------
    Unbounded
        Where there is no largest value.

    References
    ----------
    .. [1] R. G. Bland, New Finite Pivoting Rules for the Simplex Method, Mathematics of Operations
       Research 2(2), 1977, https://doi.org/10.1287/moor.2.2.103
    """
    idle = 0
    for _ in range(_MOST_PIVOTS):
        prices = dual_prices(costs, basis)
        gain = (
            basis.determinant * costs - prices @ matrix
            if gains is None
            else gains(prices, basis.determinant)
        )
        patient = idle < _PATIENCE
        column = int(np.argmax(gain)) if patient else int(np.argmax(gain > 0))
        if not gain[column] > 0:
            return basis
        direction = basis.inverse @ matrix[:, column]
        level = basis.inverse @ right
        row = _leaving(basis, direction, level, free)
        if row is None:
            raise Unbounded("nothing limits the value")
        idle = idle + 1 if level[row] == 0 else 0
        basis = exchange(basis, row, column, direction)
    raise RuntimeError(f"no optimum after {_MOST_PIVOTS} exchanges")


def feasible(matrix: Integers, right: Integers) -> Basis | None:
    """A basis at which `matrix @ z = right` and `z >= 0`, or None if there is none.

    A row that depends on others keeps its artificial column, at zero.
    """
    rows, columns = matrix.shape
    signs = np.where(right < 0, -1, 1)
    # Artificial columns behind the others, each with the sign of its row.
    widened = np.concatenate((matrix, np.diag(signs).astype(matrix.dtype)), axis=1)
    costs = np.array([0] * columns + [-1] * rows, matrix.dtype)
    start = Basis(tuple(range(columns, columns + rows)), np.diag(signs).astype(matrix.dtype), 1)
    basis = maximise(widened, costs, right, start)
    level = basis.inverse @ right
    for row, held in enumerate(basis.columns):
        if held >= columns:
            if level[row]:
                return None
            across = basis.inverse[row] @ matrix
            if across.any():
                column = int(np.argmax(across != 0))
                basis = exchange(basis, row, column, basis.inverse @ matrix[:, column])
    kept = tuple(held if held < columns else ARTIFICIAL for held in basis.columns)
    return Basis(kept, basis.inverse, basis.determinant)


def dual_prices(costs: Integers, basis: Basis) -> Integers:
    """Price of each row, times the determinant of the basis (m,)."""
    held = np.array([0 if j == ARTIFICIAL else costs[j] for j in basis.columns], costs.dtype)
    prices: Integers = held @ basis.inverse
    return prices


def _leaving(
    basis: Basis, direction: Integers, level: Integers, free: frozenset[int]
) -> int | None:
    """The row that first reaches zero; among equals the one whose column has the lowest index."""
    best: int | None = None
    for row, column in enumerate(basis.columns):
        if direction[row] <= 0 or column in free or column == ARTIFICIAL:
            continue
        if best is None:
            best = row
            continue
        # Python's numbers: a product of two int64 may not fit.
        ours = int(level[row]) * int(direction[best])
        theirs = int(level[best]) * int(direction[row])
        if ours < theirs or (ours == theirs and column < basis.columns[best]):
            best = row
    return best
