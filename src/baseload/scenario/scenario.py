"""A scenario in hand: what the file says, checked, and ways to change it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from baseload.errors import COMMAND_LINE, InputError, raise_all
from baseload.gallery import scenario_names, scenario_path
from baseload.scenario.address import parse_address, parse_override, set_value, target
from baseload.scenario.checks import check, faults_of, warnings_of
from baseload.scenario.locate import KeyPath, locate
from baseload.scenario.read import parse_toml, read_text, validate
from baseload.scenario.references import reference_findings
from baseload.scenario.schema import ScenarioDocument
from baseload.scenario.write import sha256_of, to_toml


@dataclass(frozen=True)
class Scenario:
    """A valid scenario.

    Attributes
    ----------
    name : str
        Name in the gallery, or the file's without its ending.
    file : str
        The file as it was named.
    given_text : str or None
        The file's text where it is just that; None with changes applied.
    document : dict
        Its plain values, not to be changed: scenarios made of one another share them.
    model : ScenarioDocument
        The same, checked and with defaults.
    warnings : tuple of str
        What holds with a caveat.
    """

    name: str
    file: str
    given_text: str | None
    document: dict[str, Any]
    model: ScenarioDocument
    warnings: tuple[str, ...]

    @cached_property
    def text(self) -> str:
        """The scenario as TOML; with changes applied, comments are lost."""
        return to_toml(self.document) if self.given_text is None else self.given_text

    @property
    def title(self) -> str:
        """Title of the scenario."""
        return self.model.title

    @property
    def summary(self) -> str:
        """One sentence on what it is about."""
        return self.model.summary

    @property
    def sources(self) -> dict[str, str]:
        """Address of each figure and where it comes from."""
        return dict(self.model.sources)

    @property
    def folder(self) -> Path:
        """Where relative paths in the scenario start."""
        return Path(self.file).parent

    @property
    def sha256(self) -> str:
        """Hash of the canonical form: defaults stated, order and spelling of numbers alike."""
        return sha256_of(self.model.model_dump(mode="python", by_alias=True))

    def with_(self, changes: Mapping[str, Any]) -> Scenario:
        """A copy with other values.

        Parameters
        ----------
        changes : mapping of str to value
            Addresses such as ``fleet.0.mine_mw`` or ``plant.units[ZNPP-1].enabled``.

        Raises
        ------
        InputError
            For an address or a value that the scenario cannot have.
        """
        document = self.document
        changed: list[KeyPath] = []
        for address, value in changes.items():
            path = target(document, parse_address(address))
            document = set_value(document, path, value)
            changed.append(path)
        return _made(self.name, self.file, None, document, changed) if changed else self


def load(name_or_path: str | Path, overrides: Iterable[str] = ()) -> Scenario:
    """Read a scenario.

    Parameters
    ----------
    name_or_path : str or Path
        A name of the gallery, or the path of a TOML file.
    overrides : iterable of str
        ``KEY=VALUE`` settings, applied in their order.

    Raises
    ------
    InputError
        With every fault that was found, each with its place.
    """
    given = str(name_or_path)
    path = scenario_path(given) if given in scenario_names() else _file_of(given)
    name = given if given in scenario_names() else Path(given).stem
    text = read_text(path)
    file = str(path)
    document = parse_toml(text, file)
    changed: list[KeyPath] = []
    for override in overrides:
        address, value = parse_override(override)
        at = target(document, address)
        document = set_value(document, at, value)
        changed.append(at)
    return _made(name, file, text, document, changed)


def _file_of(given: str) -> Path:
    """The file; a word that is neither a file nor looks like one was meant as a name of the gallery."""
    path = Path(given)
    if not os.path.exists(path) and path.suffix == "" and "/" not in given and "\\" not in given:
        return scenario_path(given)
    return path


def _made(
    name: str, file: str, text: str | None, document: dict[str, Any], changed: list[KeyPath]
) -> Scenario:
    places = locate(text) if text is not None else None
    shown = file if text is not None else COMMAND_LINE
    broken = faults_of(reference_findings(document), document, places, shown, changed)
    try:
        model = validate(ScenarioDocument, document, places, shown, changed)
    except InputError as error:
        raise InputError(*error.faults, *broken) from None
    raise_all(broken)
    check(model, document, places, shown, changed, Path(file).parent)
    return Scenario(name, file, None if changed else text, document, model, warnings_of(model))
