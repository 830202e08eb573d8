"""Colours and fonts of the figures: one style sheet for light, dark and print.

The eight colours are those of Okabe and Ito, "Color Universal Design" (2008), which people with
the common kinds of colour blindness can tell apart. Print is light: the dark rules hold on screens
only.
"""

from __future__ import annotations

import re
from typing import Final

from baseload.figures.svg import FONT_FAMILY, FONT_SIZE_PX

SERIES: Final = 8
"""How many series have a colour of their own; a ninth begins again."""

# Blue, vermillion, green, orange, purple, sky blue, yellow, black. Yellow and black come last:
# yellow is faint as a line on white.
_LIGHT: Final = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#E69F00",
    "#CC79A7",
    "#56B4E9",
    "#F0E442",
    "#000000",
)
# On dark, blue gets lighter to keep three to one against the ground, and black becomes white.
_DARK: Final = (
    "#3D9BD8",
    "#E8702A",
    "#1DB58A",
    "#E69F00",
    "#CC79A7",
    "#8CCBF0",
    "#F0E442",
    "#FFFFFF",
)


def _colour_rules(colours: tuple[str, ...]) -> str:
    rules = []
    for number, colour in enumerate(colours, start=1):
        rules.append(f".chart .line.s{number}{{stroke:{colour}}}")
        rules.append(f".chart .area.s{number}{{fill:{colour}}}")
    return "".join(rules)


def _ground_rules(ink: str, faint: str, grid: str, ground: str) -> str:
    return (
        f".chart text{{fill:{ink}}}.chart .note,.chart .note text{{fill:{faint}}}.chart .halo{{stroke:{ground}}}"
        f".chart .axis,.chart .mark{{stroke:{ink}}}.chart .grid{{stroke:{grid}}}"
        f".chart .panel{{fill:{grid}}}"
    )


def svg_stylesheet() -> str:
    """The rules for every figure, to stand in a page or, through `standalone`, in a file."""
    sizes = "".join(
        f".chart .{kind}{{font-size:{size:g}px}}" for kind, size in FONT_SIZE_PX.items()
    )
    return (
        f".chart text{{font-family:{FONT_FAMILY}}}{sizes}.chart .title,.chart .strong{{font-weight:600}}"
        ".chart .line,.chart .mark{fill:none;stroke-width:1.6}"
        ".chart .line{stroke-linejoin:round;stroke-linecap:round}"
        ".chart .thin{stroke-width:1}.chart .mark{stroke-width:1;stroke-dasharray:2 3}"
        ".chart .dashed{stroke-dasharray:6 4}.chart .axis,.chart .grid{fill:none;stroke-width:1}"
        ".chart .wide-band{fill-opacity:.2}.chart .narrow-band{fill-opacity:.35}"
        ".chart .light{fill-opacity:.25}.chart .solid{fill-opacity:.85}"
        ".chart .panel{fill-opacity:.4}.chart .hit{fill-opacity:0}"
        ".chart .halo{paint-order:stroke;stroke-width:3;stroke-linejoin:round}"
        ".chart image{image-rendering:pixelated}"
        + _ground_rules("#1c1f24", "#50565f", "#d9dde3", "#ffffff")
        + _colour_rules(_LIGHT)
        + "@media screen and (prefers-color-scheme:dark){"
        + _ground_rules("#e8eaed", "#a9b0ba", "#3a4049", "#16191d")
        + _colour_rules(_DARK)
        + "}"
    )


def series_class(index: int) -> str:
    """Class of the series at an index from zero.

    Examples
    --------
    >>> series_class(0), series_class(8)
    ('s1', 's1')
    """
    return f"s{index % SERIES + 1}"


def standalone(svg: str) -> str:
    """A figure as a file of its own: with its namespace and its style sheet inside.

    Parameters
    ----------
    svg : str
        A figure as drawn for a page.
    """
    if not svg.startswith("<svg "):
        raise ValueError("not a figure: it does not begin with <svg")
    svg = re.sub(r' data-[xync]="[^"]*"', "", svg)  # what only the script of a page reads
    head, rest = svg.split(">", 1)
    # A size of its own, or an image of it in a text would be as wide as the text or very small.
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', head)
    size = f'width="{box[1]}" height="{box[2]}" ' if box else ""
    named = head.replace("<svg ", f'<svg xmlns="http://www.w3.org/2000/svg" {size}', 1)
    ground = (
        ".ground{fill:#fff}@media screen and (prefers-color-scheme:dark){.ground{fill:#16191d}}"
        + svg_stylesheet()
    )
    # The rectangle gives an exported figure the ground that its colours were chosen for.
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{named}><style>{ground}</style>'
        f'<rect class="ground" width="100%" height="100%"/>{rest}\n'
    )
