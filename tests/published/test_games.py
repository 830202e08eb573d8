"""Source: Aumann & Maschler 1985, Littlechild & Owen 1973, Shapley & Shubik 1954, Nash 1950; more at each test.

What a paper prints is written down as a fraction; what it gives as a formula is worked out here
beside the solution, and votes are counted once more by listing or by drawing orders.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from math import comb
from typing import Any

import numpy as np
import pytest
from tests.unit.accord.twins import airport, bankruptcy, game, names, short

from baseload.accord import (
    banzhaf_index,
    core_certificate,
    core_is_empty,
    is_in_core,
    least_core,
    nash_bargaining,
    nucleolus,
    prenucleolus,
    shapley_shubik_index,
    shapley_value,
)

# R. J. Aumann, M. Maschler, Game Theoretic Analysis of a Bankruptcy Problem from the Talmud,
# Journal of Economic Theory 36(2), 1985, https://doi.org/10.1016/0022-0531(85)90102-4
DEBTS = {"1": 100, "2": 200, "3": 300}
TALMUD = {
    100: [Fraction(100, 3), Fraction(100, 3), Fraction(100, 3)],
    200: [Fraction(50), Fraction(75), Fraction(75)],
    300: [Fraction(50), Fraction(100), Fraction(150)],
}

# Votes and majorities in the Council of the European Union: CVCE, Evolution of qualified majority
# voting in the Council. Shares of population for 2016: Council Decision (EU, Euratom) 2015/2393.
COUNCIL_1958 = {
    "Germany": 4,
    "France": 4,
    "Italy": 4,
    "Belgium": 2,
    "Netherlands": 2,
    "Luxembourg": 1,
}
COUNCIL_1995 = [10] * 4 + [8] + [5] * 4 + [4] * 2 + [3] * 3 + [2]
POPULATION_2016 = {
    "Germany": 15.93,
    "France": 13.04,
    "United Kingdom": 12.73,
    "Italy": 12.07,
    "Spain": 9.12,
    "Poland": 7.47,
    "Romania": 3.9,
    "Netherlands": 3.37,
    "Belgium": 2.21,
    "Greece": 2.13,
    "Czech Republic": 2.05,
    "Portugal": 2.04,
    "Hungary": 1.94,
    "Sweden": 1.92,
    "Austria": 1.69,
    "Bulgaria": 1.42,
    "Denmark": 1.11,
    "Finland": 1.08,
    "Slovakia": 1.06,
    "Ireland": 0.91,
    "Croatia": 0.83,
    "Lithuania": 0.57,
    "Slovenia": 0.41,
    "Latvia": 0.39,
    "Estonia": 0.26,
    "Cyprus": 0.17,
    "Luxembourg": 0.11,
    "Malta": 0.08,
}


@pytest.mark.parametrize("estate", TALMUD)
def test_estates_of_the_talmud_are_shared_as_it_says(estate: int) -> None:
    values = bankruptcy(DEBTS, estate)
    expected = dict(zip(DEBTS, map(float, TALMUD[estate]), strict=True))
    assert nucleolus(values) == expected
    assert prenucleolus(values) == expected
    assert is_in_core(expected, values, tolerance=1e-13)


def contested_garment(debts: dict[str, int], estate: int) -> dict[str, Fraction]:
    """The paper's rule: half the debts, gained alike up to half of all, lost alike beyond."""
    half = Fraction(sum(debts.values()), 2)
    left = Fraction(min(Fraction(estate), 2 * half - estate))
    shares: dict[str, Fraction] = {}
    for count, name in zip(
        range(len(debts), 0, -1), sorted(debts, key=debts.__getitem__), strict=True
    ):
        shares[name] = min(Fraction(debts[name], 2), left / count)
        left -= shares[name]
    if estate > half:
        return {name: debts[name] - shares[name] for name in debts}
    return {name: shares[name] for name in debts}


@pytest.mark.parametrize("estate", [1, 77, 250, 410, 555, 600])
def test_any_estate_is_shared_by_the_rule_of_the_contested_garment(estate: int) -> None:
    debts = {"1": 60, "2": 100, "3": 120, "4": 150, "5": 180}
    expected = {name: float(share) for name, share in contested_garment(debts, estate).items()}
    assert nucleolus(bankruptcy(debts, estate)) == expected


def test_gloves_go_for_nothing_where_there_are_more_of_them() -> None:
    # L. S. Shapley, M. Shubik, Pure Competition, Coalitional Power, and Fair Division, International
    # Economic Review 10(3), 1969, https://doi.org/10.2307/2525647: the glove market.
    values = short(AB=1, AC=1, BC=0, ABC=1)
    assert nucleolus(values) == {"A": 1.0, "B": 0.0, "C": 0.0}
    assert shapley_value(values) == {"A": 2 / 3, "B": 1 / 6, "C": 1 / 6}
    assert core_certificate(values).payoff == {"A": 1.0, "B": 0.0, "C": 0.0}
    # Many pairs and one glove too many: the core leaves the longer side nothing.
    crowd = game(names(9), lambda one: min(len(one & set("ABCD")), len(one - set("ABCD"))))
    assert nucleolus(crowd) == {name: float(name in "ABCD") for name in names(9)}


COSTS = [
    [3, 5, 7, 12],
    [1, 1, 2, 2, 2, 9],
    [4, 4, 4, 4, 4],
    [1, 2, 4, 8, 16, 32, 64, 128],
    [10, 11, 12, 20, 31, 31, 45, 60, 61, 90],
]


@pytest.mark.parametrize("costs", COSTS, ids=str)
def test_landing_fees_by_the_shapley_value_share_each_piece_of_runway(costs: list[int]) -> None:
    # S. C. Littlechild, G. Owen, A Simple Expression for the Shapley Value in a Special Case,
    # Management Science 20(3), 1973, https://doi.org/10.1287/mnsc.20.3.370
    named = dict(zip(names(len(costs)), costs, strict=True))
    fee, before = Fraction(0), 0
    expected = {}
    for i, (name, cost) in enumerate(named.items()):
        fee += Fraction(cost - before, len(costs) - i)
        before = cost
        expected[name] = -float(fee)
    assert shapley_value(airport(named)) == expected


@pytest.mark.parametrize("costs", COSTS, ids=str)
def test_landing_fees_by_the_nucleolus_follow_littlechild(costs: list[int]) -> None:
    # S. C. Littlechild, A Simple Expression for the Nucleolus in a Special Case, International Journal
    # of Game Theory 3, 1974, https://doi.org/10.1007/BF01766216
    named = dict(zip(names(len(costs)), costs, strict=True))
    fees: list[Fraction] = []
    while len(fees) < len(costs):
        done, spent = len(fees), sum(fees, Fraction(0))
        fee, upto = min(
            [
                (Fraction(costs[i - 1] - spent) / (i - done + 1), i)
                for i in range(done + 1, len(costs))
            ]
            + [(Fraction(costs[-1] - spent) / (len(costs) - done), len(costs))]
        )
        fees += [fee] * (upto - done)
    expected = dict(zip(named, (-float(fee) for fee in fees), strict=True))
    assert nucleolus(airport(named)) == expected


def test_a_majority_of_three_has_an_empty_core() -> None:
    # J. von Neumann, O. Morgenstern, Theory of Games and Economic Behavior, 1944: the majority game.
    values = game(names(3), lambda one: int(len(one) >= 2))
    assert core_is_empty(values)
    assert least_core(values) == (1 / 3, dict.fromkeys(names(3), 1 / 3))


def test_the_security_council_of_eleven_gives_the_five_what_the_paper_says() -> None:
    # L. S. Shapley, M. Shubik, A Method for Evaluating the Distribution of Power in a Committee
    # System, American Political Science Review 48(3), 1954, https://doi.org/10.2307/1951053:
    # the five have 76/77 of the power.
    index = shapley_shubik_index(dict.fromkeys(range(11), 1), 7, vetoes=range(5))
    assert [index[i] for i in range(11)] == [76 / 385] * 5 + [1 / 462] * 6


def test_the_security_council_of_fifteen_by_counting_on_paper() -> None:
    # Charter of the United Nations, article 27 as amended in 1965: nine votes, with all five.
    weights = {**dict.fromkeys(range(5), 7), **dict.fromkeys(range(5, 15), 1)}
    index = shapley_shubik_index(weights, 39)
    # One of the ten turns a coalition of the five and three of the other nine.
    elected = Fraction(comb(9, 3)) / (15 * comb(14, 8))
    permanent = (1 - 10 * elected) / 5
    assert (elected, permanent) == (Fraction(4, 2145), Fraction(421, 2145))
    assert [index[i] for i in range(15)] == [float(permanent)] * 5 + [float(elected)] * 10
    # J. F. Banzhaf's count: 84 for one of the ten, 848 for one of the five.
    swings = [sum(comb(10, k) for k in range(4, 11))] * 5 + [comb(9, 3)] * 10
    assert swings == [848] * 5 + [84] * 10
    chance = banzhaf_index(weights, 39, normalised=False)
    assert [chance[i] for i in range(15)] == [own / 2**14 for own in swings]
    share = banzhaf_index(weights, 39)
    assert [share[i] for i in range(15)] == [own / 5080 for own in swings]
    assert shapley_shubik_index(dict.fromkeys(range(15), 1), 9, vetoes=range(5)) == index


def test_luxembourg_had_a_vote_and_no_power_in_1958() -> None:
    index = shapley_shubik_index(COUNCIL_1958, 12)
    assert list(index.values()) == [float(Fraction(n, 60)) for n in (14, 14, 14, 9, 9, 0)]
    swings = [10, 10, 10, 6, 6, 0]
    assert list(banzhaf_index(COUNCIL_1958, 12).values()) == [n / 42 for n in swings]
    chance = banzhaf_index(COUNCIL_1958, 12, normalised=False)
    assert list(chance.values()) == [n / 32 for n in swings]


def test_the_council_of_1995_by_listing_its_coalitions() -> None:
    votes = np.array(COUNCIL_1995)
    members = np.arange(1 << 15)[:, None] >> np.arange(15) & 1
    sums, sizes = members @ votes, members.sum(axis=1)
    weights = dict(enumerate(COUNCIL_1995))
    chance = banzhaf_index(weights, 62, normalised=False)
    index = shapley_shubik_index(weights, 62)
    for member, own in enumerate(COUNCIL_1995):
        turns = (members[:, member] == 0) & (sums < 62) & (sums + own >= 62)
        assert chance[member] == turns.sum() / 2**14
        by_size = np.bincount(sizes[turns], minlength=15)
        orders = sum(Fraction(int(n), 15 * comb(14, size)) for size, n in enumerate(by_size))
        assert index[member] == float(orders)


def test_the_council_of_2016_by_drawing_orders_in_which_members_agree() -> None:
    # Treaty on European Union, article 16(4): 55 % of the members with 65 % of the population, and at
    # least four to block.
    members = list(POPULATION_2016)
    given: dict[str, Any] = {
        "weights": [dict.fromkeys(members, 1), POPULATION_2016],
        "quota": [0.55 * 28, Fraction(65, 100) * sum(map(hundredths, POPULATION_2016.values()))],
        "blocking_minority": 4,
    }
    index = shapley_shubik_index(**given)
    assert sum(index.values()) == pytest.approx(1.0, abs=1e-15)
    assert list(index) == members
    population = np.array(list(POPULATION_2016.values()))
    random_numbers = np.random.default_rng(2016)
    orders = random_numbers.permuted(np.tile(np.arange(28), (40_000, 1)), axis=1)
    agreed = population[orders].cumsum(axis=1) >= 0.65 * population.sum() - 1e-9
    count = np.arange(1, 29)
    wins = (agreed & (count >= 15.4)) | (count > 28 - 4)
    turned = orders[np.arange(40_000), wins.argmax(axis=1)]
    drawn = np.bincount(turned, minlength=28) / 40_000
    error = np.sqrt(drawn * (1 - drawn) / 40_000)
    assert (np.abs(drawn - list(index.values())) < 4.5 * error).all()
    # Without the rule of four, three of the four largest could block alone; it takes that from them.
    without = shapley_shubik_index(given["weights"], given["quota"])
    assert without["Germany"] > index["Germany"]
    chance = banzhaf_index(**given, normalised=False)
    tosses = random_numbers.random((200_000, 28)) < 0.5
    for name in ("Germany", "Poland", "Malta"):
        member = members.index(name)
        either = []
        for inside in (False, True):
            drawn_in = tosses.copy()
            drawn_in[:, member] = inside
            sizes = drawn_in.sum(axis=1)
            enough = drawn_in @ population >= 0.65 * population.sum() - 1e-9
            either.append((enough & (sizes >= 15.4)) | (sizes > 28 - 4))
        turns = either[1] & ~either[0]
        assert abs(turns.mean() - chance[name]) < 4.5 * turns.std() / np.sqrt(200_000)


def hundredths(share: float) -> Fraction:
    return Fraction(round(100 * share), 100)


def test_bill_and_jack_barter_as_in_nash() -> None:
    # J. F. Nash, The Bargaining Problem, Econometrica 18(2), 1950, https://doi.org/10.2307/1907266:
    # Bill gives book, whip, ball and bat, Jack gives pen, toy and knife.
    bills = {"book": (2, 4), "whip": (2, 2), "ball": (2, 1), "bat": (2, 2), "box": (4, 1)}
    jacks = {"pen": (10, 1), "toy": (4, 1), "knife": (6, 2), "hat": (2, 2)}
    goods = [(-bill, jack) for bill, jack in bills.values()]
    goods += [(bill, -jack) for bill, jack in jacks.values()]
    moved = list(itertools.product((0, 1), repeat=len(goods)))
    points = np.array(moved) @ np.array(goods)
    barter = moved.index((1, 1, 1, 1, 0, 1, 1, 1, 0))
    assert points[barter].tolist() == [12, 5]
    bargain = nash_bargaining(points, [0, 0])
    assert bargain.payoff == pytest.approx([12, 5], rel=1e-12)
    assert nash_bargaining(points, [0, 0], lotteries=False).payoff.tolist() == [12, 5]
