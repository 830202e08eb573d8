"""A scenario file to a validated model: all faults at once, each with its place."""

from __future__ import annotations

import errno
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from baseload.errors import COMMAND_LINE, Fault, InputError, MachineFault, nearest, raise_all
from baseload.scenario.address import parse_override, set_value, shown_address, target
from baseload.scenario.allowed import keys_of
from baseload.scenario.explain import explain
from baseload.scenario.locate import KeyPath, Places, locate
from baseload.scenario.syntax import parse_toml
from baseload.scenario.write import shown

__all__ = ["NOT_YET", "fault_at", "parse_toml", "read_scenario", "read_text", "validate"]

NOT_YET: Final = {
    "security": "the safety of the network's consensus comes with a later version",
}
"""Sections of the design whose stage does not exist yet, and what will be in them."""

LARGEST_FILE_BYTES: Final = 10_000_000

Model = TypeVar("Model", bound=BaseModel)


def read_scenario(
    model: type[Model], path: str | Path, overrides: Iterable[str] = ()
) -> tuple[Model, dict[str, Any]]:
    """The scenario of a file with `KEY=VALUE` overrides, and the document that it was made of.

    Parameters
    ----------
    model : type of BaseModel
        Root of the schema.
    path : str or Path
        The scenario file.
    overrides : iterable of str
        Applied in their order; a later one sees what an earlier one wrote.
    """
    text = read_text(path)
    document = parse_toml(text, str(path))
    overridden: list[KeyPath] = []
    for override in overrides:
        address, value = parse_override(override)
        overridden.append(target(document, address))
        document = set_value(document, overridden[-1], value)
    return validate(model, document, locate(text), str(path), overridden), document


def read_text(path: str | Path) -> str:
    """The text of a file, without the byte order mark that some editors put before it.

    Raises
    ------
    InputError
        No such file, a folder, no permission, larger than 10 MB, or not UTF-8.
    MachineFault
        The machine cannot read what is there.
    """
    file = str(path)
    try:
        source = Path(path)
        if source.is_dir():
            raise InputError(
                Fault(file, None, None, "", "a folder", "a file of TOML", _neighbour(source / "x"))
            )
        if source.exists() and not source.is_file():
            raise InputError(Fault(file, None, None, "", "no plain file", "a file of TOML"))
        with source.open("rb") as stream:
            data = stream.read(LARGEST_FILE_BYTES + 1)
    except FileNotFoundError:
        close = _neighbour(Path(path))
        raise InputError(Fault(file, None, None, "", "no such file", nearest=close)) from None
    except PermissionError:
        raise InputError(
            Fault(file, None, None, "", "a file that may not be read", note="see its permissions")
        ) from None
    except ValueError:  # a name that holds a zero byte
        raise InputError(
            Fault(shown(file), None, None, "", "a name that no file can have")
        ) from None
    except OSError as error:
        if error.errno in (errno.ENAMETOOLONG, errno.ELOOP, errno.ENOTDIR, errno.EINVAL):
            raise InputError(Fault(file, None, None, "", "no such file")) from None
        raise MachineFault(
            "the scenario could not be read",
            where=file,
            why=error.strerror or str(error),
            what_to_do="copy the file to a disk that can be read, and give that one",
        ) from error
    if len(data) > LARGEST_FILE_BYTES:
        raise InputError(
            Fault(
                file,
                None,
                None,
                "",
                "a file of more than 10 MB",
                "a scenario of at most 10 MB; tables of hours go into CSV or Parquet files",
            )
        )
    return _decoded(data, file)


def validate(
    model: type[Model],
    document: dict[str, Any],
    places: Places | None = None,
    file: str | None = None,
    overridden: Collection[KeyPath] = (),
) -> Model:
    """The document as a model.

    Parameters
    ----------
    model : type of BaseModel
        Root of the schema.
    document : dict
        As `parse_toml` gives it, with overrides applied.
    places : Places or None
        Of the text that the document was read from; without it faults have no line.
    file : str or None
        Name for the messages.
    overridden : collection of paths
        Values from the command line, which have no place in the file.

    Raises
    ------
    InputError
        All that is wrong, each with its place.
    """
    built = keys_of(model)
    later = [key for key in NOT_YET if key in document and key not in built]
    faults = [
        fault_at(
            (key,),
            document=document,
            places=places,
            file=file,
            overridden=overridden,
            found="a section that does nothing yet",
            allowed="a scenario without it",
            note=f"not yet: {NOT_YET[key]}",
        )
        for key in later
    ]
    judged = {key: value for key, value in document.items() if key not in later}
    try:
        result = model.model_validate(judged)
    except ValidationError as error:

        def placing(path: KeyPath) -> tuple[str | None, int | None, int | None]:
            return _place(path, places, file, overridden)

        faults += explain(error, model, judged, placing)
        raise InputError(*faults) from None
    raise_all(faults)
    return result


def fault_at(
    path: KeyPath,
    *,
    document: dict[str, Any],
    places: Places | None = None,
    file: str | None = None,
    overridden: Collection[KeyPath] = (),
    found: str = "",
    allowed: str = "",
    nearest: str = "",
    note: str = "",
) -> Fault:
    """A fault at a path of the document, for checks that come after the schema's.

    Left empty, `found` is the value in the document.
    """
    if not found:
        here: Any = document
        for part in path:
            here = here[part]
        found = shown(here)
    where = _place(path, places, file, overridden)
    return Fault(*where, shown_address(path, document), found, allowed, nearest, note)


def _place(
    path: KeyPath, places: Places | None, file: str | None, overridden: Collection[KeyPath]
) -> tuple[str | None, int | None, int | None]:
    for typed in overridden:
        at_or_below = path[: len(typed)] == typed
        made_on_the_way = typed[: len(path)] == path and bool(path)
        if at_or_below or (made_on_the_way and (not places or places.of_key(path) is None)):
            return COMMAND_LINE, None, None
    if places is None:
        return file, None, None
    place = places.of(path)
    return file, place.line, place.column


def _neighbour(path: Path) -> str:
    """The scenario in the same folder that is spelled most like the one that was asked for."""
    try:
        return nearest(path.name, sorted(p.name for p in path.parent.iterdir() if p.is_file()))
    except OSError:
        return ""


def _decoded(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        what = "text in UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "a byte"
        raise InputError(
            Fault(
                file,
                line,
                column,
                "",
                f"{what} that is not UTF-8",
                "text in UTF-8",
                note="save the file again with the encoding UTF-8",
            )
        ) from None
