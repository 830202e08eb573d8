"""Terms and months drawn at random, for tests that hold for all of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from baseload.sharing import MonthlyCash, Terms

PARTIES = ("holder", "owner", "miner")
ANYONE = (*PARTIES, "outside")


@st.composite
def splits(draw: st.DrawFn) -> dict[str, str]:
    names = draw(st.permutations(PARTIES))[: draw(st.integers(1, 3))]
    weights = draw(st.lists(st.integers(0, 7), min_size=len(names), max_size=len(names)))
    weights[0] += 1
    return {name: f"{weight}/{sum(weights)}" for name, weight in zip(names, weights, strict=True)}


def shares(most: int = 20) -> st.SearchStrategy[float]:
    return st.integers(0, most).map(lambda part: part / 20)


@st.composite
def tiers(draw: st.DrawFn) -> list[dict[str, Any]]:
    by_factor = draw(st.booleans())
    name = "until_r_factor" if by_factor else "until_usd_million"
    scale = 1.0 if by_factor else 1e-5
    limits = sorted(draw(st.sets(st.integers(1, 9), min_size=1, max_size=3)))
    found: list[dict[str, Any]] = [
        {name: round(limit * scale / (3 if by_factor else 1), 8), "shares": draw(splits())}
        for limit in limits
    ]
    return [*found, {"shares": draw(splits())}]


@st.composite
def all_terms(draw: st.DrawFn, in_kind: bool | None = None) -> Terms:
    given: dict[str, Any] = {"capital": draw(splits())}
    if draw(st.booleans()):
        given["shares"] = draw(splits())
    else:
        given["tiers"] = draw(tiers())
    given["royalty"] = [
        {"to": draw(st.sampled_from(ANYONE)), "share_of_gross": draw(st.integers(1, 5)) / 20}
        for _ in range(draw(st.integers(0, 2)))
    ]
    given["taxes"] = []
    for index in range(draw(st.integers(0, 3))):
        tax: dict[str, Any] = {
            "jurisdiction": f"state {index}",
            "to": draw(st.sampled_from(ANYONE)),
            "rate_on_profit": draw(shares(6)),
            "loss_carry_forward": draw(st.booleans()),
        }
        if draw(st.booleans()):
            tax["of"] = draw(st.sampled_from(PARTIES))
        else:
            tax["rate_on_gross"] = draw(shares(3))
            tax["depreciation_years"] = draw(st.integers(1, 4))
        given["taxes"].append(tax)
    if draw(st.booleans()):
        given["cost_recovery"] = {
            "limit_share_of_gross": draw(st.integers(1, 20)) / 20,
            "uplift_share": draw(shares()),
            "interest_per_year": draw(shares()),
            "order": draw(st.sampled_from(["pro rata", "as listed"])),
        }
    given["safety_first"] = draw(st.booleans())
    given["in_kind"] = draw(st.booleans()) if in_kind is None else in_kind
    return Terms(**given)


@st.composite
def months(draw: st.DrawFn) -> MonthlyCash:
    count = draw(st.integers(1, 40))
    most = draw(st.sampled_from([3, 100, 5000]))
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    revenue, operating, safety = random.integers(0, most, (3, count))
    revenue *= random.random(count) < 0.9
    capital = random.integers(0, 6 * most, count) * (random.random(count) < 0.2)
    return MonthlyCash(
        revenue,
        operating // 2,
        capital,
        safety * (random.random(count) < 0.4),
        random.integers(0, 10**6, count),
        random.integers(0, revenue + 1),
    )
