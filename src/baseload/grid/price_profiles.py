"""Built-in shapes of the power price by month, kind of day and local hour; the yearly mean is 1.

`flat` is constant. `day-ahead` is what the Bulgarian day-ahead market showed from 2023 to 2025: a
dip under the midday sun, deepest on spring Sundays, and a peak after sunset. The level of the
price is a process of its own. Sources stand in `price_shapes.csv`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from baseload import shape_table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_TABLE = ("baseload.grid", "price_shapes.csv")


def price_shapes() -> tuple[str, ...]:
    """Names of the built-in price shapes.

    Returns
    -------
    tuple of str
        In the order of the table.

    Examples
    --------
    >>> price_shapes()
    ('flat', 'day-ahead')
    """
    return shape_table.shape_names(*_TABLE)


def price_shape(name: str) -> NDArray[np.float64]:
    """A built-in price shape.

    Parameters
    ----------
    name : str
        One of `price_shapes`.

    Returns
    -------
    ndarray of float64, shape (12, 3, 24)
        Price over its yearly mean, by month (0 January), kind of day (0 workday, 1 Saturday,
        2 Sunday) and hour of local standard time; never below 0. [share]

    Raises
    ------
    ValueError
        For another name, with the nearest one.

    Examples
    --------
    >>> float(price_shape("flat").mean())
    1.0
    """
    return shape_table.read_shape(*_TABLE, name)
