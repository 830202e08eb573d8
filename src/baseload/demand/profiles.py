"""Built-in shapes of a load by month, kind of day and local hour; the peak of each is 1.

`flat` is constant. `household` is the German standard load profile of households, which peaks on
winter evenings. `industry-two-shift` is a stylised works. Their sources stand in `shapes.csv`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from baseload import shape_table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_TABLE = ("baseload.demand", "shapes.csv")


def load_shapes() -> tuple[str, ...]:
    """Names of the built-in load shapes.

    Returns
    -------
    tuple of str
        In the order of the table.

    Examples
    --------
    >>> load_shapes()
    ('flat', 'household', 'industry-two-shift')
    """
    return shape_table.shape_names(*_TABLE)


def load_shape(name: str) -> NDArray[np.float64]:
    """A built-in load shape.

    Parameters
    ----------
    name : str
        One of `load_shapes`.

    Returns
    -------
    ndarray of float64, shape (12, 3, 24)
        Load over its yearly peak, by month (0 January), kind of day (0 workday, 1 Saturday,
        2 Sunday) and hour of local standard time. [share]

    Raises
    ------
    ValueError
        For another name, with the nearest one.

    Examples
    --------
    >>> float(load_shape("household").max())
    1.0
    """
    return shape_table.read_shape(*_TABLE, name)
