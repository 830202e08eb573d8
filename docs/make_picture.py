"""Draw the README's picture from a fresh run of the flagship: `python docs/make_picture.py`."""

from __future__ import annotations

from pathlib import Path

import baseload
from baseload.figures.stylesheet import svg_stylesheet
from baseload.report.money import money_section
from baseload.report.pictures import power_section
from baseload.report.reported import read_series

TARGET = Path(__file__).parent / "picture.svg"
PATHS = 1000
GAP_PX = 16


def main() -> None:
    """Run the flagship and write two of its report's figures side by side."""
    study = baseload.run(baseload.load("zaporizhzhia"), paths=PATHS)
    series = read_series(study)
    where_power_goes = power_section(study, series).pictures[0].svg
    gains = money_section(study, series).pictures[-1].svg
    TARGET.write_text(side_by_side(where_power_goes, gains), encoding="utf-8")
    print(TARGET)


def side_by_side(left: str, right: str) -> str:
    """Two figures as one SVG file with its own colours."""
    width, height = size_of(left)
    other_width, other_height = size_of(right)
    total = width + GAP_PX + other_width
    tallest = max(height, other_height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total:g} {tallest:g}" '
        f'width="{total:g}" height="{tallest:g}">'
        f"<style>{svg_stylesheet()}</style>"
        f'<rect width="{total:g}" height="{tallest:g}" fill="#fff"/>'
        f"{placed(left, 0.0, width, height)}{placed(right, width + GAP_PX, other_width, other_height)}"
        "</svg>\n"
    )


def size_of(svg: str) -> tuple[float, float]:
    """Width and height of a figure's view box. [px]"""
    box = svg.split('viewBox="', 1)[1].split('"', 1)[0].split()
    return float(box[2]), float(box[3])


def placed(svg: str, x: float, width: float, height: float) -> str:
    """A figure at a place within another."""
    return svg.replace("<svg ", f'<svg x="{x:g}" width="{width:g}" height="{height:g}" ', 1)


if __name__ == "__main__":
    main()
