"""What every page is made with: its own files, its style sheet and its script."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from importlib import resources
from typing import TYPE_CHECKING, Final

from baseload.figures import svg_stylesheet
from baseload.figures.pointer import pointer_script, pointer_stylesheet
from baseload.report.blocks import Picture

if TYPE_CHECKING:
    from jinja2 import Environment

_DESCRIPTION: Final = re.compile(r'<desc id="(\w+)">(.*?)</desc>', re.DOTALL)


def own_file(name: str) -> str:
    """Text of a file that lies beside this module."""
    return resources.files("baseload.report").joinpath(name).read_text(encoding="utf-8")


def look() -> dict[str, str]:
    """Style sheet and script of a page, and the digests by which the page's own policy allows them.

    A page allows these and its own pictures and nothing else, whatever it is fed.
    """
    style = own_file("style.css") + svg_stylesheet() + pointer_stylesheet()
    script = pointer_script()
    return {
        "style": style,
        "style_digest": digest(style),
        "script": script,
        "script_digest": digest(script),
    }


def digest(content: str) -> str:
    """What a page's policy names a style sheet or a script by: SHA-256 in base 64."""
    return base64.b64encode(hashlib.sha256(content.encode("utf-8")).digest()).decode("ascii")


def in_page(picture: Picture) -> tuple[str, str | None]:
    """A figure for the page, and the name of its caption where that describes it.

    A figure by itself carries its description; in the page the caption beside it says the same.
    """
    found = _DESCRIPTION.search(picture.svg)
    if found is None or html.unescape(found[2]) != picture.caption:
        return picture.svg, None
    return picture.svg.replace(found[0], "", 1), found[1]


def environment() -> Environment:
    """Templates that escape whatever they are fed, and may import those that lie beside them."""
    # Slow to import, and only a page needs it.
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup

    made = Environment(
        loader=FunctionLoader(own_file),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Inside an element quotes mean nothing: escaped without them.
    made.filters["t"] = lambda text: Markup(html.escape(str(text), quote=False))
    made.globals["in_page"] = in_page
    return made
