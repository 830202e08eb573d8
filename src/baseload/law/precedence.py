"""Which rules an activity meets, which of them governs, and which contradict each other."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from baseload.errors import Fault, InputError
from baseload.law.ownership import Blocked
from baseload.law.relief import overlap
from baseload.law.rule import ANY, BLOCKING, Rule, Status, worst

# However far a class is from a name, a rule that reaches an entity by its owner is farther.
_BY_OWNER = 1000


@dataclass(frozen=True)
class Ground:
    """A rule that governs an activity, and why it does where that is not plain.

    Attributes
    ----------
    rule : Rule
        As it holds on the day.
    owned : Blocked or None
        Where the rule reaches the counterparty by who owns it: the chain.
    """

    rule: Rule
    owned: Blocked | None = None

    @property
    def cited(self) -> str:
        """Instrument, source, day read, and the chain of owners if there is one."""
        chain = f"; {self.owned.why}" if self.owned else ""
        return self.rule.cited + chain


@dataclass(frozen=True)
class Match:
    """A rule that an activity meets.

    Attributes
    ----------
    rule : Rule
        The rule.
    steps : tuple of float
        For activity, party, counterparty and territory the steps from the name itself to what the
        rule says of it; infinity for any. Fewer is narrower.
    owned : Blocked or None
        As in `Ground`.
    """

    rule: Rule
    steps: tuple[float, float, float, float]
    owned: Blocked | None = None


def met(
    rule: Rule,
    does: str,
    names: Sequence[dict[str, int]],
    owned: Blocked | None = None,
) -> Match | None:
    """How a rule meets an activity, or None.

    Parameters
    ----------
    rule : Rule
        The rule.
    does : str
        The activity.
    names : sequence of dict of str to int
        The names of party, counterparty and territory, with the steps to each.
    owned : Blocked, optional
        Where the counterparty is an owner of the one that is dealt with.
    """
    steps: list[float] = []
    if rule.activity == does:
        steps.append(0)
    elif rule.activity == ANY:
        steps.append(math.inf)
    else:
        return None
    for place, (said, known) in enumerate(zip(rule.scope[1:], names, strict=True)):
        farther = _BY_OWNER if owned and place == 1 else 0
        if said == ANY:
            steps.append(math.inf)
        elif said in known:
            steps.append(known[said] + farther)
        else:
            return None
    return Match(rule, (steps[0], steps[1], steps[2], steps[3]), owned)


def governing(matches: Sequence[Match], on: date) -> tuple[Status, tuple[Ground, ...]]:
    """What the rules of one regime say of an activity, and the rules that say it.

    Among rules that are not relieved the highest rank governs; of one rank those than which none is
    narrower: nearer to the names in one respect and farther in none. A relieved rule has been lifted,
    so that it displaces none of the others; its own status counts beside theirs.

    Parameters
    ----------
    matches : sequence of Match
        Rules of one regime, one at least.
    on : date
        The day, for the message.

    Returns
    -------
    status : str
        The worst of what governs.
    grounds : tuple of Ground
        The rules with that status, the latest first.

    Raises
    ------
    InputError
        Where rules of the same rank, none of them narrower, say different things.
    """
    lifted = [one for one in matches if one.rule.relieved_by]
    standing = [one for one in matches if not one.rule.relieved_by]
    top = max((one.rule.rank for one in standing), default=0)
    ranked = [one for one in standing if one.rule.rank == top]
    governs = [one for one in ranked if not any(_narrower(other, one) for other in ranked)]
    if len({one.rule.status for one in governs}) > 1:
        first = governs[0].rule
        second = next(one.rule for one in governs if one.rule.status != first.status)
        raise InputError(contradiction(first, second, on))
    said = [*governs, *lifted]
    status = worst(one.rule.status for one in said)
    chosen = sorted(
        (one for one in said if one.rule.status == status), key=lambda one: one.rule.from_on
    )
    return status, tuple(Ground(one.rule, one.owned) for one in reversed(chosen))


def _narrower(one: Match, other: Match) -> bool:
    return one.steps != other.steps and all(
        a <= b for a, b in zip(one.steps, other.steps, strict=True)
    )


def blocks(status: Status, strict: bool) -> bool:
    """Whether a status stops an activity: prohibited, and if strict unknown too."""
    return status in BLOCKING if strict else status == "prohibited"


def contradiction(
    one: Rule,
    other: Rule,
    on: date,
    *,
    file: str | None = None,
    lines: tuple[int, int] | None = None,
) -> Fault:
    """The fault of two rules that say different things of one activity on one day."""
    beside = f" (line {lines[0]})" if lines else ""
    return Fault(
        file,
        lines[1] if lines else None,
        None,
        f"{other.name}.status",
        f"{other.status}, where {one.name}{beside} says {one.status} of the same on {on}",
        "one answer of a jurisdiction's regime at one date",
        note="give the one that governs a higher rank, end the other, or put them in regimes"
        " of their own, of which the stricter counts",
    )


def contradictions(
    rules: Sequence[Rule], lines: Sequence[int] | None = None, file: str | None = None
) -> list[Fault]:
    """Every pair of rules of one regime that is bound to contradict itself.

    Same jurisdiction, regime and rank, a common day, a common case, different status, and neither is
    narrower than the other. Names and classes count as apart here unless they are the same; where a
    party's classes bring two rules together, `findings` finds out.
    """
    found = []
    for (i, one), (j, other) in combinations(enumerate(rules), 2):
        if (
            (one.jurisdiction, one.regime, one.rank)
            == (other.jurisdiction, other.regime, other.rank)
            and one.status != other.status
            and overlap(one, other)
            and not _apart(one, other)
            and not (_within(one, other) or _within(other, one))
        ):
            on = max(one.from_on, other.from_on)
            places = (lines[i], lines[j]) if lines else None
            found.append(contradiction(one, other, on, file=file, lines=places))
    return found


def check_contradictions(rules: Iterable[Rule]) -> None:
    """Refuse rules that contradict one another.

    Raises
    ------
    InputError
        With every pair, as in `contradictions`.
    """
    found = contradictions(tuple(rules))
    if found:
        raise InputError(*found)


def _apart(one: Rule, other: Rule) -> bool:
    return any(a != b and ANY not in (a, b) for a, b in zip(one.scope, other.scope, strict=True))


def _within(one: Rule, other: Rule) -> bool:
    """Whether one is strictly narrower: never wider, and narrower somewhere."""
    return one.scope != other.scope and all(
        b in (a, ANY) for a, b in zip(one.scope, other.scope, strict=True)
    )
