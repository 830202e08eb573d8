"""The 50 % rules: OFAC's own examples, thresholds, control, and a twin that counts by hand."""

from __future__ import annotations

import random
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from baseload.errors import InputError
from baseload.law import Stake, blocked_by_ownership, ownership_rule

Owners = dict[str, dict[str, float]]


def test_half_through_a_chain_blocks() -> None:
    found = blocked_by_ownership({"A": {"X": 0.5}, "B": {"A": 0.5}}, ["X"])
    assert list(found) == ["A", "B"]
    assert found["B"].held == (("A", 0.5),) and found["B"].by == ("X",)
    assert "A 50 % (blocked through X)" in found["B"].why


def test_two_quarters_through_two_halves_block() -> None:
    owners = {"A": {"X": 0.5}, "B": {"X": 0.5}, "C": {"A": 0.25, "B": 0.25}}
    assert list(blocked_by_ownership(owners, ["X"])) == ["A", "B", "C"]


def test_a_share_in_what_is_not_blocked_counts_for_nothing() -> None:
    owners = {"A": {"X": 0.25}, "B": {"X": 0.25}, "C": {"A": 0.5, "B": 0.5}}
    assert blocked_by_ownership(owners, ["X"]) == {}
    # All of C would be X's by multiplying 50 % of 50 %, which is not how it is counted.
    owners = {"A": {"X": 0.5, "Y": 0.5}, "B": {"A": 0.5, "Z": 0.5}}
    assert list(blocked_by_ownership(owners, ["X"])) == ["A", "B"]


def test_several_blocked_persons_are_added_up_but_not_in_the_united_kingdom() -> None:
    owners = {"A": {"X": 0.3, "Y": 0.3, "Z": 0.4}}
    assert blocked_by_ownership(owners, ["X", "Y"])["A"].by == ("X", "Y")
    assert blocked_by_ownership(owners, ["X", "Y"])["A"].share == 0.6
    assert list(blocked_by_ownership(owners, ["X", "Y"], "EU")) == ["A"]
    assert blocked_by_ownership(owners, ["X", "Y"], "UK") == {}
    assert blocked_by_ownership(owners, ["X"]) == {}


def test_one_half_is_enough_in_the_united_states_and_since_july_2024_in_the_eu() -> None:
    owners = {"A": {"X": 0.5}}
    assert "A" in blocked_by_ownership(owners, ["X"], "US")
    assert "A" in blocked_by_ownership(owners, ["X"], "EU")
    assert "A" in blocked_by_ownership(owners, ["X"], "EU", date(2024, 7, 3))
    assert blocked_by_ownership(owners, ["X"], "EU", date(2024, 7, 2)) == {}
    assert blocked_by_ownership(owners, ["X"], "UK") == {}
    more = {"A": {"X": 0.500001}}
    assert "A" in blocked_by_ownership(more, ["X"], "UK")
    assert "A" in blocked_by_ownership(more, ["X"], "EU", date(2024, 7, 2))


def test_control_counts_in_the_eu_and_the_united_kingdom_only() -> None:
    stakes = [Stake("A", "X", 0.1, control=True), Stake("B", "A", 0.9)]
    assert blocked_by_ownership(stakes, ["X"], "US") == {}
    for rule in ("EU", "UK"):
        found = blocked_by_ownership(stakes, ["X"], rule)
        assert list(found) == ["A", "B"]
        assert found["A"].why == "blocked persons control A: X"
    assert list(blocked_by_ownership([Stake("A", "X", 0.0, control=True)], ["X"], "EU")) == ["A"]


def test_shares_are_what_they_were_written_as() -> None:
    # Sums that are one half on paper, and one that misses it by less than a float can tell.
    for shares in ((0.1, 0.2, 0.2), (0.2, 0.2, 0.1), (1 / 6, 1 / 3, 0.0000000001)):
        owners = {"A": dict(zip("XYZ", shares, strict=True))}
        assert "A" in blocked_by_ownership(owners, ["X", "Y", "Z"])
        assert "A" not in blocked_by_ownership(owners, ["X", "Y", "Z"], "UK")
    assert "A" not in blocked_by_ownership({"A": {"X": 0.4999}}, ["X"])


def test_a_listed_owner_in_between_hides_nothing_from_the_united_kingdom() -> None:
    owners = {"L": {"X": 1.0}, "C": {"X": 0.3, "L": 0.3, "Z": 0.4}}
    found = blocked_by_ownership(owners, ["X", "L"], "UK")
    assert list(found) == ["C"] and found["C"].by == ("X",)


def test_who_is_blocked_by_name_is_left_out_and_strangers_do_no_harm() -> None:
    assert blocked_by_ownership({"A": {"X": 1.0}}, ["X", "A", "nobody"]) == {}
    assert blocked_by_ownership({}, ["X"]) == {}
    # Who is blocked by name stands for itself, whoever owns it.
    owners = {"A": {"X": 1.0}, "B": {"A": 1.0}}
    assert blocked_by_ownership(owners, ["X", "A"])["B"].by == ("A",)
    assert blocked_by_ownership({"A": {"X": 1.0}}, []) == {}


@pytest.mark.parametrize(
    ("owners", "message"),
    [
        ({"A": {"X": 0.6, "Y": 0.5}}, r"shares of A that add up to 1\.1"),
        ({"A": {"B": 0.5}, "B": {"A": 0.5}}, "owners in a circle: A < B < A"),
        (
            {"E": {"A": 0.1}, "A": {"X": 0.1, "B": 0.5}, "B": {"C": 0.5}, "C": {"A": 0.5}},
            "circle: A < B < C < A",
        ),
        ({"A": {"A": 0.5}}, "another than the entity"),
        ({"A": {"X": 1.5}}, "from 0 to 1"),
        ({"A": {"X": -0.5}}, "from 0 to 1"),
        ({"A": {"X": float("nan")}}, "from 0 to 1"),
        ({"A": {"X": True}}, "from 0 to 1"),
        ({"A": {"X": "half"}}, "from 0 to 1"),
        ({"A": {"X": 0.0}}, "above 0"),
        ({"A": {"": 0.5}}, "a name"),
        ({"A": 0.5}, "a mapping from owners"),
        ([Stake("A", "X", 0.2), Stake("A", "X", 0.2)], "X as owner of A twice"),
        (["A"], "a Stake"),
        ("A", "a list of Stake"),
    ],
)
def test_owners_that_cannot_be_are_refused(owners: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        blocked_by_ownership(owners, ["X"])


def test_rules_and_blocked_persons_that_are_none_are_refused() -> None:
    with pytest.raises(InputError, match="nearest  UK"):
        blocked_by_ownership({}, [], "uk")
    with pytest.raises(InputError, match="a list of names"):
        blocked_by_ownership({}, "X")
    with pytest.raises(InputError, match="the name of"):
        blocked_by_ownership({}, [""])
    with pytest.raises(InputError, match="a day"):
        ownership_rule("EU", "2024")  # type: ignore[arg-type]


def twin(owners: Owners, blocked: list[str], rule: str) -> set[str]:
    """The fixed point of the definition, from nothing upwards, in hundredths."""

    def grow(roots: set[str]) -> set[str]:
        caught = set(roots)
        while True:
            more = set()
            for entity, shares in owners.items():
                held = sum(Fraction(round(s * 100)) for o, s in shares.items() if o in caught)
                if held > 50 or (held == 50 and rule != "UK"):
                    more.add(entity)
            if more <= caught:
                return caught
            caught |= more

    groups = [{one} for one in blocked] if rule == "UK" else [set(blocked)]
    return set().union(*(grow(group) for group in groups)) - set(blocked) if groups else set()


def test_whoever_is_blocked_is_whoever_a_plain_count_finds() -> None:
    chance = random.Random(6)
    several = 0
    for _ in range(400):
        people = ["P", "Q", "R"]
        owners: Owners = {}
        for number in range(6):
            entity = f"E{number}"
            able = [*people, *owners]
            shares: dict[str, float] = {}
            left = 100
            for owner in chance.sample(able, chance.randint(1, min(4, len(able)))):
                part = chance.choice([10, 20, 25, 30, 50, 51])
                if part <= left:
                    shares[owner] = part / 100
                    left -= part
            owners[entity] = shares
        blocked = chance.sample([*people, "E1"], chance.randint(0, 2))
        order = list(owners)
        chance.shuffle(order)
        shuffled = {entity: owners[entity] for entity in order}
        for rule in ("US", "EU", "UK"):
            found = blocked_by_ownership(shuffled, blocked, rule)
            assert set(found) == twin(owners, blocked, rule)
            several += len(found) > 1
            for one in found.values():
                assert set(one.by) <= set(blocked)
    assert several > 100
