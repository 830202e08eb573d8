"""What each hour's power is used for: firm load, then the mine, export or nothing, whichever is worth most.

>>> from baseload.dispatch import dispatch_hours
>>> dispatch_hours([900.0], [400.0], [30.0], 350.0, [100.0], [50.0]).exported_mw.tolist()
[350.0]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from baseload.on_first_use import on_first_use

if TYPE_CHECKING:
    from baseload.dispatch.merit import DispatchedHours, dispatch_hours

__all__ = ["DispatchedHours", "dispatch_hours"]

# Imported on first use: the engine's modules in this package are needed without it.
__getattr__, __dir__ = on_first_use(
    __name__,
    {
        "merit": ("DispatchedHours", "dispatch_hours"),
    },
)
