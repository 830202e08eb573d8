"""Reads an export record by record, however large, and its checksum on the way.

Two forms are read, told apart by their first line, each as it is or packed by gzip: FollowTheMoney
entities as JSON lines (`entities.ftm.json`), and the simplified table (`targets.simple.csv`). The
table's rows are given in the shape of the first.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from os import PathLike, fspath
from typing import IO, Any, Final

from pydantic_core import from_json

from baseload.errors import Fault, InputError
from baseload.screening.entities import (
    COUNTRY_PROPERTIES,
    DOCUMENT_SCHEMAS,
    IDENTIFIER_PROPERTIES,
    KIND_OF_SCHEMA,
    LINK_ENDS,
    NAME_PROPERTIES,
    Entity,
    Link,
    entity_of,
    links_of,
)

Record = dict[str, Any]

_GZIP = b"\x1f\x8b"
_BUFFER_BYTES: Final = 1 << 20
_LONGEST_LINE_BYTES: Final = 64 << 20
_DEMANDED_COLUMNS = ("id", "schema", "name")
_PROPERTY_OF_COLUMN: Final = {
    "aliases": "alias",
    "birth_date": "birthDate",
    "countries": "country",
    "identifiers": "",
}
_READ_PROPERTIES: Final = (
    *NAME_PROPERTIES,
    *COUNTRY_PROPERTIES,
    *IDENTIFIER_PROPERTIES,
    *("birthDate", "topics"),
)
_READ_OF_LINKS: Final = ("percentage", "role", "ownershipType", "endDate")
_READ_OF_SCHEMA: Final = {
    **dict.fromkeys(KIND_OF_SCHEMA, frozenset(_READ_PROPERTIES)),
    **{schema: frozenset((*ends, *_READ_OF_LINKS)) for schema, ends in LINK_ENDS.items()},
    **dict.fromkeys(DOCUMENT_SCHEMAS, frozenset(("holder", "number"))),
}
_ENDS: Final = frozenset(end for ends in LINK_ENDS.values() for end in ends) | {"holder"}


class _Hashed(io.RawIOBase):
    """A file that hashes whatever is read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self.file = file
        self.hash = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = self.file.readinto(buffer)  # type: ignore[attr-defined]
        self.hash.update(memoryview(buffer)[:size])
        return int(size)


class ExportFile:
    """An export that is being read.

    Parameters
    ----------
    path : str or path
        Of the user's own copy.

    Attributes
    ----------
    path : str
    records : int
        Read so far.
    sha256 : str
        Of the file as it lies on the disk, once it has been read to its end; empty before.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        self.path = fspath(path)
        self.records = 0
        self.sha256 = ""

    def __iter__(self) -> Iterator[Record]:
        """The records, in the order of the file, checked as far as every record must be.

        Raises
        ------
        InputError
            For a file that cannot be read, that ends within a record or is no such export, with the
            line and the field.
        """
        self.records = 0
        self.sha256 = ""
        try:
            with open(self.path, "rb", buffering=0) as file:
                hashed = _Hashed(file)
                whole = io.BufferedReader(hashed, _BUFFER_BYTES)
                yield from self._read(whole)
                while whole.read(_BUFFER_BYTES):  # what follows a packed part
                    pass
                self.sha256 = hashed.hash.hexdigest()
        except OSError as error:
            if isinstance(error, gzip.BadGzipFile):
                raise self._fault(None, "", f"a gzip file that is damaged: {error}") from None
            why = error.strerror or str(error)
            raise self._fault(None, "", f"nothing that can be read: {why}") from None
        except (EOFError, zlib.error):
            raise self._fault(None, "", "a gzip file that is cut off or damaged") from None

    def _read(self, whole: Any) -> Iterator[Record]:
        source: Any = whole
        if whole.peek(2)[:2] == _GZIP:
            source = io.BufferedReader(gzip.GzipFile(fileobj=whole), _BUFFER_BYTES)
        # A byte order mark, and blank lines, are no part of either form.
        start = source.peek(64).lstrip(b"\xef\xbb\xbf \t\r\n")
        if not start:
            return
        yield from (self._lines(source) if start[:1] == b"{" else self._rows(source))

    def _lines(self, source: Any) -> Iterator[Record]:
        number = 0
        while line := source.readline(_LONGEST_LINE_BYTES):
            number += 1
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if not line.strip():
                continue
            try:
                record = from_json(line, cache_strings="keys")
            except ValueError as error:
                why = str(error).split(" at line")[0]
                raise self._fault(
                    number, "", f"no JSON object: {why}", "one FollowTheMoney entity on each line"
                ) from None
            self._check(record, number)
            self.records += 1
            yield record

    def _check(self, record: Any, line: int) -> None:
        if not isinstance(record, dict):
            raise self._fault(line, "", "JSON that is no object", "one entity on each line")
        for field in ("id", "schema"):
            if not isinstance(record.get(field), str) or not record[field]:
                raise self._fault(line, field, _shown(record, field), "a text that is not empty")
        properties = record.get("properties")
        if not isinstance(properties, dict):
            allowed = "an object of properties, each a list of texts"
            raise self._fault(line, "properties", _shown(record, "properties"), allowed)
        read = _READ_OF_SCHEMA.get(record["schema"])
        if read is None:
            return
        for name, values in properties.items():
            # The plain case at once: nearly all properties are lists of one text.
            plain = type(values) is list and len(values) == 1 and type(values[0]) is str
            if not plain and name in read:
                self._check_property(properties, name, line)
        for field in ("caption", "first_seen", "last_seen", "last_change"):
            if not isinstance(record.get(field, ""), str | None):
                raise self._fault(line, field, _shown(record, field), "a text")
        datasets = record.get("datasets")
        if not (datasets is None or (isinstance(datasets, list) and _all_texts(datasets))):
            raise self._fault(line, "datasets", _shown(record, "datasets"), "a list of texts")

    def _check_property(self, properties: Record, name: str, line: int) -> None:
        values = properties[name]
        if isinstance(values, list):
            if _all_texts(values):
                return
            if name in _ENDS and all(isinstance(one, str | dict) for one in values):
                # The nested form has the entity itself where the plain one has its id.
                ids = [one if isinstance(one, str) else one.get("id") for one in values]
                if _all_texts(ids):
                    properties[name] = ids
                    return
        raise self._fault(line, f"properties.{name}", _shown(properties, name), "a list of texts")

    def _rows(self, source: Any) -> Iterator[Record]:
        text = io.TextIOWrapper(source, encoding="utf-8-sig", newline="")
        reader = csv.reader(text, strict=True)
        header: list[str] = []
        try:
            for row in reader:
                if not row:
                    continue
                if not header:
                    header = [name.strip() for name in row]
                    self._check_header(header)
                    continue
                if len(row) != len(header):
                    found = f"a row of {len(row)} cells"
                    raise self._fault(reader.line_num, "", found, f"{len(header)} cells")
                record = self._record(dict(zip(header, row, strict=True)), reader.line_num)
                self.records += 1
                yield record
        except csv.Error as error:
            raise self._fault(reader.line_num, "", f"a row that is damaged: {error}") from None
        except UnicodeDecodeError:
            raise self._fault(reader.line_num + 1, "", "bytes that are no UTF-8") from None
        finally:
            text.detach()  # which would else close the file beneath it

    def _check_header(self, header: list[str]) -> None:
        for name in _DEMANDED_COLUMNS:
            if name not in header:
                allowed = (
                    "FollowTheMoney entities as JSON lines (entities.ftm.json), or the table"
                    " targets.simple.csv with columns id, schema, name, aliases, ..."
                )
                raise self._fault(1, name, f"a table without the column {name}", allowed)

    def _record(self, row: dict[str, str], line: int) -> Record:
        for field in ("id", "schema"):
            if not row[field]:
                raise self._fault(line, field, "an empty cell", "a text")
        properties: Record = {"name": [row["name"]] if row["name"] else []}
        for column, name in _PROPERTY_OF_COLUMN.items():
            cell = row.get(column, "")
            if cell:
                properties[name] = self._values(cell, line, column)
        # The table has targets only and no topics: a sanction is what it says in words.
        if row.get("sanctions"):
            properties["topics"] = ["sanction"]
        return {
            "id": row["id"],
            "schema": row["schema"],
            "caption": row["name"],
            "properties": properties,
            "datasets": self._values(row.get("dataset", ""), line, "dataset"),
            "first_seen": row.get("first_seen", ""),
            "last_seen": row.get("last_seen", ""),
            "last_change": row.get("last_change", ""),
        }

    def _values(self, cell: str, line: int, column: str) -> list[str]:
        """The values of a cell, which is itself a line of cells parted by semicolons."""
        if '"' not in cell:
            return cell.split(";") if cell else []
        try:
            return [
                value for row in csv.reader([cell], delimiter=";", strict=True) for value in row
            ]
        except csv.Error as error:
            raise self._fault(line, column, f"a list that is damaged: {error}") from None

    def _fault(self, line: int | None, field: str, found: str, allowed: str = "") -> InputError:
        return InputError(Fault(self.path, line, None, field, found, allowed))


def _all_texts(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _shown(record: Record, field: str) -> str:
    if field not in record:
        return "nothing"
    text = repr(record[field])
    return text if len(text) <= 60 else text[:59] + "…"


def read_export(path: str | PathLike[str]) -> Iterator[Entity | Link]:
    """Entities and links of an export, one by one.

    Parameters
    ----------
    path : str or path
        `entities.ftm.json` or `targets.simple.csv`, each as it is or packed by gzip.

    Yields
    ------
    Entity or Link
        In the order of the file. What is neither, such as addresses, is passed over.

    Raises
    ------
    InputError
        For a file that cannot be read or is damaged, with the line and the field.

    References
    ----------
    .. [1] FollowTheMoney, default schema (Thing, LegalEntity, Person, Company, Ownership, Directorship,
       Membership); OpenSanctions, exporter of targets.simple.csv.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> line = '{"id": "a", "schema": "Company", "properties": {"name": ["Romashka LLC"]}}'
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "entities.ftm.json")
    ...     _ = path.write_text(line)
    ...     [entity.caption for entity in read_export(path)]
    ['Romashka LLC']
    """
    for record in ExportFile(path):
        if record["schema"] in KIND_OF_SCHEMA:
            yield entity_of(record)
        elif record["schema"] in LINK_ENDS:
            yield from links_of(record)
