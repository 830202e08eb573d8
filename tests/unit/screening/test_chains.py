"""Ownership in aggregate through chains, against all sets that could be held."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from baseload.errors import InputError
from baseload.screening import Link, links_by_asset, owned_by_listed


def owns(owner: str, asset: str, share: float | None, most: float | None = None) -> Link:
    if most is None:
        most = 1.0 if share is None else share
    return Link(owner, asset, share, "", share_at_most=most)


def least_closed_set(links: list[Link], listed: set[str], names: list[str]) -> set[str]:
    """The intersection of all sets with the listed in them that hold all they hold one half of."""
    found = set(names)
    for size in range(len(names) + 1):
        for chosen in map(set, combinations(names, size)):
            closed = listed <= chosen and all(
                name in chosen
                or sum(
                    link.share or 0.0
                    for link in links
                    if link.asset == name and link.owner in chosen and link.owner != name
                )
                < 0.5 - 1e-9
                for name in names
            )
            if closed:
                found &= chosen
    return found


def test_chains_hold_what_every_closed_set_holds() -> None:
    draws = random.Random(11)
    names = list("abcdef")
    seen = set()
    for _ in range(60):
        pairs = draws.sample([(x, y) for x in names for y in names if x != y], 8)
        links = [owns(x, y, draws.choice([0.1, 0.25, 0.3, 0.5, 0.6])) for x, y in pairs]
        listed = set(draws.sample(names, draws.choice([0, 1, 2])))
        held = least_closed_set(links, listed, names)
        for name in names:
            found = owned_by_listed(name, links_by_asset(links), listed)
            direct = min(
                1.0,
                sum(x.share or 0.0 for x in links if x.asset == name and x.owner in held),
            )
            assert found.share_at_least == pytest.approx(direct)
            assert found.owned == ("yes" if direct >= 0.5 - 1e-9 else "no")
            seen.add(found.owned)
    assert seen == {"yes", "no"}


def test_an_unknown_share_may_reach_the_half_or_not() -> None:
    links = links_by_asset([owns("x", "a", None), owns("y", "a", 0.4)])
    found = owned_by_listed("a", links, {"x"})
    assert (found.owned, found.share_at_least) == ("cannot tell", 0.0)
    assert found.share_at_most == pytest.approx(0.6)
    assert [link.owner for link in found.links] == ["x"]
    # Others hold too much for it.
    links = links_by_asset([owns("x", "a", None), owns("y", "a", 0.6)])
    assert owned_by_listed("a", links, {"x"}).owned == "no"


def test_a_range_that_holds_the_half_cannot_be_told() -> None:
    links = links_by_asset([owns("x", "a", 0.25, 0.5)])
    assert owned_by_listed("a", links, {"x"}).owned == "cannot tell"
    assert owned_by_listed("a", links, {"x"}, 0.2).owned == "yes"
    assert owned_by_listed("a", links, {"x"}, 0.51).owned == "no"


def test_an_uncertain_step_makes_all_above_it_uncertain() -> None:
    links = links_by_asset([owns("x", "a", None), owns("a", "b", 1.0)])
    found = owned_by_listed("b", links, {"x"})
    assert (found.share_at_least, found.share_at_most) == (0.0, 1.0)
    assert found.owned == "cannot tell"
    assert [(link.owner, link.asset) for link in found.links] == [("a", "b"), ("x", "a")]


def test_two_records_of_one_stake_count_once() -> None:
    links = links_by_asset([owns("x", "a", 0.3), owns("x", "a", 0.3)])
    found = owned_by_listed("a", links, {"x"})
    assert (found.share_at_least, found.share_at_most) == (0.3, 0.6)
    assert found.owned == "cannot tell"


def test_circles_and_owning_oneself_end() -> None:
    links = links_by_asset([owns("a", "b", 0.6), owns("b", "a", 0.6), owns("a", "a", 0.9)])
    assert owned_by_listed("a", links, ()).owned == "no"
    assert owned_by_listed("a", links, {"b"}).owned == "yes"
    assert owned_by_listed("a", links, {"a"}).owned == "yes"  # through b, which a itself holds


def test_shares_above_the_whole_are_the_whole() -> None:
    links = links_by_asset([owns("x", "a", 0.8), owns("y", "a", 0.8)])
    found = owned_by_listed("a", links, {"x", "y"})
    assert (found.share_at_least, found.share_at_most) == (1.0, 1.0)


def test_what_ended_does_not_count() -> None:
    ended = Link("x", "a", 1.0, "", share_at_most=1.0, ended_on="2025-06-30")
    assert owned_by_listed("a", links_by_asset([ended], "2025-06-30"), {"x"}).owned == "yes"
    assert owned_by_listed("a", links_by_asset([ended], "2025-07-01"), {"x"}).owned == "no"
    year = Link("x", "a", 1.0, "", share_at_most=1.0, ended_on="2025")
    assert owned_by_listed("a", links_by_asset([year], "2025-07-01"), {"x"}).owned == "yes"
    assert owned_by_listed("a", links_by_asset([year], "2026-01-01"), {"x"}).owned == "no"


def test_a_directorship_is_no_ownership_but_is_told() -> None:
    directs = Link("x", "a", None, "chairman", "Directorship")
    found = owned_by_listed("a", links_by_asset([directs]), {"x"})
    assert (found.owned, found.share_at_most) == ("no", 0.0)
    assert found.other_links == (directs,)
    assert owned_by_listed("a", links_by_asset([directs]), {"y"}).other_links == ()


def test_an_entity_without_links_is_not_owned() -> None:
    found = owned_by_listed("a", {}, {"a"})
    assert (found.owned, found.share_at_least, found.links) == ("no", 0.0, ())


@pytest.mark.parametrize("threshold", [0.0, 1.1, -1.0, float("nan"), True])
def test_a_threshold_out_of_range_is_refused(threshold: float) -> None:
    with pytest.raises(InputError, match="threshold"):
        owned_by_listed("a", {}, (), threshold)
