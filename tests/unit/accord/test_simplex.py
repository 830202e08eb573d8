from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog

from baseload.accord.simplex import Unbounded, completed, feasible, maximise


def programme(draw: random.Random, rows: int, columns: int) -> tuple[list[list[int]], list[int]]:
    matrix = [[draw.randint(-3, 5) for _ in range(columns)] for _ in range(rows)]
    point = [draw.choice([0, 0, 1, 2]) for _ in range(columns)]
    right = [sum(a * z for a, z in zip(row, point, strict=True)) for row in matrix]
    return matrix, right


@pytest.mark.parametrize("seed", range(40))
def test_optima_agree_with_a_programme_in_floats(seed: int) -> None:
    draw = random.Random(seed)
    rows, columns = draw.randint(1, 5), draw.randint(2, 9)
    matrix, right = programme(draw, rows, columns)
    if seed % 4 == 0:
        right = [value + draw.randint(-4, 4) for value in right]
    if seed % 5 == 0:
        # A row that says the same as the first one.
        matrix, right = [*matrix, [2 * a for a in matrix[0]]], [*right, 2 * right[0]]
    costs = [draw.randint(-4, 4) for _ in range(columns)]
    twin = linprog([-c for c in costs], A_eq=matrix, b_eq=right)
    exact, level = np.array(matrix, object), np.array(right, object)
    basis = feasible(exact, level)
    if basis is None:
        assert twin.status == 2
        return
    assert twin.status != 2
    try:
        basis = maximise(exact, np.array(costs, object), level, basis)
    except Unbounded:
        assert twin.status == 3
        return
    assert twin.status == 0
    held = zip(basis.columns, (basis.inverse @ level).tolist(), strict=True)
    found = {column: Fraction(amount, basis.determinant) for column, amount in held if column >= 0}
    assert min(found.values(), default=0) >= 0
    for row, value in zip(matrix, right, strict=True):
        assert sum(row[column] * amount for column, amount in found.items()) == value
    assert float(sum(costs[j] * z for j, z in found.items())) == pytest.approx(-twin.fun, abs=1e-8)


def test_an_inverse_stays_whole_and_exact() -> None:
    draw = random.Random(7)
    matrix = np.array([[draw.randint(0, 1) for _ in range(12)] for _ in range(6)], np.int64)
    basis = completed(matrix, range(12))
    held = matrix[:, list(basis.columns)]
    assert (basis.inverse @ held == basis.determinant * np.eye(6, dtype=np.int64)).all()
    assert basis.determinant == round(abs(np.linalg.det(held)))


def test_a_programme_on_which_the_largest_gain_alone_would_go_round_in_circles_ends() -> None:
    # Beale's example, in whole numbers: all steps before the last are idle.
    matrix = np.array(
        [
            [25, -6000, -4, 900, 100, 0, 0],
            [50, -9000, -2, 300, 0, 100, 0],
            [0, 0, 1, 0, 0, 0, 1],
        ],
        object,
    )
    right = np.array([0, 0, 1], object)
    costs = np.array([75, -15000, 2, -600, 0, 0, 0], object)
    basis = maximise(matrix, costs, right, completed(matrix, [4, 5, 6]))
    level = (basis.inverse @ right).tolist()
    value = sum(costs[j] * z for j, z in zip(basis.columns, level, strict=True))
    assert Fraction(value, basis.determinant) == 5
