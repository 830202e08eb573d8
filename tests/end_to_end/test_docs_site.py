"""The documentation as a site: it builds without a warning and loads nothing from elsewhere."""

from __future__ import annotations

import importlib
import importlib.util
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
NEEDED = ("sphinx", "myst_parser", "furo")

missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
if missing:
    pytest.skip(
        f"the site needs {', '.join(missing)}: install the extra `docs`", allow_module_level=True
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; a warning fails."""
    target = tmp_path_factory.mktemp("site")
    # The line of docs/index.md, to another folder.
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "docs", str(target)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return target


class Loaded(HTMLParser):
    """Addresses that a browser fetches to show a page, as against links that a reader may follow."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            fetched = name in ("src", "srcset", "poster", "data") or (
                name == "href" and tag in ("link", "image", "use")
            )
            if fetched and value:
                self.found.append(value)


def elsewhere(address: str) -> bool:
    return re.match(r"(?:[a-z]+:)?//", address.strip(), re.IGNORECASE) is not None


def test_the_judge_tells_what_is_loaded_from_what_is_linked() -> None:
    page = Loaded()
    page.feed(
        '<a href="https://a.example"></a><img src="//b.example/x.png"><script src="c.js"></script>'
        '<link rel="stylesheet" href="https://d.example/d.css"><img src="data:image/svg+xml,x">'
    )
    assert [one for one in page.found if elsewhere(one)] == [
        "//b.example/x.png",
        "https://d.example/d.css",
    ]


def test_no_page_of_the_site_loads_anything_from_elsewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > len(list(DOCS.rglob("*.md"))) - 1
    for path in pages:
        page = Loaded()
        page.feed(path.read_text(encoding="utf-8"))
        assert page.found, f"{path.name} has no style sheet"
        assert [one for one in page.found if elsewhere(one)] == [], path.name


def test_no_style_sheet_or_script_of_the_site_fetches_anything_from_elsewhere(site: Path) -> None:
    sheets = sorted(site.rglob("*.css"))
    assert sheets
    for path in sheets:
        text = path.read_text(encoding="utf-8")
        addresses = re.findall(r"url\(\s*['\"]?([^'\")]+)", text)
        addresses += re.findall(r"@import\s+['\"]([^'\"]+)", text)
        assert [one for one in addresses if elsewhere(one)] == [], path.name
    for path in sorted(site.rglob("*.js")):
        text = path.read_text(encoding="utf-8")
        calls = re.findall(r"(?:fetch|import|open|importScripts)\(\s*['\"]([^'\"]+)", text)
        assert [one for one in calls if elsewhere(one)] == [], path.name


def test_every_page_is_built_and_is_in_the_menu(site: Path) -> None:
    index = (site / "index.html").read_text(encoding="utf-8")
    menu = index.partition("sidebar-tree")[2].partition("</div>")[0]
    for page in (*DOCS.rglob("*.md"), *DOCS.rglob("*.ipynb")):
        name = page.relative_to(DOCS).with_suffix(".html").as_posix()
        assert (site / name).is_file()
        assert page.name == "index.md" or f'href="{name}"' in menu, name


def test_every_public_name_has_its_place_in_the_reference(site: Path) -> None:
    for page in (DOCS / "api").glob("*.md"):
        built = (site / "api" / f"{page.stem}.html").read_text(encoding="utf-8")
        (package,) = re.findall(r"^```\{public\} ([\w.]+)$", page.read_text("utf-8"), re.MULTILINE)
        names = importlib.import_module(package).__all__
        assert names
        for name in names:
            assert name.startswith("_") or f'id="{package}.{name}"' in built, f"{package}.{name}"


def test_the_notebooks_figure_is_on_its_page(site: Path) -> None:
    page = (site / "notebook" / "first-study.html").read_text(encoding="utf-8")
    assert 'src="data:image/svg+xml;base64,' in page
