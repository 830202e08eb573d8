"""Files that no editor should write, and some do: each is refused at its place, in the same words."""

from __future__ import annotations

from pathlib import Path

import pytest

import baseload
from baseload.errors import InputError

CORPUS = Path(__file__).parents[1] / "corpus"
FILES = sorted(CORPUS.glob("*.toml"))


def expected() -> dict[str, str]:
    """The line of `expected.txt` for each file."""
    lines = (CORPUS / "expected.txt").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line and not line.startswith("#")]
    return {row.split(" | ")[0].split(":")[0]: row for row in rows}


def test_every_file_of_the_corpus_has_its_line() -> None:
    assert list(expected()) == [path.name for path in FILES]
    assert len(FILES) > 30


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_nasty_file_is_refused_at_its_place_in_the_words_expected(path: Path) -> None:
    with pytest.raises(InputError) as told:
        baseload.load(path)
    first, *others = told.value.faults
    assert first.file == str(path)
    place = ":".join(str(part) for part in (path.name, first.line, first.column) if part)
    printed = first.found.encode("unicode_escape").decode("ascii")
    assert f"{place} | {first.field} | {printed} | {len(others)}" == expected()[path.name]
