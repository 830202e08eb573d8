"""A page as its tests read it: elements that nest, words, figures, and what its policy allows."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

VOID = {"meta", "link", "br", "wbr", "img", "input", "hr"}


class Reader(HTMLParser):
    """Collects elements and words, and checks that elements nest."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open):
            self.words.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


def words_of(page: str) -> str:
    return " ".join(" ".join(read(page).words).replace("\u00a0", " ").split())


def sections_of(page: str) -> list[str | None]:
    return [given["id"] for tag, given in read(page).elements if tag == "section"]


def figures_of(page: str) -> list[str]:
    return re.findall(r"<figure>.*?</figure>", page, re.DOTALL)


def check_figures_have_captions_and_tables(page: str) -> None:
    for figure in figures_of(page):
        assert re.search(r"<figcaption[^>]*>[^<]*\d[^<]*</figcaption>", figure), "no number in it"
        assert "<summary>Data as a table</summary>" in figure
        assert re.search("<th[ >]", figure)


def check_names_and_links(page: str) -> None:
    """Names of elements are unique, and what refers to a name refers to one of the page."""
    elements = [given for _, given in read(page).elements]
    names = [given["id"] for given in elements if "id" in given]
    assert len(names) == len(set(names))
    targets = {given["href"] for given in elements if str(given.get("href", "")).startswith("#")}
    assert targets and targets <= {f"#{name}" for name in names}
    for given in elements:
        for attribute in ("aria-labelledby", "aria-describedby"):
            assert attribute not in given or given[attribute] in names


def check_policy_allows_own_style_and_script_alone(page: str) -> None:
    digests = []
    for tag in ("style", "script"):
        (content,) = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digests.append(base64.b64encode(hashlib.sha256(content.encode()).digest()).decode())
    policy = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy == [
        "default-src 'none'; img-src data:; "
        f"style-src 'sha256-{digests[0]}'; script-src 'sha256-{digests[1]}'"
    ]


def check_written_whole_or_not_at_all(
    write: Callable[[Path], object],
    write_another: Callable[[Path], object],
    target: Path,
    page: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Hold that the page stands at `target`, alone in its folder, and stays where a disk is full."""
    assert write(target) == target
    assert target.read_text(encoding="utf-8") == page

    def fails(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("baseload.whole_file.os.replace", fails)
    with pytest.raises(OSError, match="disk full"):
        write_another(target)
    assert target.read_text(encoding="utf-8") == page
    assert [file.name for file in target.parent.iterdir()] == [target.name]
