"""Heat maps: a matrix as a small picture inside the figure, with its bar of colours.

Cells are pixels of a PNG written here, because ten thousand rectangles would make the page slow.
Its colours lie on the path of *cividis*, made for people with and without colour blindness alike
(doi:10.1371/journal.pone.0199239); they are the same on light and dark ground.
"""

from __future__ import annotations

import base64
import math
import struct
import zlib
from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from baseload.figures.frame import make_frame, no_data
from baseload.figures.line import axis_of
from baseload.figures.numbers import SPACE, decimal, scaled_unit
from baseload.figures.pointer import edges_px, readable_cells, readable_x
from baseload.figures.scale import Axis, Tick, finite_range, value_axis
from baseload.figures.svg import FONT_SIZE_PX, element, line, shorten, text, text_width_px

_LEVELS: Final = 15
# The script finds a cell in one stored block; cells are half a byte each.
_MOST_READ_BACK: Final = 100_000
_ANCHORS: Final = np.array(
    [[0, 32, 76], [49, 68, 107], [102, 105, 112], [149, 143, 120], [203, 186, 105], [255, 234, 70]],
    dtype=np.float64,
)


def _palette() -> npt.NDArray[np.uint8]:
    """Colours of the levels, and last an unused one for cells without a value."""
    at = np.linspace(0, len(_ANCHORS) - 1, _LEVELS)
    known = np.arange(len(_ANCHORS), dtype=np.float64)
    rows = np.stack([np.interp(at, known, _ANCHORS[:, channel]) for channel in range(3)], axis=1)
    return np.vstack((np.rint(rows), [0, 0, 0])).astype(np.uint8)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def _stored(content: bytes) -> bytes:
    """A zlib stream of stored blocks (RFC 1950, RFC 1951 section 3.2.4).

    Compressors differ between builds of zlib; stored bytes are the same everywhere.
    """
    most = 65_535
    blocks = [content[a : a + most] for a in range(0, len(content), most)] or [b""]
    parts = [b"\x78\x01"]
    for index, block in enumerate(blocks):
        last = index == len(blocks) - 1
        parts.append(struct.pack("<BHH", last, len(block), len(block) ^ 0xFFFF) + block)
    return b"".join(parts) + struct.pack(">I", zlib.adler32(content))


def png(levels: npt.NDArray[np.integer]) -> bytes:
    """A PNG (ISO/IEC 15948) of a matrix of levels, four bits a cell, first row on top.

    Parameters
    ----------
    levels : array of int
        0 to 14 from dark to bright, 15 for a cell without a value, which is transparent.
    """
    height, width = levels.shape
    even = np.zeros((height, width + width % 2), dtype=np.uint8)
    even[:, :width] = levels
    packed = (even[:, 0::2] << 4) | even[:, 1::2]
    rows = np.zeros((height, packed.shape[1] + 1), dtype=np.uint8)  # each row begins with filter 0
    rows[:, 1:] = packed
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 4, 3, 0, 0, 0))
        + _chunk(b"PLTE", _palette().tobytes())
        + _chunk(b"tRNS", b"\xff" * _LEVELS + b"\x00")
        + _chunk(b"IDAT", _stored(rows.tobytes()))
        + _chunk(b"IEND", b"")
    )


def _image(levels: npt.NDArray[np.integer], x: float, y: float, width: float, height: float) -> str:
    data = base64.b64encode(png(levels)).decode("ascii")
    return element(
        "image",
        href=f"data:image/png;base64,{data}",
        x=x,
        y=y,
        width=width,
        height=height,
        preserveAspectRatio="none",
    )


def _levels(matrix: npt.NDArray[np.float64], low: float, high: float) -> npt.NDArray[np.integer]:
    finite = np.isfinite(matrix)
    share = (np.where(finite, matrix, low) - low) / (high - low)
    levels = np.clip(np.floor(share * _LEVELS), 0, _LEVELS - 1).astype(np.uint8)
    return np.where(finite, levels, np.uint8(_LEVELS))


def heat_map_figure(
    title: str,
    description: str,
    matrix: npt.ArrayLike,
    unit: str,
    *,
    columns: Sequence[date] | npt.NDArray[np.datetime64] | None = None,
    row_ticks: Sequence[Tick] = (),
    label: str = "",
    x_label: str = "",
    y_label: str = "",
    low: float | None = None,
    high: float | None = None,
    after_row: str = "",
    notes: Sequence[str] = (),
) -> str:
    """Draw a matrix in colours.

    Parameters
    ----------
    title, description : str
        Name of the figure, and what it shows for those who cannot see it.
    matrix : array, rows by columns
        Values; the first row is drawn at the bottom, NaN stays empty. [unit]
    unit : str
        Unit of the values.
    columns : array of dates, optional
        Begin of each column, evenly apart; without it columns are counted from 0.
    row_ticks : sequence of Tick
        Rows to name; without it rows are counted from 0.
    label, x_label, y_label : str
        What the colours and the axes measure.
    low, high : float, optional
        Values of the darkest and of the brightest colour, the data's own if not given. [unit]
    after_row : str
        What follows the number of a row where the pointer reads it, such as ":00"; no spaces.
    notes : sequence of str
        Remarks under the figure.

    Returns
    -------
    str
        The figure, an ``svg`` element.
    """
    values = np.asarray(matrix, dtype=np.float64)
    found = finite_range(values)
    if values.ndim != 2 or found is None:
        return no_data(title, description, "no value is defined")
    rows, count = values.shape
    counted = np.arange(float(count)) if columns is None else columns
    axis = value_axis(
        found[0] if low is None else low, found[1] if high is None else high, unit, round_ends=False
    )
    if columns is None:
        x_axis = value_axis(0.0, float(count), "", x_label, round_ends=False)
    else:
        placed = axis_of(np.asarray(columns), x_label, "", hold=True)
        assert placed is not None
        x_axis = placed[1]
    if row_ticks:
        y_axis = Axis(0.0, float(rows), y_label, (tuple(row_ticks),))
    else:
        y_axis = value_axis(0.0, float(rows), "", y_label, round_ends=False)
    frame = make_frame(
        title, description, x_axis, y_axis, rows_above=2, notes=notes, y_labels_between=True
    )
    cells = _levels(values[::-1], axis.low, axis.high)
    drawn = [
        _image(cells, frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top)
    ]

    # The bar of colours: lowest and highest value beside it, the unit after them.
    scaled = scaled_unit(max(abs(axis.low), abs(axis.high)), unit, words_from=1e4)
    span = (axis.high - axis.low) / scaled.factor
    decimals = max(0, 2 - math.floor(math.log10(span))) if span < 100 else 0
    ends = [decimal(end / scaled.factor, decimals) for end in (axis.low, axis.high)]
    words = " ".join(filter(None, (scaled.label.replace(" ", SPACE), label)))
    size = FONT_SIZE_PX["note"]
    base = frame.top - 14
    x = frame.left
    drawn.append(text(x, base, ends[0], "note"))
    x += text_width_px(ends[0], size) + 5
    bar = np.arange(_LEVELS, dtype=np.uint8).reshape(1, -1)
    drawn.append(_image(bar, x, base - 9, 90, 10))
    x += 95
    tail = shorten(f"{ends[1]} {words}", size, frame.width_px - x - 4)
    drawn.append(text(x, base, tail, "note"))
    drawn.append(line(frame.left, frame.top, frame.left, frame.bottom, "axis"))
    return frame.svg(
        "".join(drawn),
        data_x=readable_x(counted, x_axis, frame.x, True),
        data_y=edges_px(frame.y),
        data_c=readable_cells(rows, axis, after_row) if cells.size < _MOST_READ_BACK else None,
    )
