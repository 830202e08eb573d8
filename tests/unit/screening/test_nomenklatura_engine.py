"""The other engine: the error where it is missing, and a stand-in where it is there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from baseload.errors import InputError
from baseload.screening import Counterparty, screen
from baseload.screening.nomenklatura_engine import nomenklatura_compare


def test_without_nomenklatura_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nomenklatura", None)
    monkeypatch.setitem(sys.modules, "nomenklatura.matching", None)
    with pytest.raises(InputError, match=r"baseload\[screening\]"):
        screen("Romashka", "nowhere.json", engine="nomenklatura")


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A module that scores 0.42 and keeps what it was asked."""
    asked: list[Any] = []

    class Algorithm:
        NAME = "logic-v2"

        @staticmethod
        def default_config() -> str:
            return "config"

        @staticmethod
        def compare(query: Any, result: Any, config: str) -> Any:
            assert config == "config"
            asked.append((query, result))
            feature = SimpleNamespace(score=0.42, detail="looked at")
            return SimpleNamespace(score=0.42, explanations={"name_match": feature})

    matching = ModuleType("nomenklatura.matching")
    vars(matching).update(
        ALGORITHMS=[Algorithm],
        get_algorithm=lambda name: Algorithm if name == "logic-v2" else None,
    )
    money = ModuleType("followthemoney")
    vars(money).update(model=SimpleNamespace(get_proxy=lambda record: record))
    monkeypatch.setitem(sys.modules, "nomenklatura", ModuleType("nomenklatura"))
    monkeypatch.setitem(sys.modules, "nomenklatura.matching", matching)
    monkeypatch.setitem(sys.modules, "followthemoney", money)
    return asked


def test_its_score_decides_and_its_features_are_reasons(
    stand_in: list[Any], write: Callable[..., Path], made: Callable[..., Any]
) -> None:
    path = write(made("a", "Person", "Иван Петров", birthDate="1962", nationality="ru"))
    asked = Counterparty("Petrov Ivan", "ru", ["inn:77"], "1962", "person")
    found = screen(asked, path, engine="nomenklatura", at_least="unlikely")
    (match,) = found.results[0].matches
    assert (match.score, match.verdict) == (0.42, "unlikely")
    assert match.reasons[0].text == "nomenklatura's logic-v2 gives 0.42"
    assert "name_match 0.42: looked at" in [one.text for one in match.reasons]
    assert found.engine.startswith("nomenklatura ")
    ((query, result),) = stand_in
    assert query["schema"] == "Person"
    assert query["properties"]["innCode"] == ["77"]
    assert result["properties"]["name"] == ["Иван Петров"]


def test_an_unknown_algorithm_is_refused(stand_in: list[Any]) -> None:
    with pytest.raises(InputError, match="logic-v2"):
        nomenklatura_compare("logic-v9")
    assert stand_in == []
