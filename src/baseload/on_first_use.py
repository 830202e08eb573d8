"""Names of a package that are imported when somebody first asks for them.

Whoever wants one name of a package then waits for its module alone, and not for the compiler or the
frames that its neighbours need.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any


def on_first_use(
    package: str, homes: Mapping[str, Sequence[str]]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """What a package sets as its `__getattr__` and `__dir__`.

    Parameters
    ----------
    package : str
        The package's own `__name__`.
    homes : mapping of str to sequence of str
        By module of the package, the names that it gives to the package.

    Returns
    -------
    tuple of callable
        The first finds a name, or raises AttributeError as a module does; the second lists all names,
        those not imported yet among them.

    Examples
    --------
    >>> find, names = on_first_use("json", {"decoder": ("JSONDecoder",)})
    >>> find("JSONDecoder").__module__
    'json.decoder'
    >>> "JSONDecoder" in names()
    True
    """
    home = {name: module for module, names in homes.items() for name in names}

    def find(name: str) -> Any:
        if name in home:
            return getattr(importlib.import_module(f"{package}.{home[name]}"), name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *home})

    return find, names
