"""The site of the documentation: `sphinx-build -W docs build/site`.

Pages are the Markdown files beside this one, which read as well without being built. Three things are
added on the way: a menu that follows the links of `index.md`, the public names of a package where a
page of `api/` asks for them, and notebooks as pages.
"""

from __future__ import annotations

import base64
import html
import importlib
import inspect
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS.parent / "src"))

import baseload  # noqa: E402  # the tree's own, whatever else is installed

project = "baseload"
author = "The baseload authors"
copyright = author
version = release = baseload.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown", ".ipynb": "markdown"}

html_theme = "furo"
html_title = f"baseload {release}"
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False
html_last_updated_fmt = None
# Nothing but what a reader's browser draws by itself: no fonts, no pictures from elsewhere.
html_theme_options = {"navigation_with_keys": False}

myst_heading_anchors = 4
# Two hyphens become a dash between a parameter and its words; quotes stay as they are typed.
smartquotes_action = "D"
# A name in single backticks in a docstring is code.
default_role = "literal"

autodoc_typehints = "none"
autodoc_member_order = "bysource"
napoleon_numpy_docstring = True
napoleon_google_docstring = False
# Types are words, not links: "array (years, parties)" means no attribute of that name.
napoleon_use_param = False
napoleon_use_rtype = False
napoleon_custom_sections = [("Attributes", "params_style")]

LINK = re.compile(r"\[[^\]\n]+\]\(([^)\s#:]+\.(?:md|ipynb))(?:#[^)\s]*)?\)")
PUBLIC = re.compile(r"^```\{public\} ([\w.]+)\n```$", re.MULTILINE)


def groups_of(index: str) -> Iterator[tuple[str, list[str]]]:
    """Headings of the index and the pages that each links to, in their order, every page once."""
    seen: set[str] = set()
    for part in re.split(r"^## ", index, flags=re.MULTILINE):
        caption = part.partition("\n")[0].strip("# ")
        pages = []
        for target in LINK.findall(part):
            page = re.sub(r"\.(md|ipynb)$", "", target)
            if page not in seen and not target.startswith(".."):
                seen.add(page)
                pages.append(page)
        if pages:
            yield caption, pages


def menu(index: str, known: set[str]) -> str:
    """Contents for the menu: the index's own groups, then pages that it does not name."""
    groups = list(groups_of(index))
    named = {page for _, pages in groups for page in pages}
    groups.append(("More", sorted(known - named - {"index"})))
    return "".join(
        f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{chr(10).join(pages)}\n```\n"
        for caption, pages in groups
        if pages
    )


def directive_of(name: str, thing: Any) -> str:
    """The directive that documents a public name: from its docstring, or from its value."""
    if inspect.isclass(thing):
        return f".. autoclass:: {name}\n   :members:\n"
    if callable(thing):
        return f".. autofunction:: {name}\n"
    shown = repr(thing)
    value = f"   :value: {shown}\n" if len(shown) <= 80 and " at 0x" not in shown else ""
    return f".. py:data:: {name}\n{value}"


def public_names(package: str) -> str:
    """All public names of a package, functions first, as a block of reStructuredText."""
    module = importlib.import_module(package)
    things = [(name, getattr(module, name)) for name in module.__all__ if not name.startswith("_")]

    def kind(thing: Any) -> int:
        return 1 if inspect.isclass(thing) else 0 if callable(thing) else 2

    blocks = [
        directive_of(f"{package}.{name}", thing)
        for name, thing in sorted(things, key=lambda pair: kind(pair[1]))
    ]
    return "```{eval-rst}\n" + "\n".join(blocks) + "```"


def markdown_of(notebook: str) -> str:
    """A notebook as a page: texts, code, and what it printed or drew."""
    parts = []
    for cell in json.loads(notebook)["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(f"```python\n{source}\n```")
        for output in cell["outputs"]:
            data = output.get("data", {})
            if "image/svg+xml" in data:
                # As an image: its style sheet must not reach the page around it.
                picture = base64.b64encode("".join(data["image/svg+xml"]).encode()).decode()
                words = html.escape(
                    re.findall(r"<desc[^>]*>([^<]*)", "".join(data["image/svg+xml"]))[0]
                )
                source = f"data:image/svg+xml;base64,{picture}"
                parts.append(f'```{{raw}} html\n<img alt="{words}" src="{source}">\n```')
            else:
                text = output.get("text", data.get("text/plain", ""))
                parts.append(f"```text\n{''.join(text).rstrip()}\n```")
    return "\n\n".join(parts) + "\n"


def expand(app: Sphinx, page: str, source: list[str]) -> None:
    """Make a page of a notebook; add the menu to the index, and names to pages that ask for them."""
    if Path(app.env.doc2path(page)).suffix == ".ipynb":
        source[0] = markdown_of(source[0])
    if page == "index":
        source[0] += menu(source[0], set(app.env.found_docs))
    source[0] = PUBLIC.sub(lambda found: public_names(found[1]), source[0])


def plain_references(
    app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]
) -> None:
    """Write the numbered sources of a docstring as lines: as footnotes they would clash on a page."""
    for place, line in enumerate(lines):
        line = re.sub(r"^(\s*)\.\. \[(\d+)\]", r"\1| [\2]", line)
        lines[place] = re.sub(r"\[(\d+)\]_(?!\w)", r"[\1]", line)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect all of it."""
    app.connect("source-read", expand)
    # Before napoleon, which moves the references about.
    app.connect("autodoc-process-docstring", plain_references, priority=100)
    return {"parallel_read_safe": False, "parallel_write_safe": False}
