"""Firm demand of one path, hour by hour."""

from __future__ import annotations

import math

import numpy as np

from baseload.compiled import kernel, small_kernel
from baseload.demand.setup import FROM_FIRST_UNIT
from baseload.numerics import power

# Growth for decades must not run over 32 bits of kilowatts.
HIGHEST_KW = 1.0e8


@small_kernel
def size_of(setup, row, d, year):
    """Size of a demand in a year, which grows once a year. [kW]"""
    growth = row[setup.growth[d]]
    size_kw = row[setup.size[d]] * 1000.0
    if growth != 0.0 and year > 0:
        size_kw = min(size_kw * power(1.0 + growth, float(year)), HIGHEST_KW)
    return size_kw


@kernel
def shaped(size_kw, shape, out):
    """A size times the shape of a day (24,), in whole kW."""
    for h in range(24):
        out[h] = np.int32(size_kw * shape[h] + 0.5)


@small_kernel
def day_demand(setup, sizes_kw, first_hour, at, first_unit_hour, out):
    """`month_demand` for a day that is owed whole or not at all, of demands that follow no output.

    `sizes_kw` (D,) are those of the year, from `size_of`.
    """
    for d in range(setup.demands):
        owed = setup.owed_hour[d]
        if owed == FROM_FIRST_UNIT:
            owed = first_unit_hour
        demand = out[d, at : at + 24]
        size_kw = sizes_kw[d]
        if owed > first_hour:
            for h in range(24):
                demand[h] = np.int32(0)
        elif setup.shape[d] < 0:
            whole = np.int32(math.floor(size_kw + 0.5))
            for h in range(24):
                demand[h] = whole
        else:
            shaped(
                size_kw, setup.day_shape[setup.day_row[setup.shape[d], first_hour // 24]], demand
            )


@small_kernel
def month_demand(setup, row, year, first_hour, at, hours, first_unit_hour, available_kw, out):
    """Firm demand of so many hours into `out` (D, hours) from column `at` on, in whole kW; 0 before it is owed.

    Demand grows once a year. A demand that is a share of output follows `available_kw`.
    """
    for d in range(setup.demands):
        owed = setup.owed_hour[d]
        if owed == FROM_FIRST_UNIT:
            owed = first_unit_hour
        start = min(max(0, owed - first_hour), hours)
        for h in range(start):
            out[d, at + h] = 0
        if setup.output_share[d] >= 0:
            share = row[setup.output_share[d]]
            for h in range(start, hours):
                out[d, at + h] = int(share * available_kw[at + h] + 0.5)
            continue
        size_kw = size_of(setup, row, d, year)
        if setup.shape[d] < 0:
            whole = int(math.floor(size_kw + 0.5))
            for h in range(start, hours):
                out[d, at + h] = whole
        else:
            shape = setup.shapes[setup.shape[d], first_hour : first_hour + hours]
            demand = out[d, at : at + hours]
            for h in range(demand.size):
                demand[h] = np.int32(size_kw * shape[h] + 0.5)
            for h in range(start):
                demand[h] = 0
