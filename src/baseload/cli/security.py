"""`baseload security`: what a share of Bitcoin's hash rate can do to the network."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import click

from baseload.cli.options import WholeNumber, json_option
from baseload.cli.text import hanging, paragraph, say, say_json, table
from baseload.clock import DAYS_PER_YEAR
from baseload.errors import Fault, InputError
from baseload.scenario.write import shown

if TYPE_CHECKING:
    from baseload.security.assessment import Assessment
    from baseload.security.coalition import Coalition

MOST_CONFIRMATIONS: Final = 1_000_000
_LABEL: Final = 27
_SMALL = 1e-3
_MOST_COALITIONS = 3
_WEEKS_PER_YEAR = DAYS_PER_YEAR / 7.0


class Share(click.ParamType[float]):
    """A number from 0 to 1; a fault is told like any other."""

    name = "number"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not 0.0 <= number <= 1.0:
            field = param.opts[0] if param is not None else ""
            found = shown(value).strip('"') or "an empty text"
            note = "27 % is 0.27" if 1.0 < number <= 100.0 else ""
            raise InputError(
                Fault(None, None, None, field, found, "a number from 0 to 1", note=note)
            )
        return number


@click.command(epilog="Example: baseload security --share 0.27 --with 'Foundry USA'")
@click.option(
    "--share",
    type=Share(),
    required=True,
    help="The mine's part of all that runs, after the network's response.",
)
@click.option(
    "--with",
    "partners",
    metavar="NAME",
    multiple=True,
    help="A pool, or another of the level, that acts with it; may be given many times.",
)
@click.option(
    "--confirmations",
    type=WholeNumber(0, MOST_CONFIRMATIONS),
    default=6,
    show_default=True,
    help="Of the payment that is to be undone.",
)
@click.option(
    "--gamma",
    "gammas",
    type=Share(),
    multiple=True,
    help="Part of the rest that follows the attacker in a tie; without it: 0, 0.5 and 1.",
)
@click.option(
    "--level",
    type=click.Choice(("pool", "template", "operator", "state")),
    default="pool",
    show_default=True,
    help="By what the others are told apart.",
)
@click.option(
    "--shares", "file", metavar="FILE", help="A table of shares in place of the shipped one."
)
@json_option
def command(
    share: float,
    partners: tuple[str, ...],
    confirmations: int,
    gammas: tuple[float, ...],
    level: str,
    file: str | None,
    as_json: bool,
) -> None:
    """Say what a share of Bitcoin's hash rate can do to the network, and what its loss does."""
    from baseload.security.assessment import GAMMAS, assess
    from baseload.security.share_tables import hash_rate_shares, known_name

    shares = hash_rate_shares(level, file)

    names = [known_name(one, shares, "--with") for one in partners]
    for one in names:
        if names.count(one) > 1:
            raise InputError(Fault(None, None, None, "--with", f"{one} twice", "each name once"))
    found = assess(
        share,
        partners=names,
        confirmations=confirmations,
        gammas=gammas or GAMMAS,
        level=level,
        file=file,
    )
    if as_json:
        say_json(found.as_dict())
    else:
        say(text_of(found))


def text_of(found: Assessment) -> str:
    """The assessment for a terminal of 80 columns."""
    who = " with ".join((found.members[0], ", ".join(found.members[1:]))).removesuffix(" with ")
    head = f"A share of {_percent(found.share)} ({who}) of the hash rate that runs"
    columns = ("withholding blocks", *(f"gamma {one.gamma:g}" for one in found.selfish_mining))
    selfish = table(
        columns,
        (
            ("  pays above a share of", *(_percent(one.threshold) for one in found.selfish_mining)),
            ("  Eyal and Sirer's gets", *(_percent(one.revenue) for one in found.selfish_mining)),
            ("  the best strategy gets", *(_optimal(one) for one in found.selfish_mining)),
            ("  ahead after", *(_weeks(one.weeks_to_profit) for one in found.selfish_mining)),
        ),
    )
    lines = [head, "", *_double_spend(found), "", selfish, "", *_rest(found)]
    return "\n".join(lines)


def _double_spend(found: Assessment) -> list[str]:
    needed = ", ".join(
        f"{number:,} for {_percent(risk)}" if number is not None else f"none for {_percent(risk)}"
        for risk, number in found.confirmations_for_risk
    )
    return [
        hanging(
            "undoes a payment",
            f"with {found.confirmations:,} confirmations: {_chance(found, found.double_spend)}"
            f" (Nakamoto's approximation {_chance(found, found.double_spend_nakamoto)})",
            _LABEL,
        ),
        hanging("confirmations needed", needed, _LABEL),
    ]


def _rest(found: Assessment) -> list[str]:
    forks = ", ".join(
        f"{_percent(chance)} ({'never gives up' if number is None else f'{number} on top'})"
        for number, chance in found.feather_forking
    )
    if found.majority:
        majority = (
            f"has it; {_percent(found.majority_cushion)} of the network more against it end it"
        )
    elif found.majority_missing == 0.0:
        majority = "on the brink: any more makes one"
    else:
        majority = f"another {_percent(found.majority_missing)} of the network must join it"
    change = found.concentration
    apart = "the table tells apart half of the hash rate or less: no coefficient"
    if change is not None:
        apart = (
            f"HHI {change.hhi_before:,.0f} -> {change.hhi_after:,.0f}, Nakamoto coefficient"
            f" {change.nakamoto_before} -> {change.nakamoto_after}, largest {change.largest_after}"
        )
    lines = [
        hanging(
            "payment that it ignores",
            f"waits {_minutes(found.censorship_wait_minutes)} on average",
            _LABEL,
        ),
        hanging("orphans a block it forbids", forks, _LABEL),
        hanging("majority", majority, _LABEL),
        hanging(
            "vetoes a soft fork",
            f"90 % of a period's blocks signal without it with probability"
            f" {_tiny(found.veto_log10_activation)}",
            _LABEL,
        ),
        hanging(
            "if it vanishes",
            f"a block every {_minutes(found.loss_block_minutes)}, next retarget after"
            f" {_number(found.loss_days_to_retarget)} days",
            _LABEL,
        ),
        hanging("six blocks in a row", f"every {_number(found.streak_days)} days", _LABEL),
        hanging(
            f"{found.level}s, with the mine",
            apart,
            _LABEL,
        ),
    ]
    for threshold in dict.fromkeys(one.threshold for one in found.coalitions):
        lines.append(_crossing([one for one in found.coalitions if one.threshold == threshold]))
    from baseload.security.assessment import OUT_OF_SCOPE

    templates = (
        "Payments, forks and votes are decided by whoever builds the block templates: behind a pool "
        "that hands them out, a mine has no such power of its own."
    )
    out = f"Not in it: {'; '.join(OUT_OF_SCOPE)}."
    return [*lines, "", paragraph(templates), "", paragraph(out)]


def _crossing(found: list[Coalition]) -> str:
    label = (
        f"above {found[0].threshold}" if found[0].threshold != "selfish mining" else "can withhold"
    )
    if len(found[0].members) == 1:
        return hanging(label, "alone", _LABEL)
    each = [
        f"with {' and '.join(one.members[1:])} ({_percent(one.share)})"
        for one in found[:_MOST_COALITIONS]
    ]
    more = len(found) - len(each)
    return hanging(label, ", ".join(each) + (f", and {more} more" if more else ""), _LABEL)


def _optimal(one: Any) -> str:
    gap = one.optimal_upper - one.optimal_lower
    return _percent(one.optimal_revenue) + (f" ±{_percent(gap / 2)}" if gap > _SMALL else "")


def _chance(found: Assessment, probability: float) -> str:
    """A probability, which a double may be too small to hold."""
    return "below 1e-300" if probability == 0.0 < found.share else _percent(probability)


def _percent(share: float) -> str:
    if share == 0.0 or share == 1.0:
        return f"{100 * share:.0f} %"
    return f"{100 * share:.3g} %"


def _number(value: float) -> str:
    return (
        "infinitely many"
        if math.isinf(value)
        else f"{value:,.3g}"
        if value < 1e6
        else f"{value:.1e}"
    )


def _minutes(value: float) -> str:
    return "no time: for ever" if math.isinf(value) else f"{value:,.3g} min"


def _weeks(value: float) -> str:
    if math.isinf(value):
        return "never"
    return (
        f"{value:.3g} weeks"
        if value < 2 * _WEEKS_PER_YEAR
        else f"{value / _WEEKS_PER_YEAR:.3g} years"
    )


def _tiny(log10: float) -> str:
    if math.isinf(log10):
        return "0"
    if log10 > -4:
        return _percent(10.0**log10)
    power = math.floor(log10)
    return f"{10 ** (log10 - power):.1f}e{power}"
