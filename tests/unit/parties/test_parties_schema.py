"""Parties, configurations and arrangements: what is taken and what is refused."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from pydantic import ValidationError

from baseload.parties.schema import Accord

GOOD: dict[str, Any] = {
    "as_of": "2026-11-24",
    "idle_cost": {"holder": 0.75},
    "parties": [
        {"name": "holder", "rights": ["possession", "operation"], "discount_rate": 0.1},
        {"name": "owner", "rights": ["title", "grid"], "discount_rate": 0.1},
        {"name": "lender", "rights": ["capital", "machines"], "discount_rate": 0.05},
    ],
    "configurations": [
        {
            "name": "all",
            "needs": ["possession", "title", "capital"],
            "source": "assumed: for a test",
        },
        {
            "name": "alone",
            "needs": ["possession"],
            "without": ["owner"],
            "source": "assumed: for a test",
        },
    ],
    "arrangements": [
        {"name": "nothing"},
        {
            "name": "together",
            "members": ["holder", "lender"],
            "consents": ["owner"],
            "configuration": "all",
            "terms": {"capital": {"lender": 1}, "shares": {"holder": 0.5, "lender": 0.5}},
        },
    ],
}


def changed(*path: Any, to: Any) -> dict[str, Any]:
    document = copy.deepcopy(GOOD)
    here = document
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = to
    return document


def faults(document: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Place, found and nearest of each fault."""
    with pytest.raises(ValidationError) as caught:
        Accord.model_validate(document)
    found = []
    for error in caught.value.errors():
        raised = error.get("ctx", {}).get("error")
        for fault in getattr(raised, "faults", (raised,)):
            if fault is None:
                found.append((".".join(map(str, error["loc"])), error["msg"], ""))
            else:
                at = ".".join(map(str, (*error["loc"], *fault.at)))
                found.append((at, fault.found, fault.nearest))
    return found


def test_a_sound_accord_is_taken_and_knows_what_coalitions_hold() -> None:
    accord = Accord.model_validate(GOOD)
    assert accord.party_names == ("holder", "owner", "lender")
    assert accord.rights_of(["holder", "owner"]) == {"possession", "operation", "title", "grid"}
    assert accord.configuration("alone").without == ["owner"]
    assert accord.party("lender").discount_rate == 0.05


@pytest.mark.parametrize(
    ("path", "value", "at", "nearest"),
    [
        (("arrangements", 1, "members"), ["holdr", "lender"], "arrangements.1.members.0", "holder"),
        (("arrangements", 1, "consents"), ["ownr"], "arrangements.1.consents.0", "owner"),
        (("arrangements", 1, "configuration"), "al", "arrangements.1.configuration", "all"),
        (("consent",), ["holder", "lendr"], "consent.1", "lender"),
        (("idle_cost",), {"holdr": 1.0}, "idle_cost.holdr", "holder"),
        (("disagreement",), "nothin", "disagreement", "nothing"),
        (("configurations", 1, "without"), ["ownr"], "configurations.1.without.0", "owner"),
        (("configurations", 0, "taxed_by"), "ownr", "configurations.0.taxed_by", "owner"),
        (
            ("arrangements", 1, "terms"),
            {"capital": {"lendr": 1}, "shares": {"holder": 0.5, "lender": 0.5}},
            "arrangements.1.terms.capital.lendr",
            "lender",
        ),
    ],
)
def test_a_name_that_nobody_has_is_refused_with_the_nearest(
    path: tuple[Any, ...], value: Any, at: str, nearest: str
) -> None:
    (fault,) = faults(changed(*path, to=value))
    assert (fault[0], fault[2]) == (at, nearest)


def test_rights_that_nobody_brings_are_named() -> None:
    (fault,) = faults(changed("arrangements", 1, "consents", to=[]))
    assert fault[0] == "arrangements.1.configuration" and "title" in fault[1]


def test_a_member_with_whom_it_cannot_be_had_is_refused() -> None:
    document = changed("arrangements", 1, "configuration", to="alone")
    document["arrangements"][1]["members"] = ["holder", "owner", "lender"]
    (fault,) = faults(document)
    assert fault[0] == "arrangements.1.members" and "owner" in fault[1]


def test_a_split_that_does_not_add_up_is_refused() -> None:
    document = changed("arrangements", 1, "terms", "shares", to={"holder": 0.5, "lender": 0.4})
    assert any("0.9" in fault[1] for fault in faults(document))


def test_shares_of_the_idle_cost_add_up_to_one_at_most() -> None:
    (fault,) = faults(changed("idle_cost", to={"holder": 0.75, "owner": 0.5}))
    assert fault[0] == "idle_cost" and "1.25" in fault[1]


@pytest.mark.parametrize("section", ["parties", "arrangements", "configurations"])
def test_names_come_once(section: str) -> None:
    document = copy.deepcopy(GOOD)
    document[section].append(copy.deepcopy(document[section][0]))
    assert any("second of that name" in fault[1] for fault in faults(document))


def test_without_terms_nothing_that_runs_can_be_shared() -> None:
    document = copy.deepcopy(GOOD)
    del document["arrangements"][1]["terms"]
    (fault,) = faults(document)
    assert fault[:2] == ("arrangements.1", "no terms")


def test_there_must_be_something_that_holds_without_an_agreement() -> None:
    document = copy.deepcopy(GOOD)
    del document["arrangements"][0]
    (fault,) = faults(document)
    assert fault[0] == "arrangements" and "without an agreement" in fault[1]


def test_a_value_for_the_same_coalition_twice_is_refused() -> None:
    values = [
        {"coalition": ["holder", "owner"], "usd_million": 1, "source": "assumed: a test's"},
        {"coalition": ["owner", "holder"], "usd_million": 2, "source": "assumed: a test's"},
    ]
    (fault,) = faults(changed("values", to=values))
    assert fault[0] == "values.1.coalition"


def test_red_lines_that_nothing_could_meet_together_are_refused() -> None:
    lines = [
        {"line": "we operate", "needs": 'operator = "holder"', "source": "assumed: a test's"},
        {"line": "they operate", "needs": 'operator = "owner"', "source": "assumed: a test's"},
    ]
    (fault,) = faults(changed("parties", 0, "red_lines", to=lines))
    assert fault[0] == "parties.0.red_lines.1.needs" and "we operate" in fault[1]


@pytest.mark.parametrize("text", ["__import__('os')", "operator = ", "lambda: 1", "a[0]"])
def test_a_red_line_runs_no_code(text: str) -> None:
    lines = [{"line": "a line", "needs": text, "source": "assumed: a test's"}]
    (fault,) = faults(changed("parties", 0, "red_lines", to=lines))
    assert fault[0] == "parties.0.red_lines.0.needs"


def test_an_activity_that_the_law_does_not_know_is_refused_with_the_nearest() -> None:
    activities = [{"party": "holder", "does": "operat"}]
    (fault,) = faults(changed("arrangements", 1, "activities", to=activities))
    assert fault[0] == "arrangements.1.activities.0.does" and fault[2] == "operate"


def test_only_a_member_walks_out() -> None:
    outs = [{"party": "owner", "source": "assumed: a test's"}]
    (fault,) = faults(changed("arrangements", 1, "walk_outs", to=outs))
    assert fault[0] == "arrangements.1.walk_outs.0.party"
