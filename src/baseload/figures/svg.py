"""Writing SVG: elements, escaped text, short numbers, and how wide a text is.

Nothing here writes a ``style`` attribute: colours and fonts are classes, so that one style sheet
serves light, dark and print, and a content security policy without inline styles holds.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

FONT_SIZE_PX: Final = {"title": 14.0, "label": 12.0, "note": 11.0}
"""Size of the three kinds of text, shared by the style sheet and by the layout. [px]"""

UNSEEN_PX: Final = 0.5
"""Half a pixel: a line that far from its place looks the same. [px]"""

# A viewer takes the first of these it has; widths below are those of the widest, DejaVu Sans.
FONT_FAMILY: Final = '"Helvetica Neue",Arial,"Liberation Sans",sans-serif'

_NARROW: Final = frozenset("ijlI.,:;'|!ft()[]/\u202f ")
_SIGNS: Final = frozenset("\u2212\u00d7+=<>")
_WIDE: Final = frozenset("mwMW%@\u2030")
_XML_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ELLIPSIS: Final = "\u2026"


def escape(text: str) -> str:
    """Text that may stand in an element or in a quoted attribute.

    Characters that XML 1.0 does not allow become a replacement mark.

    Examples
    --------
    >>> escape('a < b & "c"')
    'a &lt; b &amp; &quot;c&quot;'
    """
    text = _XML_FORBIDDEN.sub("\ufffd", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;")


def coordinate(value_px: float) -> str:
    """A coordinate rounded to a tenth of a pixel, without needless characters.

    Examples
    --------
    >>> coordinate(12.04), coordinate(-0.02), coordinate(-0.36)
    ('12', '0', '-.4')
    """
    return _tenths(round(value_px * 10))


def _tenths(tenths: int) -> str:
    whole, rest = divmod(abs(tenths), 10)
    digits = f"{whole}" if not rest else f".{rest}" if not whole else f"{whole}.{rest}"
    return f"-{digits}" if tenths < 0 else digits


def element(name: str, content: str = "", **attributes: str | float | None) -> str:
    """One element as text; ``class_`` is written ``class``, ``stroke_width`` is ``stroke-width``.

    Parameters
    ----------
    name : str
        Name of the element.
    content : str
        What stands inside it, already escaped.
    **attributes
        Strings are escaped, numbers shortened, None is left out.
    """
    parts = [name]
    for key, value in attributes.items():
        if value is None:
            continue
        written = escape(value) if isinstance(value, str) else coordinate(value)
        parts.append(f'{key.rstrip("_").replace("_", "-")}="{written}"')
    opened = " ".join(parts)
    return f"<{opened}>{content}</{name}>" if content else f"<{opened}/>"


def text(x_px: float, y_px: float, content: str, kind: str, anchor: str | None = None) -> str:
    """A line of text; ``kind`` begins with one of `FONT_SIZE_PX`, and may name further classes."""
    return element("text", escape(content), x=x_px, y=y_px, class_=kind, text_anchor=anchor)


def line(x1_px: float, y1_px: float, x2_px: float, y2_px: float, classes: str) -> str:
    """A straight line."""
    if round(x1_px * 10) == round(x2_px * 10):
        drawn = f"M{coordinate(x1_px)} {coordinate(y1_px)}V{coordinate(y2_px)}"
    else:
        drawn = f"M{coordinate(x1_px)} {coordinate(y1_px)}L{coordinate(x2_px)} {coordinate(y2_px)}"
    return element("path", d=drawn, class_=classes)


def text_width_px(content: str, size_px: float, bold: bool = False) -> float:
    """An upper estimate of a text's width. [px]

    Widths per character, in em, are rounded up from DejaVu Sans, the widest of the usual fonts, so
    that a layout that fits here fits with the others as well.
    """
    width_em = 0.0
    for character in content:
        if character in _NARROW:
            width_em += 0.42
        elif character in _WIDE:
            width_em += 1.0
        elif ord(character) >= 0x2E80:
            width_em += 1.05
        elif character in _SIGNS:
            width_em += 0.85
        elif character.isupper():
            width_em += 0.79
        else:
            width_em += 0.64
    return width_em * size_px * (1.1 if bold else 1.0)


def shorten(content: str, size_px: float, room_px: float, bold: bool = False) -> str:
    """The text, or as much of it as fits the room followed by an ellipsis."""
    if text_width_px(content, size_px, bold) <= room_px:
        return content
    kept = content
    while kept and text_width_px(kept.rstrip() + _ELLIPSIS, size_px, bold) > room_px:
        kept = kept[:-1]
    return kept.rstrip() + _ELLIPSIS


def shorten_middle(content: str, size_px: float, room_px: float) -> str:
    """The text, or its beginning and the end that tells it from its like, about an ellipsis.

    Examples
    --------
    >>> shorten_middle("plant.units[ZNPP-1].restart.months", 10.0, 120.0)
    'plan….restart.months'
    """
    if text_width_px(content, size_px) <= room_px:
        return content
    head, tail = content[:4], content[4:]
    while tail and text_width_px(head + _ELLIPSIS + tail, size_px) > room_px:
        tail = tail[1:]
    return head + _ELLIPSIS + tail if tail else shorten(content, size_px, room_px)


def hinted(drawn: str, words: str) -> str:
    """What is drawn, with words that a pointer over it shows."""
    return element("g", element("title", escape(words)) + drawn) if words else drawn


def wrap(
    content: str, size_px: float, room_px: float, lines: int, bold: bool = False
) -> tuple[str, ...]:
    """The text in at most so many lines; what does not fit the last ends in an ellipsis."""
    wrapped: list[str] = []
    rest = content.split()
    while rest and len(wrapped) < lines:
        if len(wrapped) == lines - 1:
            wrapped.append(shorten(" ".join(rest), size_px, room_px, bold))
            break
        count = 1
        while (
            count < len(rest)
            and text_width_px(" ".join(rest[: count + 1]), size_px, bold) <= room_px
        ):
            count += 1
        wrapped.append(shorten(" ".join(rest[:count]), size_px, room_px, bold))
        rest = rest[count:]
    return tuple(wrapped)


def _runs(finite: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Begin and end of each unbroken run of True."""
    padded = np.concatenate(([False], finite, [False])).astype(np.int8)
    edges = np.flatnonzero(np.diff(padded))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def thinned(x_px: FloatArray, y_px: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The points of a line without those that nobody could see missing.

    D. H. Douglas and T. K. Peucker, Algorithms for the reduction of the number of points required to
    represent a digitized line, The Canadian Cartographer 10(2), 1973,
    https://doi.org/10.3138/FM57-6770-U75U-7727: of each stretch the point that lies farthest from the
    chord stays, as long as that is more than `UNSEEN_PX`. Here the distance is upright and from the
    chord as it will be written, in tenths of a pixel: values read back from the line are as near.

    Parameters
    ----------
    x_px, y_px : array (N,)
        In pixels, finite.
    """
    kept = np.zeros(x_px.size, dtype=np.bool_)
    kept[[0, -1]] = True
    drawn_x, drawn_y = (np.rint(x_px * 10) / 10).tolist(), (np.rint(y_px * 10) / 10).tolist()
    waiting = [(0, x_px.size - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        begin_y, end_y = drawn_y[first], drawn_y[last]
        inner = y_px[first + 1 : last]
        if dx := drawn_x[last] - drawn_x[first]:
            slope = (end_y - begin_y) / dx
            away = np.abs(begin_y + slope * (x_px[first + 1 : last] - drawn_x[first]) - inner)
        else:
            away = np.maximum(min(begin_y, end_y) - inner, inner - max(begin_y, end_y))
        farthest = int(np.argmax(away))
        if away[farthest] > UNSEEN_PX:
            place = first + 1 + farthest
            kept[place] = True
            waiting += [(first, place), (place, last)]
    return x_px[kept], y_px[kept]


def _points(x_px: FloatArray, y_px: FloatArray) -> str:
    """A moved-to point and relative steps in tenths: whole tenths do not drift."""
    x = np.rint(x_px * 10).astype(np.int64)
    y = np.rint(y_px * 10).astype(np.int64)
    if x.size > 2:  # the inner points of a level stretch draw nothing
        inner = (y[1:-1] == y[:-2]) & (y[1:-1] == y[2:])
        inner &= (x[1:-1] - x[:-2]) * (x[2:] - x[1:-1]) > 0  # but where a band turns back
        kept = np.concatenate(([True], ~inner, [True]))
        x, y = x[kept], y[kept]
    pieces = [f"M{_tenths(int(x[0]))} {_tenths(int(y[0]))}"]
    command = ""
    for dx, dy in zip(np.diff(x).tolist() or [0], np.diff(y).tolist() or [0], strict=True):
        numbers = [number for number in (dx, dy) if number] or [0, 0]
        wanted = "l" if len(numbers) > 1 else "h" if dx else "v"
        # A letter, a sign or a second point keeps numbers apart, else a space; a letter that goes on
        # is left out.
        for place, number in enumerate(numbers):
            written = _tenths(number)
            if not place and wanted != command:
                written = wanted + written
            elif not written.startswith("-" if "." not in pieces[-1] else ("-", ".")):
                written = " " + written
            pieces.append(written)
        command = wanted
    return "".join(pieces)


def curve(x_px: FloatArray, y_px: FloatArray) -> str:
    """The ``d`` of a line through the points, broken where one is not finite; "" without any."""
    finite = np.isfinite(x_px) & np.isfinite(y_px)
    return "".join(_points(*thinned(x_px[a:b], y_px[a:b])) for a, b in _runs(finite))


def area(x_px: FloatArray, lower_px: FloatArray, upper_px: FloatArray) -> str:
    """The ``d`` of a band between two lines, broken where either is not finite; "" without any."""
    finite = np.isfinite(x_px) & np.isfinite(lower_px) & np.isfinite(upper_px)
    pieces = []
    for a, b in _runs(finite):
        upper_x, upper_y = thinned(x_px[a:b], upper_px[a:b])
        lower_x, lower_y = thinned(x_px[a:b][::-1], lower_px[a:b][::-1])
        around_x = np.concatenate((upper_x, lower_x))
        around_y = np.concatenate((upper_y, lower_y))
        pieces.append(_points(around_x, around_y) + "z")
    return "".join(pieces)
