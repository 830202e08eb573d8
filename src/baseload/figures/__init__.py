"""Figures drawn as SVG from arrays and labels; they know nothing of the model.

Every function returns one ``svg`` element as text, the same bytes for the same input.
`svg_stylesheet` gives the rules that colour it in a page, `standalone` makes it a file of its own.
"""

from baseload.figures.dots import Dot, dots_figure
from baseload.figures.fan import fan_figure
from baseload.figures.frame import Mark, no_data
from baseload.figures.heatmap import heat_map_figure
from baseload.figures.histogram import Sample, histogram_figure
from baseload.figures.line import Band, Line, line_figure
from baseload.figures.scale import Tick
from baseload.figures.stack import Layer, stack_figure
from baseload.figures.step import Stair, cumulative, step_figure
from baseload.figures.stylesheet import standalone, svg_stylesheet
from baseload.figures.timeline import Bar, timeline_figure
from baseload.figures.tornado import Swing, tornado_figure
from baseload.figures.waterfall import Step, waterfall_figure

__all__ = [
    "Band",
    "Bar",
    "Dot",
    "Layer",
    "Line",
    "Mark",
    "Sample",
    "Stair",
    "Step",
    "Swing",
    "Tick",
    "cumulative",
    "dots_figure",
    "fan_figure",
    "heat_map_figure",
    "histogram_figure",
    "line_figure",
    "no_data",
    "stack_figure",
    "standalone",
    "step_figure",
    "svg_stylesheet",
    "timeline_figure",
    "tornado_figure",
    "waterfall_figure",
]
