"""What a party can check of another's promises at a mine, how, and what nobody outside can see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from baseload.errors import Fault, InputError
from baseload.sources import ASSUMED


@dataclass(frozen=True)
class Verified:
    """One promise and how it is checked.

    Parameters
    ----------
    what : str
        What was promised, in a few words.
    how : str
        By what it is measured; what would be tried, where it cannot be.
    by_whom : str
        Who can do so without the other's leave, or whose leave it takes.
    can_be_verified : bool
    why_not : str
        What stays hidden; empty only where nothing does.
    source : str
        Where it comes from, or "assumed: why".

    Raises
    ------
    InputError
        For an empty text, or what cannot be verified without saying why.
    """

    what: str
    how: str
    by_whom: str
    can_be_verified: bool
    why_not: str
    source: str

    def __post_init__(self) -> None:
        if not isinstance(self.can_be_verified, bool):
            _refuse("can_be_verified", repr(self.can_be_verified), "True or False")
        for field in ("what", "how", "by_whom", "why_not", "source"):
            text = getattr(self, field)
            optional = field == "why_not" and self.can_be_verified
            if not isinstance(text, str) or not (text.strip() or optional):
                _refuse(field, repr(text), "a text that is not empty")
        if self.source.startswith(ASSUMED) and not self.source.removeprefix(ASSUMED).strip():
            _refuse("source", repr(self.source), f"where it comes from, or '{ASSUMED} why'")


_STRATUM = (
    "Stratum V2 specification, section 5 (mining protocol: channels, shares), read 2026-11-26"
)
_CHAIN = "S. Nakamoto, Bitcoin: A Peer-to-Peer Electronic Cash System, 2008, sections 4 to 6"
_PILLARS = (
    "G7 Non-Proliferation Directors Group endorses IAEA efforts, EU Neighbours East, March 2022,"
    " read 2026-11-24 (the seven pillars)"
)

DEFAULT_VERIFICATION: tuple[Verified, ...] = (
    Verified(
        "energy delivered to the mine",
        "sealed two-way meters at the plant's busbar and at the mine's transformers, read by both",
        "each party with its own meter; a third one settles a difference",
        True,
        "only what passes the meters is seen, and only while all have access to them",
        f"{ASSUMED} the practice of settlement metering at a point of delivery",
    ),
    Verified(
        "hash rate that works for the agreed pool",
        "shares accepted by the pool against their difficulty",
        "the pool, and whoever may read its accounts",
        True,
        "a pool's word unless it shows the shares; work sent elsewhere leaves no share",
        _STRATUM,
    ),
    Verified(
        "blocks found by an own pool",
        "blocks with the pool's tag or payout script, against the number to be expected",
        "anybody with a node",
        True,
        "over short times luck hides a part: with n blocks expected, about 1 / sqrt(n) of them",
        _CHAIN,
    ),
    Verified(
        "payouts in coins",
        "transactions to addresses that were named at signing",
        "anybody with a node",
        True,
        "",
        _CHAIN,
    ),
    Verified(
        "coins held in escrow",
        "outputs that only several keys together can spend, checked against the agreed script",
        "anybody with a node",
        True,
        "that no holder of a key gives it away is not seen before the coins move",
        _CHAIN,
    ),
    Verified(
        "machines on the site",
        "count and serial numbers against the bill of lading, at unannounced visits",
        "an inspector with access",
        True,
        "labels and control boards can be changed; between visits machines can be moved",
        f"{ASSUMED} the practice of inventories",
    ),
    Verified(
        "state of the units",
        "presence of inspectors, power at the terminals, remote monitoring",
        "the IAEA's staff, with the operator's leave",
        True,
        "access to all rooms and at all times is for the operator to give",
        _PILLARS,
    ),
    Verified(
        "sales of power to others",
        "flows on lines to the grid, measured by system operators at both ends",
        "the system operators",
        True,
        "each side measures its own end; a line into held territory has one reader",
        f"{ASSUMED} the practice of settlement between system operators",
    ),
    Verified(
        "hash rate pointed elsewhere",
        "energy at the meter against the hash rate at the pool, by the machines' J/TH",
        "whoever has both figures",
        False,
        "a gap within the machines' spread, failures and cooling is no proof, and a proxy hides where"
        " work goes",
        f"{ASSUMED} work carries no mark of the machine that did it",
    ),
    Verified(
        "machines behind the fence that no meter feeds",
        "satellite pictures of heat and buildings, balance of the plant's own generation",
        "none without access",
        False,
        "without access to the switchyard nobody outside can close the plant's balance",
        f"{ASSUMED} house load and losses leave room for megawatts in a plant of gigawatts",
    ),
    Verified(
        "sales off the books",
        "audit of accounts, prices against the market",
        "an auditor, with the seller's leave",
        False,
        "cash and barter leave no record; whoever keeps the books decides what stands in them",
        f"{ASSUMED} an audit sees what was written down",
    ),
    Verified(
        "coins mined to an address that nobody named",
        "blocks and payouts of all pools against the energy used",
        "none",
        False,
        "an address has no name, and a pool pays whom it is told to",
        f"{ASSUMED} a payout script carries no identity",
    ),
    Verified(
        "who is behind a buyer, a contractor or a pool account",
        "registers of owners, screening against lists",
        "each party's own compliance",
        False,
        "chains of owners end where a register is closed",
        f"{ASSUMED} registers of beneficial owners differ by country",
    ),
)


def unverifiable(items: Iterable[Verified] = DEFAULT_VERIFICATION) -> tuple[Verified, ...]:
    """What nobody can check without the other's leave, in the order given.

    Parameters
    ----------
    items : iterable of Verified
        By default those of a mine at a plant.

    Returns
    -------
    tuple of Verified

    Examples
    --------
    >>> unverifiable()[0].what
    'hash rate pointed elsewhere'
    """
    return tuple(one for one in items if not one.can_be_verified)


def _refuse(field: str, found: str, allowed: str) -> None:
    raise InputError(Fault(None, None, None, field, found, allowed))
