"""Synthetic exports: nobody in them exists, and nothing of anybody's data is in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Record = dict[str, Any]
Write = Callable[..., Path]


def entity(id_: str, schema: str, *names: str, **properties: Any) -> Record:
    """A FollowTheMoney entity; `dataset` and `seen` go beside its properties."""
    dataset = properties.pop("dataset", "made_up_list")
    seen = properties.pop("seen", "2026-11-20T06:00:00")
    lists = {
        name: [value] if isinstance(value, str) else list(value)
        for name, value in properties.items()
    }
    return {
        "id": id_,
        "schema": schema,
        "caption": names[0] if names else id_,
        "properties": {"name": list(names), **lists},
        "datasets": [dataset],
        "first_seen": "2024-01-01T00:00:00",
        "last_seen": seen,
    }


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes records as JSON lines and gives the path."""

    def written(*records: Record, name: str = "entities.ftm.json") -> Path:
        path = tmp_path / name
        lines = (json.dumps(record, ensure_ascii=False) for record in records)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return written


@pytest.fixture
def made() -> Callable[..., Record]:
    """Makes one record."""
    return entity
