"""What an export holds: entities with names, and links between them.

The data model is FollowTheMoney's: an entity has an id, a schema and properties, each a list of
texts. Ownership, Directorship and Membership are entities too, that point at two others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

PERSON: Final = "person"
ORGANISATION: Final = "organisation"
OTHER: Final = "other"

KIND_OF_SCHEMA: Final[Mapping[str, str]] = {
    "Person": PERSON,
    "Company": ORGANISATION,
    "Organization": ORGANISATION,
    "PublicBody": ORGANISATION,
    "LegalEntity": "",
    "Vessel": OTHER,
    "Airplane": OTHER,
    "Vehicle": OTHER,
    "Asset": OTHER,
    "CryptoWallet": OTHER,
    "Security": OTHER,
}
"""Schemas that are screened, and what they are; empty where FollowTheMoney leaves it open."""

LINK_ENDS: Final[Mapping[str, tuple[str, str]]] = {
    "Ownership": ("owner", "asset"),
    "Directorship": ("director", "organization"),
    "Membership": ("member", "organization"),
}
"""Properties of a link that name who holds, and what is held."""

DOCUMENT_SCHEMAS: Final = frozenset(("Identification", "Passport"))
"""Entities that carry the number of a document, and whose it is."""

NAME_PROPERTIES: Final = ("name", "alias", "previousName", "weakAlias")
COUNTRY_PROPERTIES: Final = ("country", "jurisdiction", "mainCountry", "nationality", "citizenship")

UNIQUE_IDENTIFIERS: Final = frozenset(
    (
        *("innCode", "ogrnCode", "leiCode", "uscCode", "uniqueEntityId", "dunsCode", "npiCode"),
        *("cikCode", "imoNumber", "wikidataId", "voenCode", "swiftBic"),
    )
)
"""Numbers that one body gives out, to one holder each."""

IDENTIFIER_PROPERTIES: Final = (
    *sorted(UNIQUE_IDENTIFIERS),
    *("registrationNumber", "idNumber", "taxNumber", "vatCode", "licenseNumber", "irsCode"),
    *("jibCode", "mbsCode", "bvdId", "passportNumber", "socialSecurityNumber", "mmsi", "isin"),
    "publicKey",
)
"""Properties that identify. FollowTheMoney marks the others (KPP, OKPO, OKATO) as not for matching."""

_PERCENT = re.compile(
    r"\s*([<>]?=?)\s*(\d+(?:[.,]\d+)?)\s*%?\s*(?:-|–|to)?\s*(\d+(?:[.,]\d+)?)?\s*%?\s*"
)


@dataclass(frozen=True)
class Identifier:
    """A number that a register gave out.

    Parameters
    ----------
    kind : str
        FollowTheMoney's property, as "innCode"; empty where not known.
    value : str
        Letters and digits only, in capitals.
    """

    kind: str
    value: str

    def __str__(self) -> str:
        return f"{self.kind} {self.value}".strip()


@dataclass(frozen=True)
class Entity:
    """Somebody or something that an export lists.

    Parameters
    ----------
    id, schema, caption : str
    names : tuple of str
        Names in full.
    aliases : tuple of str
        Other and former names.
    weak_names : tuple of str
        Names too broad to match by, which may confirm a match.
    countries : tuple of str
        Two letters each, in lower case, as "ru".
    identifiers : tuple of Identifier
    birth_dates : tuple of str
        "1962", "1962-05" or "1962-05-12".
    topics : tuple of str
        Why it is listed: "sanction", "role.pep", ...
    datasets : tuple of str
    first_seen, last_seen : str
        ISO 8601; empty where not given.
    """

    id: str
    schema: str
    caption: str
    names: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    weak_names: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    birth_dates: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    first_seen: str = ""
    last_seen: str = ""

    @property
    def kind(self) -> str:
        """`PERSON`, `ORGANISATION` or `OTHER`; empty where the schema leaves it open."""
        return KIND_OF_SCHEMA.get(self.schema, OTHER)


@dataclass(frozen=True)
class Link:
    """That one entity owns, directs or belongs to another.

    Parameters
    ----------
    owner, asset : str
        Ids. Of a directorship the director and the organisation, of a membership the member.
    share : float or None
        Least share owned, 0 to 1; None where not known, and for what is no ownership.
    role : str
        In words, as the export has it.
    schema : str
        One of `LINK_ENDS`.
    share_at_most : float
        Most that it can be: as `share` where one number is given, 1 where none is.
    ended_on : str
        ISO 8601; empty where it holds.
    """

    owner: str
    asset: str
    share: float | None
    role: str
    schema: str = "Ownership"
    share_at_most: float = 1.0
    ended_on: str = ""


def clean_identifier(text: str) -> str:
    """An identifier without what registers write differently.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        Letters and digits only, in capitals.

    Examples
    --------
    >>> clean_identifier("77-06 664260"), clean_identifier("ua 1234/5")
    ('7706664260', 'UA12345')
    """
    return "".join(letter for letter in text.upper() if letter.isalnum())


def shares_of(text: str) -> tuple[float | None, float]:
    """Least and most share that a text of per cent can mean.

    Parameters
    ----------
    text : str
        "51", "51.5 %", "25-50", "> 25". Per cent, as FollowTheMoney has it: "0.5" is half of one.

    Returns
    -------
    least : float or None
        None where the text says nothing of the kind, or more than 100.
    most : float

    Examples
    --------
    >>> shares_of("51,5 %"), shares_of("25-50%"), shares_of(">75"), shares_of("majority")
    ((0.515, 0.515), (0.25, 0.5), (0.75, 1.0), (None, 1.0))
    """
    found = _PERCENT.fullmatch(text)
    if found is None:
        return None, 1.0
    sign, first, second = found.groups()
    least = float(first.replace(",", ".")) / 100.0
    most = least if second is None else float(second.replace(",", ".")) / 100.0
    if sign.startswith(">"):
        most = 1.0
    elif sign.startswith("<"):
        least, most = 0.0, least
    return (least, most) if least <= most <= 1.0 else (None, 1.0)


def texts(properties: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The texts of a property, each once, without the empty ones."""
    return tuple(dict.fromkeys(text for text in properties.get(name, ()) if text))


def entity_of(record: Mapping[str, Any]) -> Entity:
    """The entity of a record that has been checked.

    Parameters
    ----------
    record : mapping
        As FollowTheMoney writes it.

    Returns
    -------
    Entity

    Examples
    --------
    >>> entity_of({"id": "a", "schema": "Person", "properties": {"name": ["Ann"]}}).names
    ('Ann',)
    """
    properties = record["properties"]
    names = texts(properties, "name")
    caption = record.get("caption") or (names[0] if names else record["id"])
    identifiers = dict.fromkeys(
        Identifier(kind, value)
        for kind in (*IDENTIFIER_PROPERTIES, "")
        for value in map(clean_identifier, texts(properties, kind))
        if value
    )
    countries = dict.fromkeys(
        country.lower() for name in COUNTRY_PROPERTIES for country in texts(properties, name)
    )
    aliases = (*texts(properties, "alias"), *texts(properties, "previousName"))
    return Entity(
        id=record["id"],
        schema=record["schema"],
        caption=caption,
        names=names or ((caption,) if caption != record["id"] else ()),
        aliases=tuple(dict.fromkeys(aliases)),
        weak_names=texts(properties, "weakAlias"),
        countries=tuple(countries),
        identifiers=tuple(identifiers),
        birth_dates=texts(properties, "birthDate"),
        topics=texts(properties, "topics"),
        datasets=tuple(record.get("datasets") or ()),
        first_seen=record.get("first_seen") or "",
        last_seen=record.get("last_seen") or record.get("last_change") or "",
    )


def links_of(record: Mapping[str, Any]) -> tuple[Link, ...]:
    """The links of a record that has been checked: one for each pair of ends.

    Parameters
    ----------
    record : mapping
        Of a schema in `LINK_ENDS`.

    Returns
    -------
    tuple of Link

    Examples
    --------
    >>> links_of({"id": "l", "schema": "Ownership", "properties":
    ...     {"owner": ["a"], "asset": ["b"], "percentage": ["60"]}})[0].share
    0.6
    """
    schema, properties = record["schema"], record["properties"]
    holder, held = LINK_ENDS[schema]
    share: float | None = None
    most = 1.0
    if schema == "Ownership":
        found = [shares_of(text) for text in texts(properties, "percentage")]
        told = [one for one in found if one[0] is not None]
        if told:
            # Two figures of one stake: it is one of them, or between them.
            share, most = min(low for low, _ in told if low is not None), max(up for _, up in told)
    role = "; ".join((*texts(properties, "role"), *texts(properties, "ownershipType")))
    ends = texts(properties, "endDate")
    return tuple(
        Link(owner, asset, share, role, schema, most, max(ends) if ends else "")
        for owner in texts(properties, holder)
        for asset in texts(properties, held)
    )
