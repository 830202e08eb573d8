"""A page printed by this machine's own browser: pages of A4 with numbers, whole figures, links."""

from __future__ import annotations

import re
import zlib

import numpy as np
import pytest

from baseload.cli.browser import find_browser, print_page
from baseload.figures import Line, line_figure
from baseload.report.document import look

pytestmark = pytest.mark.skipif(find_browser() is None, reason="needs a browser that prints")

A4_POINTS = (595, 842)
X = np.array([0.0, 1.0])


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What the browser makes of thirty figures under a heading and a table that is closed."""
    folder = tmp_path_factory.mktemp("друк 1")
    style = look()["style"]
    figures = "".join(
        f"<figure>{line_figure(f'Figure {n}', 'd', X, [Line('a', X * n)], 'MW')}"
        f"<figcaption>{n}</figcaption><details><summary>Data</summary><p>7</p></details></figure>"
        for n in range(1, 31)
    )
    (folder / "page.html").write_text(
        f"<!DOCTYPE html><meta charset=utf-8><title>A page</title><style>{style}</style>"
        f"<p><a href='#figures'>to them</a></p><h2 id=figures>All</h2>"
        f"<div class=pictures>{figures}</div>",
        encoding="utf-8",
    )
    pdf = print_page(folder / "page.html", folder / "page.pdf")
    assert {path.name for path in folder.iterdir()} == {"page.html", "page.pdf"}
    return pdf.read_bytes()


def test_pages_are_a4(printed: bytes) -> None:
    boxes = re.findall(
        rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", printed + _unpacked(printed)
    )
    assert boxes
    for width, height in boxes:
        # The browser rounds to whole pixels of 1/96 inch.
        assert (float(width), float(height)) == pytest.approx(A4_POINTS, abs=1.0)


def test_thirty_figures_two_beside_each_other_need_five_pages_at_the_most(printed: bytes) -> None:
    content = printed + _unpacked(printed)
    pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", content))
    # Rows of some 55 mm on 267 mm: four a page, fifteen rows.
    assert 3 <= pages <= 5


def test_a_link_leads_into_the_document_and_not_to_a_file(printed: bytes) -> None:
    content = printed + _unpacked(printed)
    assert b"/Link" in content and b"file://" not in content


def _unpacked(pdf: bytes) -> bytes:
    """Streams of a PDF that are packed, unpacked."""
    found = []
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(packed))
        except zlib.error:
            continue
    return b"\n".join(found)
