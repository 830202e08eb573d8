"""Which rule governs, what blocks, from when on all is lawful, and who may pay whom."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.unit.law.law_cases import DAY, rule

from baseload.accord import who_pays_whom
from baseload.errors import InputError
from baseload.law import (
    NOTHING_FOUND,
    OCCUPIED,
    PLANT,
    Activity,
    Finding,
    Relief,
    Rule,
    allowed_payments,
    findings,
    may_pay,
    over_time,
    rules_that_hold,
    shipped_rules,
)

DEAL = Activity("invest", "United States", "Rosatom", PLANT)
FSUE = "FSUE Zaporizhzhia NPP"


def status(rules: list[Rule], activity: Activity = DEAL, **more: Any) -> str:
    (found,) = findings([activity], rules, DAY, **more)
    return found.status


def blocking(found: Finding) -> list[str]:
    return [ground.rule.name for ground in found.blocking]


# Which rule governs


def test_silence_is_no_permission() -> None:
    other = rule("other", activity="mine")
    (found,) = findings([DEAL], [other], DAY)
    assert found.status == NOTHING_FOUND and not found.is_lawful
    assert found.silent == ("US",) and found.blocking == ()
    assert findings([DEAL], [], DAY)[0].status == NOTHING_FOUND
    assert found.of("EU").status == NOTHING_FOUND
    assert findings([], [other], DAY) == ()


@pytest.mark.parametrize(
    ("changes", "meets"),
    [
        ({"party": "any"}, True),
        ({"party": "United States"}, True),
        ({"party": "States"}, True),
        ({"party": "EU persons"}, False),
        ({"party": "Rosatom"}, False),
        ({"counterparty": "Rosatom"}, True),
        ({"counterparty": "Russian persons"}, True),
        ({"counterparty": "United States"}, False),
        ({"territory": PLANT}, True),
        ({"territory": OCCUPIED}, True),
        ({"territory": "Crimea"}, False),
        ({"activity": "any"}, True),
        ({"activity": "finance"}, False),
        ({"from_on": DAY}, True),
        ({"from_on": DAY + timedelta(days=1)}, False),
        ({"until_on": DAY}, True),
        ({"until_on": DAY - timedelta(days=1)}, False),
    ],
)
def test_a_rule_meets_what_it_speaks_of(changes: dict[str, Any], meets: bool) -> None:
    assert (status([rule("a", **changes)]) == "prohibited") is meets


def test_an_activity_without_counterparty_or_place_meets_only_rules_for_any() -> None:
    bare = Activity("invest", "United States")
    assert status([rule("a")], bare) == "prohibited"
    assert status([rule("a", counterparty="Rosatom")], bare) == NOTHING_FOUND
    assert status([rule("a", territory=PLANT)], bare) == NOTHING_FOUND


def test_the_higher_rank_governs_whatever_is_narrower() -> None:
    ban = rule("ban", counterparty="Rosatom", territory=PLANT)
    licence = rule("licence", "licence", activity="any", party="any", rank=1)
    assert status([ban, licence]) == "licence"
    assert status([replace(ban, rank=2), licence]) == "prohibited"


def test_of_one_rank_the_narrower_governs() -> None:
    ban = rule("ban", activity="any", party="any")
    narrower = rule("narrower", "allowed")
    assert status([ban, narrower]) == "allowed"
    # A unit lies in the plant, and the plant in the region: nearer is narrower.
    region = rule("region", territory=OCCUPIED)
    unit = Activity("invest", "United States", "", f"{PLANT}, unit 1")
    assert status([region, rule("plant", "licence", territory=PLANT)], unit) == "licence"
    own_name = rule("own-name", "allowed", party="United States")
    assert status([rule("ban"), own_name]) == "allowed"


def test_regimes_of_one_jurisdiction_stand_beside_one_another() -> None:
    one = rule("order", "allowed", territory=PLANT, regime="order")
    other = rule("list", activity="any", regime="list")
    assert status([one, other]) == "prohibited"
    assert status([replace(one, regime="list"), other]) == "allowed"


def test_the_worst_jurisdiction_counts_and_each_is_told() -> None:
    rules = [
        rule("us", "licence"),
        rule("eu", "unknown", jurisdiction="EU", party="any"),
        rule("uk", jurisdiction="UK", party="UK persons"),
    ]
    (found,) = findings([DEAL], rules, DAY)
    assert found.status == "unknown"
    assert [(one.jurisdiction, one.status) for one in found.standings] == [
        ("US", "licence"), ("EU", "unknown"), ("UK", NOTHING_FOUND),
    ]  # fmt: skip
    assert blocking(found) == ["eu"]
    for more, worst in (("prohibited", "prohibited"), ("allowed", "unknown")):
        extra = rule("any", more, jurisdiction="UA", party="any")
        assert status([*rules, extra]) == worst
    assert status([rules[0], rule("ru", "allowed", jurisdiction="RU", party="any")]) == "licence"


def test_what_blocks_is_cited_with_source_and_date_and_with_what_would_lift_it() -> None:
    ban = rule("ban", relief="repeal by parliament", source="gazette 7, 2021")
    (found,) = findings([DEAL], [ban, rule("open", "unknown", regime="x")], DAY)
    assert blocking(found) == ["ban", "open"]
    assert found.cited[0] == "US, prohibited: Order of ban (gazette 7, 2021, read 2026-11-24)"
    assert found.relief == ("ban: repeal by parliament", "open: not stated")


def test_of_rules_that_say_the_same_the_latest_is_named_first() -> None:
    old, new = rule("old"), rule("new", from_on=date(2024, 1, 1))
    for rules in ([old, new], [new, old]):
        assert blocking(findings([DEAL], rules, DAY)[0]) == ["new", "old"]


def test_classes_that_bring_two_answers_together_are_refused() -> None:
    rules = [rule("ban", party="Russian persons"), rule("leave", "allowed", party="Miners")]
    miner = Activity("invest", "mine")
    assert status(rules, miner, persons={"mine": ["Miners"]}) == "allowed"
    with pytest.raises(InputError, match=r"leave.status[\s\S]*where ban says prohibited"):
        status(rules, miner, persons={"mine": ["Miners", "Russian persons"]})


def test_what_nobody_knows_is_refused_and_not_passed_in_silence() -> None:
    with pytest.raises(InputError, match=r"activities\[0\]\.party[\s\S]*nearest  United States"):
        status([rule("a")], Activity("invest", "Untied States"))
    with pytest.raises(InputError, match=r"activities\[0\]\.territory"):
        status([rule("a")], Activity("invest", "United States", "", "Zaporizhia NPP"))
    assert status([rule("a")], Activity("invest", "mine"), persons={"mine": []}) == NOTHING_FOUND
    with pytest.raises(InputError, match=r"persons\['mine'\][\s\S]*nearest  US persons"):
        status([rule("a")], persons={"mine": ["US person"]})
    wrong: list[Any] = [{"mine": "US persons"}, {"mine": ["US persons"] * 2}, {"any": []}, ["mine"]]
    for persons in wrong:
        with pytest.raises(InputError, match="persons"):
            status([rule("a")], persons=persons)


def test_a_line_for_a_party_replaces_the_shipped_one() -> None:
    assert status([rule("a")], persons={"United States": ["EU persons"]}) == NOTHING_FOUND
    freed = {PLANT: ["Zaporizhzhia region"], "Zaporizhzhia region": ["Ukraine"]}
    assert status([rule("a", territory=OCCUPIED)], persons=freed) == NOTHING_FOUND
    assert status([rule("a", territory="Ukraine")], persons=freed) == "prohibited"


@pytest.mark.parametrize(
    "fields",
    [("dig", "A"), ("any", "A"), ("mine", ""), ("mine", "any"), ("mine", "A", " B"), ("mine", 3)],
)
def test_an_activity_that_is_none_is_refused(fields: tuple[Any, ...]) -> None:
    with pytest.raises(InputError, match="activity"):
        Activity(*fields)


@pytest.mark.parametrize("day", [datetime(2026, 1, 1), "2026-01-01", None])
def test_a_day_that_is_none_is_refused(day: Any) -> None:
    with pytest.raises(InputError, match="on"):
        findings([DEAL], [rule("a")], day)


# The 50 % rule


def blocked_pair() -> list[Rule]:
    return [
        rule(f"sdn-{name.lower()}", activity="any", counterparty=name, reaches_owned=True)
        for name in ("X", "Y")
    ]


def test_who_deals_with_what_a_blocked_person_owns_deals_with_that_person() -> None:
    deal = Activity("pay", "United States", "Venture")
    owners = {"Venture": {"Holding": 0.5}, "Holding": {"X": 0.5}}
    (found,) = findings([deal], blocked_pair(), DAY, owners=owners)
    assert found.status == "prohibited" and blocking(found) == ["sdn-x"]
    assert "blocked persons own 50 % of Venture: Holding 50 % (blocked through X)" in found.cited[0]
    assert status(blocked_pair(), deal, owners={"Venture": {"X": 0.4}}) == NOTHING_FOUND
    plain = [replace(one, reaches_owned=False) for one in blocked_pair()]
    assert status(plain, deal, owners=owners) == NOTHING_FOUND
    # Another rule on the owner that does not reach so far does not come along.
    near = rule("near", activity="any", counterparty="X", regime="near")
    assert blocking(findings([deal], [*blocked_pair(), near], DAY, owners=owners)[0]) == ["sdn-x"]
    # Only jurisdictions with such a rule reach that far.
    ukraine = [replace(one, jurisdiction="UA") for one in blocked_pair()]
    assert status(ukraine, deal, owners=owners) == NOTHING_FOUND


def test_a_licence_for_one_blocked_owner_does_not_lift_the_others_block() -> None:
    deal = Activity("pay", "United States", "Venture")
    owners = {"Venture": {"X": 0.25, "Y": 0.25}}
    rules = blocked_pair()
    assert blocking(findings([deal], rules, DAY, owners=owners)[0]) == ["sdn-x", "sdn-y"]
    licence = rule("gl-x", "licence", activity="any", counterparty="X", rank=1, reaches_owned=True)
    (found,) = findings([deal], [*rules, licence], DAY, owners=owners)
    assert blocking(found) == ["sdn-y"]
    # A delisting is another matter: a quarter is not enough.
    delisted = [Relief("sdn-x", date(2026, 1, 1), None, "allowed", "assumed: a test")]
    (found,) = findings([deal], rules, DAY, owners=owners, relief=delisted)
    assert found.status == NOTHING_FOUND
    licensed = [replace(delisted[0], status="licence")]
    assert status(rules, deal, owners={"Venture": {"X": 0.5}}, relief=licensed) == NOTHING_FOUND


def test_a_rule_on_the_entity_itself_is_narrower_than_one_on_its_owner() -> None:
    deal = Activity("pay", "United States", "Venture")
    owners = {"Venture": {"X": 0.9}}
    own = rule("own", "licence", activity="any", counterparty="Venture")
    assert status([*blocked_pair(), own], deal, owners=owners) == "licence"
    classes = {"Venture": ["Shops"]}
    shops = rule("shops", "licence", activity="any", counterparty="Shops")
    assert status([*blocked_pair(), shops], deal, owners=owners, persons=classes) == "licence"


def test_who_is_listed_and_owned_by_the_listed_is_blocked_twice() -> None:
    deal = Activity("pay", "United States", "Venture")
    own = rule("own", activity="any", counterparty="Venture", reaches_owned=True, regime="x")
    (found,) = findings([deal], [*blocked_pair(), own], DAY, owners={"Venture": {"X": 0.9}})
    assert sorted(blocking(found)) == ["own", "sdn-x"]


# Relief and dates


def lift(name: str, first: date, last: date | None = None, to: Any = "licence") -> Relief:
    return Relief(name, first, last, to, "assumed: a test")


def test_relief_changes_a_rule_for_its_days_and_then_snaps_back() -> None:
    rules = [rule("ban")]
    relief = [lift("ban", date(2027, 1, 1), date(2027, 12, 31))]
    days = [date(2026, 12, 31), date(2027, 1, 1), date(2027, 12, 31), date(2028, 1, 1)]
    told = [rules_that_hold(rules, day, relief)[0].status for day in days]
    assert told == ["prohibited", "licence", "licence", "prohibited"]
    (held,) = rules_that_hold(rules, date(2027, 6, 1), relief)
    assert held.relieved_by == "assumed: a test" and "relieved" in held.cited
    assert rules_that_hold([rule("new", from_on=date(2027, 1, 1))], DAY) == ()


def test_relief_lifts_the_rule_it_names_and_no_other() -> None:
    rules = [rule("narrow", territory=PLANT), rule("wide", party="any")]
    one = [lift("narrow", date(2026, 1, 1), to="allowed")]
    (found,) = findings([DEAL], rules, DAY, relief=one)
    assert found.status == "prohibited" and blocking(found) == ["wide"]
    both = [*one, lift("wide", date(2026, 1, 1))]
    assert status(rules, relief=both) == "licence"
    # Beside a wider permission the licence is still what the lifted ban now takes.
    open_rules = [rule("narrow", territory=PLANT), rule("wide", "allowed")]
    assert status(open_rules, relief=[lift("narrow", date(2026, 1, 1))]) == "licence"


@pytest.mark.parametrize(
    ("relief", "message"),
    [
        ([lift("bann", DAY)], "nearest  ban"),
        ([lift("fine", DAY)], "a rule that is stricter"),
        ([lift("fine", DAY, to="allowed")], "a rule that is stricter"),
        ([lift("over", date(2026, 1, 1))], "not in force[\\s\\S]*relieve the ban"),
        ([lift("ban", DAY), lift("ban", DAY, to="allowed")], "one status a day"),
        (["ban"], "a Relief"),
        ("ban", "a list of Relief"),
    ],
)
def test_relief_that_cannot_be_is_refused(relief: Any, message: str) -> None:
    rules = [
        rule("ban"),
        rule("fine", "allowed", activity="mine"),
        rule("over", activity="finance", until_on=date(2025, 12, 31)),
    ]
    with pytest.raises(InputError, match=message):
        rules_that_hold(rules, DAY, relief)


def test_reliefs_that_follow_one_another_are_fine() -> None:
    relief = [
        lift("ban", date(2026, 1, 1), date(2026, 6, 30)),
        lift("ban", date(2026, 7, 1), None, "allowed"),
    ]
    assert rules_that_hold([rule("ban")], date(2026, 6, 30), relief)[0].status == "licence"
    assert rules_that_hold([rule("ban")], date(2026, 7, 1), relief)[0].status == "allowed"


@pytest.mark.parametrize(
    "fields",
    [
        ("", DAY),
        ("ban", "2026"),
        ("ban", DAY, date(2020, 1, 1)),
        ("ban", DAY, None, "unknown"),
        ("ban", DAY, None, "licence", " "),
    ],
)
def test_a_relief_that_is_none_is_refused(fields: tuple[Any, ...]) -> None:
    with pytest.raises(InputError, match="relief"):
        Relief(*fields)


def test_the_timeline_turns_only_where_something_changes() -> None:
    rules = [
        rule("ban", until_on=date(2028, 6, 30)),
        rule("leave", "allowed", jurisdiction="UA", party="any"),
        rule("far", activity="mine", from_on=date(2027, 5, 1)),
    ]
    relief = [lift("ban", date(2027, 3, 1), date(2027, 3, 31))]
    line = over_time([DEAL], rules, [date(2027, 1, 1), date(2029, 1, 1)], relief=relief)
    assert line.first_on == date(2027, 3, 1)
    assert [(one.on, one.lawful) for one in line.changes] == [
        (date(2027, 1, 1), False), (date(2027, 3, 1), True), (date(2027, 4, 1), False),
        (date(2028, 7, 1), True),
    ]  # fmt: skip
    assert line.at(date(2027, 3, 31))[0].status == "licence"
    assert line.at(date(2027, 4, 1))[0].status == "prohibited"
    with pytest.raises(InputError, match="2027-01-01 or later"):
        line.at(date(2026, 12, 31))
    short = over_time([DEAL], rules, [date(2027, 4, 1), date(2028, 6, 30)], relief=relief)
    assert short.first_on is None and len(short.changes) == 1


def test_silence_is_lawful_over_time_only_if_one_says_so() -> None:
    rules = [rule("ban", until_on=date(2027, 12, 31))]
    years = [date(2027, 1, 1), date(2030, 1, 1)]
    assert over_time([DEAL], rules, years).first_on is None
    assert over_time([DEAL], rules, years, silence_allows=True).first_on == date(2028, 1, 1)
    assert over_time([], rules, years).first_on == date(2027, 1, 1)
    for days in ([], date(2027, 1, 1), ["2027"]):
        with pytest.raises(InputError, match="dates"):
            over_time([DEAL], rules, days)  # type: ignore[arg-type]


def test_the_timeline_says_what_a_look_at_every_single_day_says() -> None:
    chance = random.Random(9)
    first = date(2027, 1, 1)
    turns = 0
    for _ in range(60):
        rules = []
        for number in range(5):
            start = first + timedelta(days=chance.randint(-20, 60))
            end = start + timedelta(days=chance.randint(0, 40)) if chance.random() < 0.7 else None
            rules.append(
                rule(
                    f"r{number}",
                    chance.choice(["allowed", "licence", "prohibited", "unknown"]),
                    from_on=start,
                    until_on=end,
                    regime=f"regime {number}",
                )
            )
        blocked = [one for one in rules if one.status in ("prohibited", "unknown")]
        relief = []
        for one in blocked[:2]:
            start = one.from_on + timedelta(days=chance.randint(0, 3))
            if one.until_on is None or start <= one.until_on:
                relief.append(lift(one.name, start, start + timedelta(days=chance.randint(0, 9))))
        line = over_time([DEAL], rules, [first + timedelta(days=60), first], relief=relief)
        lawful = []
        for offset in range(61):
            day = first + timedelta(days=offset)
            (found,) = findings([DEAL], rules, day, relief=relief)
            assert line.at(day) == (found,)
            lawful += [day] if found.is_lawful else []
        assert line.first_on == (lawful[0] if lawful else None)
        turns += len(line.changes)
    assert turns > 120


# Payments


def test_a_payment_needs_both_sides() -> None:
    rules = [
        rule("no-pay", activity="pay", counterparty="Rosatom"),
        rule("no-take", activity="be paid by", counterparty="Energoatom"),
        rule("open", "unknown", activity="any", counterparty="Ukraine"),
    ]
    assert not may_pay("United States", "Rosatom", rules, DAY)
    assert may_pay("Rosatom", "United States", rules, DAY)
    assert not may_pay("Energoatom", "United States", rules, DAY)
    assert may_pay("United States", "Energoatom", rules, DAY)
    assert may_pay("United States", "Ukraine", rules, DAY)
    assert not may_pay("United States", "Ukraine", rules, DAY, strict=True)
    assert not may_pay("Ukraine", "United States", rules, DAY, strict=True)
    assert may_pay("Rosatom", "Ukraine", rules, DAY, strict=True)
    assert may_pay("Rosatom", "Rosatom", rules, DAY)
    assert may_pay("United States", "Rosatom", rules, DAY, relief=[lift("no-pay", DAY)])
    with pytest.raises(InputError, match="party"):
        may_pay("Rosatom", "Untied States", rules, DAY)


def test_allowed_payments_are_what_settlements_take() -> None:
    parties = [FSUE, "Russia", "United States"]
    allowed = allowed_payments(parties, shipped_rules(), DAY)
    for payer in parties:
        for payee in parties:
            if payer != payee:
                assert (payee in allowed[payer]) == may_pay(payer, payee, shipped_rules(), DAY)
    assert "United States" not in allowed[FSUE]
    receipts = {FSUE: 90, "Russia": 0, "United States": 0}
    due = {FSUE: 30, "Russia": 30, "United States": 30}
    paid = who_pays_whom(due, receipts, allowed)
    # The rule table sees each payment alone: that it comes from the plant by way of a third is for
    # a reader to notice.
    assert [one.payer for one in paid.payments if one.payee == "United States"] == ["Russia"]


# The shipped rules


@pytest.mark.parametrize(
    ("activity", "expected", "blocks"),
    [
        (
            Activity("invest", "United States", "", PLANT),
            "unknown",
            ["us-eo-14071-invest-in-region"],
        ),
        (Activity("joint venture", "United States", "Ukraine", PLANT), "allowed", []),
        (
            Activity("pay", "United States", FSUE),
            "prohibited",
            ["us-sdn-fsue-znpp", "us-energy-sector-determination"],
        ),
        (
            Activity("joint venture", "European Union", "Energoatom", PLANT),
            "prohibited",
            ["eu-2022-263-joint-venture"],
        ),
        (
            Activity("hold coins for", "European Union", "Rosatom"),
            "prohibited",
            ["eu-833-2014-wallets"],
        ),
        (Activity("supply services", "United Kingdom", "", PLANT), "prohibited", ["uk-services"]),
        (Activity("pay", "Energoatom", "Rosatom"), "prohibited", ["ua-nsdc-57-2023-rosatom"]),
        (
            Activity("operate", "Rosatom", "", f"{PLANT}, unit 1"),
            "prohibited",
            ["ua-cold-shutdown", "ru-operate-only-organisation"],
        ),
        (
            Activity("mine", "Russia", "", PLANT),
            "prohibited",
            ["ru-mining-ban", "int-usufruct-mine"],
        ),
        (Activity("recognise", "Bhutan", "", PLANT), "prohibited", ["int-recognise"]),
        (Activity("take title", "Russia", "", PLANT), "prohibited", ["int-no-title"]),
        (Activity("take possession", "Russia", "", PLANT), NOTHING_FOUND, []),
        (Activity("mine", "El Salvador"), "prohibited", ["imf-sv-mine"]),
        (Activity("mine", "Bhutan"), NOTHING_FOUND, []),
    ],
)
def test_the_shipped_rules_say_of_the_case(
    activity: Activity, expected: str, blocks: list[str]
) -> None:
    (found,) = findings([activity], shipped_rules(), DAY)
    assert (found.status, blocking(found)) == (expected, blocks)


def test_a_russian_licence_governs_in_russian_law_and_nowhere_else() -> None:
    operator = "Joint-Stock Company Operating Organization of ZNPP"
    (found,) = findings(
        [Activity("operate", operator, "", f"{PLANT}, unit 1")], shipped_rules(), DAY
    )
    assert found.of("RU").status == "licence" and found.of("UA").status == "prohibited"
    assert found.of("international").status == "allowed"
    (found,) = findings(
        [Activity("operate", operator, "", f"{PLANT}, unit 3")], shipped_rules(), DAY
    )
    assert found.of("RU").status == "prohibited"


def test_general_licence_115c_covered_old_projects_until_june_2026() -> None:
    bank = "Banks of General Licence 115C"
    persons = {
        "old project": [
            "US persons",
            "US persons with civil nuclear projects begun before 2024-11-21",
        ],
        "new project": ["US persons"],
    }
    for project, day, expected in (
        ("old project", date(2026, 6, 17), "licence"),
        ("old project", date(2026, 6, 18), "prohibited"),
        ("new project", date(2026, 6, 17), "prohibited"),
    ):
        deal = [Activity("finance", project, bank)]
        assert findings(deal, shipped_rules(), day, persons=persons)[0].status == expected
