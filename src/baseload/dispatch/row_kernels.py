"""Loops over one row of hours each, so plain that the compiler runs them on many hours at once.

A loop that writes several rows is not: it cannot know that the rows do not overlap. All rows are
whole kW or milli-USD per MWh in 32 bits; sums are of 64 bits.
"""

from __future__ import annotations

import numpy as np

from baseload.compiled import kernel, small_kernel


@kernel
def row_sum(row):
    """Sum of a row."""
    total = 0
    for h in range(row.size):
        total += row[h]
    return total


@kernel
def highest(row):
    """Largest value of a row, at least 0."""
    most = row[0]
    for h in range(row.size):
        most = max(most, row[h])
    return max(0, int(most))


@kernel
def lowest(row):
    """Smallest value of a row."""
    least = row[0]
    for h in range(row.size):
        least = min(least, row[h])
    return int(least)


@small_kernel
def count_above_zero(row):
    """Hours on which a row is above zero."""
    count = 0
    for h in range(row.size):
        count += 1 if row[h] > 0 else 0
    return count


@small_kernel
def smaller_of(one, other, out):
    """The smaller of two rows into a third; returns its sum."""
    total = 0
    for h in range(out.size):
        part = min(one[h], other[h])
        out[h] = part
        total += part
    return total


@small_kernel
def at_most(row, limit, out):
    """A row cut off at a number; returns the sum."""
    total = 0
    for h in range(out.size):
        part = min(row[h], limit)
        out[h] = part
        total += part
    return total


@small_kernel
def take_off(row, other):
    """Take one row off another, in place."""
    for h in range(row.size):
        row[h] -= other[h]


@small_kernel
def add_to(row, other):
    """Add one row to another, in place."""
    for h in range(row.size):
        row[h] += other[h]


@small_kernel
def difference(one, other, out):
    """One row less another into a third."""
    for h in range(out.size):
        out[h] = one[h] - other[h]


@small_kernel
def cost_of(row, price, fee):
    """Sum of energy times price and fee, in micro-USD."""
    total = 0
    for h in range(row.size):
        total += row[h] * (price[h] + fee)
    return total


@kernel
def fill(row, value):
    """The same number in every hour of a row."""
    number = np.int32(value)
    for h in range(row.size):
        row[h] = number


@kernel
def copy(row, out):
    """A row into another."""
    for h in range(out.size):
        out[h] = row[h]


@kernel
def less_than(value, row, out):
    """A number less each hour of a row."""
    number = np.int32(value)
    for h in range(out.size):
        out[h] = np.int32(number - row[h])


@kernel
def plus(row, out):
    """Add one row to another."""
    for h in range(out.size):
        out[h] = np.int32(out[h] + row[h])


@kernel
def above(row, bound):
    """Sum of what a row is above a number."""
    number, none = np.int32(bound), np.int32(0)
    total = 0
    for h in range(row.size):
        total += max(np.int32(row[h] - number), none)
    return total


@kernel
def plus_above(row, bound, out):
    """Add what a row is above a number to another row."""
    number, none = np.int32(bound), np.int32(0)
    for h in range(out.size):
        out[h] = np.int32(out[h] + max(np.int32(row[h] - number), none))


@small_kernel
def dearness(row, price):
    """Sum of a row times a price."""
    total = 0
    for h in range(row.size):
        total += row[h] * price[h]
    return total
