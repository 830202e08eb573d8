"""What every page is made with: its own files, its style sheet, and a file that appears whole."""

from __future__ import annotations

import base64
import hashlib
import os
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from baseload.figures import svg_stylesheet

if TYPE_CHECKING:
    from jinja2 import Environment


def own_file(name: str) -> str:
    """Text of a file that lies beside this module."""
    return resources.files("baseload.report").joinpath(name).read_text(encoding="utf-8")


def page_style() -> tuple[str, str]:
    """The style sheet of a page, and the digest by which the page's own policy allows it."""
    style = own_file("style.css") + svg_stylesheet()
    digest = hashlib.sha256(style.encode("utf-8")).digest()
    return style, base64.b64encode(digest).decode("ascii")


def environment() -> Environment:
    """Templates that escape whatever they are fed, and may import those that lie beside them."""
    from jinja2 import (
        Environment,
        FunctionLoader,
        StrictUndefined,
    )  # slow, and only a page needs it

    return Environment(
        loader=FunctionLoader(own_file),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def write_whole(page: str, path: Path) -> Path:
    """Write a page, whole or not at all.

    Parameters
    ----------
    page : str
        Its text.
    path : Path
        The file to write or to replace.

    Returns
    -------
    Path
        The file written.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("xb") as file:
            file.write(page.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    return path
