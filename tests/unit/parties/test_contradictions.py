"""Red lines that cannot hold together."""

from __future__ import annotations

import pytest

from baseload.expression import parse
from baseload.parties.contradictions import contradictory


def clash(*lines: str) -> tuple[int, int] | None:
    return contradictory([parse(line).tree for line in lines])


@pytest.mark.parametrize(
    "lines",
    [
        ('operator = "A"', 'operator != "A"'),
        ('operator is "A"', 'operator is "B"'),
        ('"A" in members', '"A" not in members'),
        ("state.troops > 3", "state.troops <= 3"),
        ("state.troops between 1 and 2", "state.troops = 5"),
        ("state.armed", "not state.armed"),
        ("3 < state.troops", "state.troops < 2"),
        ("state.troops > -1", "state.troops = -2"),
    ],
)
def test_two_that_exclude_each_other_are_found(lines: tuple[str, str]) -> None:
    assert clash(*lines) == (0, 1)
    assert clash(f"{lines[0]} and {lines[1]}") == (0, 0)


@pytest.mark.parametrize(
    "lines",
    [
        ('operator = "A"', 'operator != "B"'),
        ('operator = "A" or operator = "B"', 'operator = "C"'),
        ("state.troops >= 3", "state.troops <= 3"),
        ('"A" in members', '"B" not in members'),
        ("state.armed", "not state.ready"),
        ("npv_usd > 0", "median(npv_usd) < 0"),
        ("state.troops > 1", "state.troops < 2"),
    ],
)
def test_two_that_some_arrangement_could_meet_are_let_be(lines: tuple[str, str]) -> None:
    assert clash(*lines) is None
