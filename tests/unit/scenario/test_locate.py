"""Places of keys and items, for every way in which TOML lets them be written."""

import tomllib
from collections.abc import Iterator
from typing import Any

from baseload.scenario.locate import KeyPath, Place, Places, locate

TEXT = """\
title = "x"
"odd key".inner = { a = 1, b.c = [1, { d = 2 }] }  # comment
[plant.'north.east']
list = [1,  # one
  2,
  [3, 4],
]
[[fleet]]
name = "first"
[fleet.cooling]
kind = "air"
[[fleet]]
mine_mw = 5
[[fleet.parts]]
sum = 1
[[fleet.parts]]
sum = 2
[plant]
late = 1
"""


def paths_of(value: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths_of(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths_of(inner, (*path, index))


def test_every_key_and_item_has_a_place_and_nothing_else_has() -> None:
    assert set(locate(TEXT).known) == set(paths_of(tomllib.loads(TEXT)))


def test_places_are_line_and_column_from_one() -> None:
    places = locate(TEXT)
    expected: dict[KeyPath, tuple[int, int]] = {
        ("title",): (1, 1),
        ("odd key", "inner"): (2, 11),
        ("odd key", "inner", "a"): (2, 21),
        ("odd key", "inner", "b", "c"): (2, 30),
        ("odd key", "inner", "b", "c", 0): (2, 35),
        ("odd key", "inner", "b", "c", 1, "d"): (2, 40),
        ("plant", "north.east"): (3, 8),
        ("plant", "north.east", "list", 1): (5, 3),
        ("plant", "north.east", "list", 2, 1): (6, 7),
        ("fleet",): (8, 3),
        ("fleet", 0): (8, 1),
        ("fleet", 0, "cooling", "kind"): (11, 1),
        ("fleet", 1): (12, 1),
        ("fleet", 1, "mine_mw"): (13, 1),
        ("fleet", 1, "parts", 0, "sum"): (15, 1),
        ("fleet", 1, "parts", 1, "sum"): (17, 1),
    }
    assert {path: places.of_key(path) for path in expected} == {
        path: Place(*place) for path, place in expected.items()
    }


def test_a_table_stands_at_its_own_header_rather_than_where_it_is_first_implied() -> None:
    assert locate(TEXT).of_key(("plant",)) == Place(18, 2)


def test_an_unknown_path_falls_back_to_the_nearest_table_around_it() -> None:
    places = locate(TEXT)
    assert places.of_key(("fleet", 1, "pue")) is None
    assert places.of(("fleet", 1, "pue")) == Place(12, 1)
    assert places.of(("fleet", 1, "mine_mw", "uniform", 0)) == Place(13, 1)
    assert places.of(()) == Place(1, 1)
    assert Places({}).of(("a", "b")) == Place(1, 1)


def test_columns_count_characters_not_bytes() -> None:
    places = locate('блок = { назва = "реактор ☢", б = 1 }\n'.replace("блок", '"блок"'))
    # Bare keys are ASCII; within the quotes every letter takes two bytes and one column.
    assert places.of_key(("блок",)) == Place(1, 1)
    places = locate('a = { "назва" = "реактор ☢", b = 1 }\n')
    assert places.of_key(("a", "b")) == Place(1, 30)


def test_byte_order_mark_and_windows_line_ends_move_nothing() -> None:
    plain = locate(TEXT).known
    assert locate("\ufeff" + TEXT).known == plain
    assert locate(TEXT.replace("\n", "\r\n")).known == plain


def test_escapes_in_quoted_keys_are_read_as_toml_reads_them() -> None:
    text = '"tab\\there" = 1\n"\\u0411" = 2\n\'back\\slash\' = 3\n"" = 4'
    assert set(locate(text).known) == set(paths_of(tomllib.loads(text)))


def test_a_comment_behind_a_table_on_a_line_hides_nothing() -> None:
    text = "[a]\nb = { c = 1 }   # why\nd = [1]  # why\n"
    assert set(locate(text).known) == set(paths_of(tomllib.loads(text)))


def test_a_text_that_is_no_toml_gives_what_can_be_told() -> None:
    assert locate("a = 1\nb = [\nc = = 3").of(("a",)) == Place(1, 1)
    assert locate("").known == {}
    assert locate("\udcff = 1").of(("a",)) == Place(1, 1)
