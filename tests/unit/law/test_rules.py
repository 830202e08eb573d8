"""A rule, the shipped table, a user's file, and rules that contradict each other."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.unit.law.law_cases import DAY, rule

import baseload.law
from baseload.errors import InputError
from baseload.law import AS_OF, LIFTS, Rule, findings, read_rules, shipped_rules
from baseload.law.precedence import contradictions
from baseload.law.table import COLUMNS, REQUIRED

SHIPPED = Path(baseload.law.__file__).with_name("rules.csv")
ROOT = Path(__file__).parents[3]
HEADER = ",".join((*REQUIRED, "until_on", "rank", "reaches_owned"))
ROW = "a-ban,US,invest,US persons,any,any,prohibited,Order 1,2020-01-01,register 2020,2026-11-24"


def table(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "rules.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def faults(folder: Path, *rows: str, header: str = HEADER) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_rules(table(folder, *rows, header=header))
    return [str(fault) for fault in caught.value.faults]


def test_a_rule_holds_from_its_first_day_to_its_last() -> None:
    dated = rule("a", from_on=date(2026, 1, 2), until_on=date(2026, 1, 3))
    days = [date(2026, 1, day) for day in (1, 2, 3, 4)]
    assert [dated.in_force(day) for day in days] == [False, True, True, False]
    assert rule("a").in_force(date.max)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "A ban", "small letters"),
        ("status", "forbidden", "one of allowed, licence"),
        ("status", "Prohibited", "nearest  prohibited"),
        ("activity", "investing", "nearest  invest"),
        ("lifted_by", "delist", "nearest  delisting"),
        ("party", "", "found    an empty text"),
        ("party", " US persons", "without blanks"),
        ("source", "", "an empty text"),
        ("from_on", datetime(2026, 1, 1), "a day"),
        ("from_on", "2026-01-01", "a day"),
        ("until_on", date(2019, 12, 31), "2020-01-01 or later"),
        ("rank", True, "a whole number"),
        ("rank", -1, "a whole number"),
        ("rank", 1.0, "a whole number"),
        ("reaches_owned", 1, "true or false"),
        ("note", None, "a text"),
    ],
)
def test_a_field_that_says_nothing_is_refused(field: str, value: Any, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        rule("a", **{field: value}) if field != "name" else rule(value)
    assert field in caught.value.faults[0].field


def test_all_faults_of_a_rule_come_at_once() -> None:
    with pytest.raises(InputError) as caught:
        rule("a", "banned", activity="dig", rank=-1)
    assert len(caught.value.faults) == 3


def test_what_is_not_settled_or_meets_anybody_cannot_reach_what_is_owned() -> None:
    with pytest.raises(InputError, match="reaches nobody"):
        rule("a", "unknown", counterparty="X", reaches_owned=True)
    with pytest.raises(InputError, match="counterparty is any"):
        rule("a", reaches_owned=True)


# The shipped table


def by_name() -> dict[str, Rule]:
    return {one.name: one for one in shipped_rules()}


def test_every_shipped_rule_that_blocks_says_what_would_lift_it() -> None:
    assert len(shipped_rules()) >= 40
    for one in shipped_rules():
        blocking = one.status in ("prohibited", "unknown")
        assert bool(one.relief) == blocking == bool(one.lifted_by), one.name
        assert one.from_on <= AS_OF, one.name
        assert date(2026, 11, 24) <= one.read_on <= date(2026, 12, 31), one.name
        assert "http" not in one.source + one.note + one.instrument
    assert {one.lifted_by for one in shipped_rules()} <= {*LIFTS, ""}
    assert {one.jurisdiction for one in shipped_rules()} == {
        "US", "EU", "UK", "UA", "RU", "international", "IMF-SV",
    }  # fmt: skip


def test_what_is_not_settled_is_marked_as_assumed_or_says_that_nothing_newer_was_found() -> None:
    for one in shipped_rules():
        if one.status == "unknown" and not one.is_assumed:
            assert "nothing newer" in one.note or "by itself" in one.note, one.name


def test_executive_order_14065_forbids_nothing_here() -> None:
    order = by_name()["us-eo-14065"]
    assert order.status == "allowed"
    assert "no determination that names this region was found" in order.note
    assert by_name()["us-eo-14071-invest-in-region"].status == "unknown"
    assert by_name()["us-eo-14071-invest-in-region"].is_assumed


def test_the_shipped_table_needs_every_column_and_no_other() -> None:
    with SHIPPED.open(encoding="utf-8", newline="") as stream:
        header = next(csv.reader(stream))
    assert sorted(header) == sorted(COLUMNS)
    assert read_rules(SHIPPED) == shipped_rules()


def test_the_documentation_lists_every_shipped_rule_with_its_status_and_source() -> None:
    page = (ROOT / "docs" / "model" / "law.md").read_text(encoding="utf-8")
    lines = page.splitlines()
    first = (
        lines.index("| rule | who may not or may do what | status | instrument | source | note |")
        + 2
    )
    rows = []
    for line in lines[first:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    assert [row[0] for row in rows] == [f"`{one.name}`" for one in shipped_rules()]
    for row, one in zip(rows, shipped_rules(), strict=True):
        assert row[2].split(",")[0] == one.status
        assert one.instrument in row[3] and one.from_on.isoformat() in row[3]
        assert one.source in row[4] and one.read_on.isoformat() in row[4]
        assert one.note in row[5]
    assert f"as of {AS_OF.isoformat()}" in page
    assert "Not legal advice" in page
    assert "ossession is a fact, not recognition" in page


# A user's file


def test_a_file_takes_the_place_of_the_shipped_rules(tmp_path: Path) -> None:
    (one,) = read_rules(table(tmp_path, ROW + ",2030-12-31,3,no"))
    assert (one.name, one.rank, one.until_on, one.reaches_owned) == (
        "a-ban",
        3,
        date(2030, 12, 31),
        False,
    )
    (bare,) = read_rules(table(tmp_path, ROW, header=",".join(REQUIRED)))
    assert (bare.rank, bare.until_on, bare.regime) == (0, None, "")


def test_a_byte_order_mark_blank_lines_and_quoted_line_breaks_are_read(tmp_path: Path) -> None:
    path = tmp_path / "rules.csv"
    row = ROW.replace("Order 1", '"Order 1,\nannex"')
    text = f"\ufeff{','.join(REQUIRED)}\r\n\r\n{row}\r\n\r\n"
    path.write_bytes(text.encode("utf-8"))
    assert read_rules(path)[0].instrument == "Order 1,\nannex"


def test_every_fault_of_a_file_is_told_with_its_line(tmp_path: Path) -> None:
    told = faults(
        tmp_path,
        ROW.replace("prohibited", "prohibit") + ",,,",
        ROW.replace("a-ban", "b").replace("2020-01-01", "2020-13-01") + ",,,",
        ROW.replace("a-ban", "c") + ",,-1,maybe",
        "d,US",
        ROW.replace("a-ban", "e").replace("register 2020", "assumed: ") + ",2019-01-01,,",
        ROW.replace("a-ban", "c").replace("US persons", "") + ",,,",
    )
    assert [one.splitlines()[0].split("rules.csv")[1] for one in told] == [
        ":2  a-ban.status", ":3  b.from_on", ":4  c.rank", ":4  c.reaches_owned", ":5  rules",
        ":6  e.source", ":6  e.until_on", ":7  c.party", ":7  c.name",
    ]  # fmt: skip
    assert "nearest  prohibited" in told[0]
    assert "after line 4" in told[-1]


@pytest.mark.parametrize("day", ["20260101", "2026-W05-6", "1.1.2026", "2026-02-30", ""])
def test_a_day_that_is_none_is_refused(tmp_path: Path, day: str) -> None:
    (told,) = faults(tmp_path, ROW.replace("2020-01-01", day) + ",,,")
    assert "a day, as 2026-01-31" in told


def test_columns_that_lack_or_are_unknown_are_told_with_the_nearest(tmp_path: Path) -> None:
    told = faults(tmp_path, ROW, header=",".join(REQUIRED).replace("territory", "teritory"))
    assert len(told) == 2
    assert "nearest  territory" in told[0] and "no column 'territory'" in told[1]
    twice = faults(tmp_path, ROW, header=",".join(REQUIRED).replace("territory", "party"))
    assert any("'party' twice" in one for one in twice)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "an empty file"),
        (b"\n\n", "an empty file"),
        (b"name\xff\n", "not UTF-8"),
        (b'name,"x\n', "no CSV"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "rules.csv"
    path.write_bytes(data)
    with pytest.raises(InputError, match=message):
        read_rules(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_rules(tmp_path / "none.csv")
    with pytest.raises(InputError, match="directory"):
        read_rules(tmp_path)


def test_a_table_of_no_rules_says_nothing_of_anything(tmp_path: Path) -> None:
    assert read_rules(table(tmp_path)) == ()


# Contradictions


def test_two_answers_to_one_question_are_refused_and_both_named(tmp_path: Path) -> None:
    (told,) = faults(
        tmp_path,
        ROW + ",,,",
        ROW.replace("a-ban", "a-licence").replace("prohibited", "licence").replace("2020", "2021")
        + ",,,",
    )
    assert told.startswith(str(tmp_path / "rules.csv") + ":3  a-licence.status")
    assert "where a-ban (line 2) says prohibited of the same on 2021-01-01" in told
    assert "a higher rank" in told


@pytest.mark.parametrize(
    "changes",
    [
        {"rank": 1},
        {"regime": "other"},
        {"jurisdiction": "EU"},
        {"status": "prohibited"},
        {"until_on": date(2020, 6, 30)},
        {"activity": "finance"},
        {"territory": "somewhere"},
        {"counterparty": "somebody"},
        {"activity": "any"},
    ],
)
def test_rules_that_differ_in_what_matters_do_not_contradict(changes: dict[str, Any]) -> None:
    ban = rule("ban", from_on=date(2020, 7, 1))
    other = replace(rule("other", "licence"), **changes)
    assert contradictions([ban, other]) == []
    assert contradictions([other, ban]) == []
    assert len(contradictions([ban, rule("other", "licence")])) == 1


def test_neither_of_two_rules_narrower_than_the_other_is_a_contradiction() -> None:
    here = rule("here", territory="here")
    with_him = rule("with-him", "allowed", counterparty="him")
    assert len(contradictions([here, with_him])) == 1
    with pytest.raises(InputError, match="here says prohibited"):
        findings([], [here, with_him], DAY)
    # The last day of one and the first of the other are one day only if they are the same.
    ends = replace(here, until_on=date(2026, 5, 5))
    assert len(contradictions([ends, replace(with_him, from_on=date(2026, 5, 5))])) == 1
    assert contradictions([ends, replace(with_him, from_on=date(2026, 5, 6))]) == []


def test_names_that_stand_twice_and_things_that_are_no_rules_are_refused() -> None:
    with pytest.raises(InputError, match="a second time"):
        findings([], [rule("a"), rule("a")], DAY)
    with pytest.raises(InputError, match=r"rules\[0\]"):
        findings([], ["a"], DAY)  # type: ignore[list-item]
    with pytest.raises(InputError, match="rules"):
        findings([], None, DAY)  # type: ignore[arg-type]
