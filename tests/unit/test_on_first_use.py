"""Names of packages that are imported when they are first asked for."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

import baseload
from baseload.on_first_use import on_first_use

PACKAGE = Path(baseload.__file__).parent
PACKAGES = sorted(
    path.parent.name
    for path in PACKAGE.glob("*/__init__.py")
    if "on_first_use(" in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", PACKAGES)
def test_every_public_name_of_a_package_is_found_and_listed(name: str) -> None:
    package = importlib.import_module(f"baseload.{name}")
    found = {each: getattr(package, each) for each in package.__all__}
    assert len(found) == len(package.__all__)
    assert set(package.__all__) <= set(dir(package))


@pytest.mark.parametrize("name", PACKAGES)
def test_no_public_name_is_that_of_a_module_which_would_hide_it_once_imported(name: str) -> None:
    package = importlib.import_module(f"baseload.{name}")
    modules = {path.stem for path in (PACKAGE / name).glob("*.py")}
    assert not modules & set(package.__all__)


def test_a_name_that_a_package_lacks_is_refused_as_a_module_does() -> None:
    with pytest.raises(AttributeError, match=r"^module 'json' has no attribute 'none'$"):
        on_first_use("json", {"decoder": ("JSONDecoder",)})[0]("none")


def test_nothing_is_imported_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "xml.sax.saxutils", raising=False)
    find, names = on_first_use("xml.sax", {"saxutils": ("escape",)})
    importlib.import_module("xml.sax")
    assert "escape" in names()
    sys.modules.pop("xml.sax.saxutils", None)
    assert find("escape")("<") == "&lt;"
    assert "xml.sax.saxutils" in sys.modules
