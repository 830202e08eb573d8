"""Worked scenarios that come with the program: each a file that can be read aloud, run and changed.

Every figure of them has its line under `[sources]`.
"""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

from baseload.errors import Fault, InputError, nearest

_SUFFIX = ".toml"


def scenario_names() -> tuple[str, ...]:
    """Names of the scenarios of the gallery.

    Returns
    -------
    tuple of str
        In the order of the alphabet.

    Examples
    --------
    >>> "zaporizhzhia" in scenario_names()
    True
    """
    found = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX)))


def scenario_path(name: str) -> Path:
    """The file of a scenario of the gallery.

    Parameters
    ----------
    name : str
        One of `scenario_names`.

    Returns
    -------
    Path
        A file that exists.

    Raises
    ------
    InputError
        No such scenario; the message gives the nearest name.

    Examples
    --------
    >>> scenario_path("zaporizhzhia").name
    'zaporizhzhia.toml'
    """
    names = scenario_names()
    if name not in names:
        raise InputError(
            Fault(
                name,
                None,
                None,
                "",
                "no scenario of the gallery",
                "the path of a file, or one of " + ", ".join(names),
                nearest(name, names),
            )
        )
    # Wheels are installed as plain files, so that the path stays good after the block.
    with as_file(files(__name__).joinpath(name + _SUFFIX)) as path:
        return path
