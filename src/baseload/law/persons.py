"""Whose person each party is, and in what a place lies: what ties names to the classes of rules."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from baseload.errors import nearest
from baseload.law.rule import ANY, Rule, refuse

Persons = Mapping[str, Iterable[str]]

OCCUPIED: Final = "Zaporizhzhia region, not controlled by the government"
PLANT: Final = "Zaporizhzhia NPP"
_RUSSIAN: Final = ("Russian persons",)
_NUCLEAR: Final = (*_RUSSIAN, "Russian energy sector", "Occupying power")

_SHIPPED: Final[dict[str, tuple[str, ...]]] = {
    "United States": ("US persons", "States"),
    "Ukraine": ("Ukrainian persons", "States"),
    "Russia": ("Russian persons", "Occupying power", "States"),
    "European Union": ("EU persons",),
    "United Kingdom": ("UK persons", "States"),
    "El Salvador": ("El Salvador public sector", "States"),
    "Bhutan": ("States",),
    "IAEA": (),
    "Energoatom": ("Ukrainian persons",),
    "Rosatom": _NUCLEAR,
    "FSUE Zaporizhzhia NPP": _NUCLEAR,
    "Joint-Stock Company Operating Organization of ZNPP": _NUCLEAR,
    "Leadership of Rosatom": _RUSSIAN,
    "BitRiver": _RUSSIAN,
    PLANT: (OCCUPIED,),
    **{f"{PLANT}, unit {number}": (PLANT,) for number in range(1, 7)},
}


def shipped_persons() -> dict[str, list[str]]:
    """The classes of the parties and places that the shipped rules know.

    A place belongs to what it lies in. That the plant lies in the part of the region that Ukraine's
    government does not control states who holds it, not to whom it belongs.

    Returns
    -------
    dict of str to list of str
        A fresh dictionary.

    Examples
    --------
    >>> shipped_persons()["United States"]
    ['US persons', 'States']
    """
    return {name: list(classes) for name, classes in _SHIPPED.items()}


class Memberships:
    """What each name is called in rules, and how far that is from the name itself.

    Parameters
    ----------
    persons : mapping of str to iterable of str, optional
        Classes of parties and places, as in `shipped_persons`; a name given here replaces the shipped
        line of that name. A class may itself belong to a class.

    Raises
    ------
    InputError
        For what is no mapping from texts to lists of texts.

    Examples
    --------
    >>> Memberships({"miner": ["US persons"]}).names("miner")
    {'miner': 0, 'US persons': 1}
    """

    def __init__(self, persons: Persons | None = None) -> None:
        given = {} if persons is None else read_persons(persons)
        self.given: Mapping[str, tuple[str, ...]] = given
        self._classes: Mapping[str, tuple[str, ...]] = {**_SHIPPED, **given}
        self._found: dict[str, dict[str, int]] = {}

    def names(self, name: str) -> dict[str, int]:
        """The name and all its classes, with the number of steps to each."""
        if name not in self._found:
            steps = {name: 0}
            queue = deque([name])
            while queue:
                one = queue.popleft()
                for above in self._classes.get(one, ()):
                    if above not in steps:
                        steps[above] = steps[one] + 1
                        queue.append(above)
            self._found[name] = steps
        return self._found[name]

    @property
    def known(self) -> set[str]:
        """Every party, place and class that has a line or stands in one."""
        return {*self._classes, *(one for classes in self._classes.values() for one in classes)}

    def check_classes(self, rules: Iterable[Rule]) -> None:
        """Hold the given classes to those that some rule, or the shipped list, names.

        Raises
        ------
        InputError
            For a class that nothing names: a slip of the pen there would leave a party unbound.
        """
        shipped = {*_SHIPPED, *(one for classes in _SHIPPED.values() for one in classes)}
        meant = shipped | names_in(rules) | set(self.given)
        for name, classes in self.given.items():
            for one in classes:
                if one not in meant:
                    refuse(
                        f"persons[{name!r}]",
                        repr(one),
                        "a class of persons that a rule names",
                        nearest(one, sorted(meant)),
                    )


def read_persons(persons: object, field: str = "persons") -> dict[str, tuple[str, ...]]:
    """The mapping with its lists as tuples.

    Raises
    ------
    InputError
        For what is no mapping from texts to lists of texts, `any` as a name or class, and a class
        that stands twice.
    """
    if not isinstance(persons, Mapping):
        refuse(field, repr(persons)[:80], "a mapping from parties to lists of classes")
    read: dict[str, tuple[str, ...]] = {}
    for name, classes in persons.items():
        if not is_name(name):
            refuse(field, repr(name), f"the name of a party or place, not {ANY}")
        if isinstance(classes, str | Mapping) or not isinstance(classes, Iterable):
            refuse(
                f"{field}[{name!r}]", repr(classes)[:80], "a list of classes, which may be empty"
            )
        listed = tuple(classes)
        for one in listed:
            if not is_name(one):
                refuse(f"{field}[{name!r}]", repr(one), f"the name of a class, not {ANY}")
            if listed.count(one) > 1:
                refuse(f"{field}[{name!r}]", f"{one!r} twice", "each class once")
        read[name] = listed
    return read


def is_name(value: object) -> bool:
    """Whether it is a text that can name a party, class or place."""
    return isinstance(value, str) and bool(value) and value == value.strip() and value != ANY


def names_in(rules: Iterable[Rule]) -> set[str]:
    """Every party, counterparty and territory that some rule names."""
    return {name for rule in rules for name in rule.scope[1:] if name != ANY}


def check_known(name: str, known: Collection[str], field: str) -> None:
    """Refuse a party or place of which nothing is known: no rule would bind it, in silence.

    Raises
    ------
    InputError
        With the nearest name that is known.
    """
    if name not in known:
        refuse(
            field,
            repr(name),
            "a name that a rule, `persons` or `owners` knows",
            nearest(name, sorted(known)),
            "give it a line in `persons`, with an empty list where it belongs to no class",
        )
