"""Tables of shares: what ships, and a file in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from baseload.errors import InputError
from baseload.security import hash_rate_shares, share_rows

HEADER = "level,name,template_family,value,unit,on,source,read_on,note\n"
ROW = "pool,A,,0.6,share,2026-01,someone,2026-01-31,\n"


def file(folder: Path, text: str) -> Path:
    path = folder / "shares.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_table_has_every_level_and_adds_up_to_at_most_one() -> None:
    for level in ("pool", "template", "operator", "state"):
        shares = hash_rate_shares(level)
        assert 0.2 < sum(shares.values()) <= 1.0
        assert list(shares.values()) == sorted(shares.values(), reverse=True)
    assert all(row.source and row.on and row.note for row in share_rows())


def test_templates_join_the_pools_of_a_family() -> None:
    tags, templates = hash_rate_shares("pool"), hash_rate_shares("template")
    assert sum(tags.values()) == pytest.approx(sum(templates.values()))
    family = [row.share for row in share_rows() if row.template_family == "AntPool & friends"]
    assert len(family) > 5
    assert templates["AntPool & friends"] == pytest.approx(sum(family))
    assert templates["Foundry USA"] == tags["Foundry USA"]
    assert "SecPool" not in templates


def test_a_file_takes_the_place_of_the_table(tmp_path: Path) -> None:
    path = file(tmp_path, HEADER + ROW + "pool,B,A,0.3,share,2026-01,someone,2026-01-31,\n")
    assert hash_rate_shares("pool", path) == {"A": 0.6, "B": 0.3}
    assert hash_rate_shares("template", path) == {"A": pytest.approx(0.9)}
    with pytest.raises(InputError, match="no rows of the level state"):
        hash_rate_shares("state", path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEADER + ROW.replace("someone", ""), r"shares\.csv:2  source"),
        (HEADER + ROW.replace("2026-01-31", "soon"), r"shares\.csv:2  read_on"),
        (HEADER + ROW.replace("0.6", "1.6"), r"shares\.csv:2  value: found 1\.6"),
        (HEADER + ROW.replace("0.6", "many"), r"shares\.csv:2  value"),
        (HEADER + ROW.replace("pool", "pools"), r"shares\.csv:2  level"),
        (HEADER + ROW.replace("share", "EH/s"), r"shares\.csv:2  unit"),
        (HEADER + ROW + ROW.replace("A", "a"), r"shares\.csv:3  name: found 'a' a second time"),
        (HEADER + ROW + ROW.replace("A", "B"), r"shares\.csv:3  value: .* add up to 1\.2"),
        (HEADER.replace("unit,", "") + ROW, "no column 'unit'"),
    ],
)
def test_faults_of_a_file_are_told_with_their_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        share_rows(file(tmp_path, text))


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        share_rows(tmp_path / "none.csv")
    path = tmp_path / "latin.csv"
    path.write_bytes(HEADER.encode() + b"pool,\xe9,,0.1,share,2026,x,2026-01-31,\n")
    with pytest.raises(InputError, match="UTF-8"):
        share_rows(path)


def test_an_unknown_level_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="nearest  template"):
        hash_rate_shares("templates")
