"""What the language takes and refuses, and how it says so."""

from __future__ import annotations

import time
from datetime import date

import pytest

from baseload.errors import InputError
from baseload.expression import parse, written
from baseload.expression.parser import DEEPEST, MOST_PIECES
from baseload.expression.tree import Literal


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("a = 1 or b = 2 and not c = 3", "a = 1 or b = 2 and not c = 3"),
        ("(a or b) and c", "(a or b) and c"),
        ("a or (b and c)", "a or b and c"),
        ("not (a and b)", "not (a and b)"),
        ("1 - 2 - 3 = 1 - (2 - 3)", "1 - 2 - 3 = 1 - (2 - 3)"),
        ("2 * (3 + 4) / -5", "2 * (3 + 4) / -5"),
        ("x between 5 % and 200e3", "x between 0.05 and 200000"),
        ("x not between 1 and 2 and y", "not x between 1 and 2 and y"),
        ("a == b", "a = b"),
        ("operator is 'Russia'", 'operator = "Russia"'),
        ("operator is not 'Russia'", 'operator != "Russia"'),
        ('"Ukraine" in members', '"Ukraine" in members'),
        ("who not in ('b', 'a',)", 'who not in ("a", "b")'),
        ("start < 2027-12-31", "start < 2027-12-31"),
        ("2027 - 12 - 31", "2027 - 12 - 31"),
        ("plant.gross_mw>=6_000.5", "plant.gross_mw >= 6000.5"),
        ("max(a, min(b, 2), abs(-c))", "max(a, min(b, 2), abs(-c))"),
        ("f() = +1", "f() = 1"),
        ("true != false", "true != false"),
        ("(((a)))", "a"),
        (".5 < 1e-3", "0.5 < 0.001"),
        ('"say \' " = x', '"say \' " = x'),
        ("'say \" ' = x", "'say \" ' = x"),
    ],
)
def test_a_text_is_read_as_it_binds_and_written_again(text: str, again: str) -> None:
    assert written(parse(text).tree) == again
    assert parse(again).tree == parse(text).tree


def test_an_expression_says_which_names_and_functions_it_uses() -> None:
    found = parse('probability(a.b > c) = 1 and "x" in members')
    assert found.names == {"a.b", "c", "members"}
    assert found.functions == {"probability"}


def test_percentages_and_days_are_values() -> None:
    assert parse("12.5 %").tree == Literal(0.125)
    assert parse("2027-12-31").tree == Literal(date(2027, 12, 31))


@pytest.mark.parametrize(
    ("text", "found", "at"),
    [
        ("", "the end", 1),
        ("   ", "the end", 4),
        ("a <", "the end", 4),
        ("(a", "a bracket that is not closed", 1),
        ("a)", ")", 2),
        ("a b", "b", 3),
        ("1 < 2 < 3", "<", 7),
        ("a between 1", "the end", 12),
        ("a not b", "b", 7),
        ("not", "the end", 4),
        ("a = not b", "not", 5),
        ("a.b(1)", "a.b(", 1),
        ("(a)(1)", "a call of what is no function", 4),
        ("f(1)(2)", "a call of what is no function", 5),
        ("(a).b", ".", 4),
        ("f(1).b", ".", 5),
        ("'x'.upper()", ".", 4),
        ("a.", ".", 2),
        ("a..b", ".", 2),
        ("a[0]", "[", 2),
        ("{a}", "{", 1),
        ("__import__", "__import__", 1),
        ("a.__class__", "a.__class__", 1),
        ("lambda x", "lambda", 1),
        ("x if y", "if", 3),
        ("True", "True", 1),
        ("AND", "AND", 1),
        ("a && b", "&&", 3),
        ("a ** 2", "**", 3),
        ("a // 2", "//", 3),
        ("a := 2", ":=", 3),
        ("a ≥ 2", "≥", 3),
        ("a <> 2", "<>", 3),
        ("a; b", ";", 2),
        ("a % 2", "%", 3),
        ("5 %%", "%", 4),
        ("5MW", "5M", 1),
        ("1.2.3", "1.2.", 1),
        ("1e999", "1e999", 1),
        ("2027-13-01", "2027-13-01", 1),
        ("2027-1-1", "2027-1-1", 1),
        ("2027-12-311", "2027-12-311", 1),
        ("'open", "a text that begins with ' and does not end", 1),
        ("'a\x07'", "character 7 in a text", 3),
        ("\x00", "character 0", 1),
        ("a\u00a0b", "character 160", 2),
        ("größe", "ö", 3),
        ("“Russia”", "“", 1),
        ("('a', 1)", "what is no text", 7),
        ("(a, 'b')", "what is no text", 2),
        ("f(1,,2)", ",", 5),
        ("()", ")", 2),
        ("in", "in", 1),
    ],
)
def test_what_is_no_expression_is_refused_with_its_place(text: str, found: str, at: int) -> None:
    with pytest.raises(InputError) as caught:
        parse(text)
    (fault,) = caught.value.faults
    assert fault.found == f"{found} at character {at}"
    assert fault.allowed
    line, caret = fault.note.split("\n")
    assert caret.index("^") == at - 1
    assert len(line) >= at - 1


def test_a_caret_points_into_a_long_text() -> None:
    text = "a + " * 100 + "? + b"
    with pytest.raises(InputError) as caught:
        parse(text)
    line, caret = caught.value.faults[0].note.split("\n")
    assert line[caret.index("^")] == "?"
    assert len(line) < 80


def test_signs_of_other_languages_are_told_by_their_own() -> None:
    for text, near in (
        ("a || b", "or"),
        ("a ≠ b", "!="),
        ("[a]", ""),
        ("“a”", '"'),
        ("a => 1", ">="),
    ):
        with pytest.raises(InputError) as caught:
            parse(text)
        assert caught.value.faults[0].nearest == near


def test_length_pieces_and_depth_are_bounded() -> None:
    assert parse("a" * 2000).names == {"a" * 2000}
    assert len(parse(" and ".join(["a"] * 330)).names) == 1
    nested = DEEPEST - 1
    parse("(" * nested + "a" + ")" * nested)
    parse("-" * nested + "a")
    for text, word in (
        ("a" * 2001, "2,001 characters"),
        ("(" * 51 + "a" + ")" * 51, "level"),
        ("-" * 51 + "1", "level"),
        ("not " * 51 + "a", "level"),
        ("abs(" * 51 + "a" + ")" * 51, "level"),
        ("+".join(["a"] * 52), "deep"),
        ("a+" * (MOST_PIECES // 2) + "a", "piece"),
    ):
        with pytest.raises(InputError, match=word):
            parse(text)


def test_the_worst_texts_take_no_longer_than_their_length() -> None:
    worst = [
        "(" * 2000,
        "1" * 2000,
        "1_" * 1000,
        "a." * 1000,
        "'" * 1999,
        "not " * 500,
        "-" * 2000,
        "1e" * 1000,
        "9" * 1000 + "-" + "9" * 999,
        "1-" * 1000,
        "0001-" * 400,
        " " * 2000,
        "f(" * 1000,
        "a and " * 333,
        "5%" * 1000,
    ]
    begin = time.perf_counter()
    for text in worst:
        with pytest.raises(InputError):
            parse(text)
    # Milliseconds; a time that grew with the square would take minutes.
    assert time.perf_counter() - begin < 2.0
