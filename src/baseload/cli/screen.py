"""`baseload screen`: counterparties against sanctions lists that the user supplies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from baseload.cli.options import WholeNumber, json_option
from baseload.cli.text import hanging, paragraph, say, say_json
from baseload.errors import Fault, InputError

if TYPE_CHECKING:
    from baseload.screening.chains import OwnershipFinding
    from baseload.screening.counterparty import Counterparty
    from baseload.screening.entities import Link
    from baseload.screening.match import Match
    from baseload.screening.search import Screened, Screening

MOST_MATCHES: Final = 1000
CLOSING: Final = "A match is a reason to look, not a finding; no match is no clearance."
_LABEL: Final = 12
_INDENT: Final = "    "


@click.command(
    epilog="Example: baseload screen 'Romashka LLC' --country ru --against entities.ftm.json"
)
@click.argument("names", metavar="NAME...", nargs=-1)
@click.option(
    "--against",
    "export",
    metavar="EXPORT",
    required=True,
    help="Your copy of entities.ftm.json or targets.simple.csv, plain or gzip.",
)
@click.option("--names", "file", metavar="FILE", help="A table of counterparties beside NAME.")
@click.option("--country", metavar="XX", help="Country of each NAME, by ISO 3166-1.")
@click.option("--kind", metavar="KIND", help="What each NAME is: person or organisation.")
@click.option("--birth-date", metavar="DATE", help="Of each NAME, as 1962-05-12 or 1962.")
@click.option(
    "--identifier",
    "identifiers",
    metavar="NUMBER",
    multiple=True,
    help="A register's number of the one NAME, as inn:7706664260; may be given many times.",
)
@click.option(
    "--at-least",
    metavar="VERDICT",
    default="possible",
    show_default=True,
    help="same identifier, very likely, possible or unlikely.",
)
@click.option(
    "--limit",
    type=WholeNumber(1, MOST_MATCHES),
    default=20,
    show_default=True,
    help="Most matches of one name.",
)
@click.option(
    "--engine",
    metavar="ENGINE",
    default="baseload",
    show_default=True,
    help="baseload, or nomenklatura where it is installed.",
)
@json_option
def command(
    names: tuple[str, ...],
    export: str,
    file: str | None,
    country: str | None,
    kind: str | None,
    birth_date: str | None,
    identifiers: tuple[str, ...],
    at_least: str,
    limit: int,
    engine: str,
    as_json: bool,
) -> None:
    """Look for names in sanctions lists that you supply, and say why each match is one."""
    from baseload.screening.counterparty import Counterparty, read_counterparties
    from baseload.screening.search import screen

    if not names and file is None:
        allowed = "a name, or --names FILE"
        raise InputError(Fault(None, None, None, "baseload screen", "no NAME", allowed))
    if identifiers and len(names) != 1:
        found = f"{len(names)} names"
        allowed = "one NAME, whose numbers they are; a table may have numbers for each"
        raise InputError(Fault(None, None, None, "--identifier", found, allowed))
    asked = [Counterparty(name, country, identifiers, birth_date, kind) for name in names]
    if file is not None:
        asked += read_counterparties(file)
    found_ones = screen(asked, export, at_least=at_least, limit=limit, engine=engine)
    if as_json:
        say_json({**found_ones.as_dict(), "closing": CLOSING})
    else:
        say(text_of(found_ones))


def text_of(found: Screening) -> str:
    """The screening for a terminal of 80 columns."""
    blocks = [_screened(one, found) for one in found.results]
    return "\n\n".join((*blocks, _searched(found), CLOSING))


def _screened(one: Screened, found: Screening) -> str:
    head = _said(one.counterparty)
    if not one.matches:
        what = f"{found.entities:,} entities {_of_date(found)}"
        return f"{head}\n{paragraph(f'nothing found that is at least {found.at_least}, in {what}', '  ')}"
    rows = [head]
    for match in one.matches:
        rows += _match(match, found)
    if one.left_out:
        rows.append(f"  and {one.left_out:,} more; --limit shows them")
    return "\n".join(rows)


def _said(asked: Counterparty) -> str:
    facts = [asked.country, asked.kind, asked.birth_date and f"born {asked.birth_date}"]
    facts += [str(one) for one in asked.known_identifiers]
    known = ", ".join(fact for fact in facts if fact)
    return f"{asked.name} ({known})" if known else asked.name


def _match(match: Match, found: Screening) -> list[str]:
    entity = match.entity
    rows = [
        paragraph(
            f"{match.verdict} ({match.score:.2f}): {entity.caption}, {entity.schema}, {entity.id}",
            "  ",
        )
    ]

    def row(label: str, text: str) -> None:
        rows.append(hanging(f"{_INDENT}{label}", text, len(_INDENT) + _LABEL))

    listed = [*entity.topics, *(f"in {dataset}" for dataset in entity.datasets)]
    if listed:
        row("listed", ", ".join(listed))
    if match.name not in (entity.caption, ""):
        row("as", match.name)
    for reason in match.reasons:
        row("for", _effect(reason.text, reason.effect))
    for reason in match.against:
        row("against", _effect(reason.text, reason.effect))
    if match.ownership is not None:
        for text in _ownership(match.ownership, found):
            row("owned", text)
    return rows


def _effect(text: str, effect: float) -> str:
    return f"{text} ({effect:+.2f})" if effect else text


def _ownership(owned: OwnershipFinding, found: Screening) -> list[str]:
    low, high = (f"{100 * share:.4g} %" for share in (owned.share_at_least, owned.share_at_most))
    share = low if low == high else f"{low} to {high}"
    answer = {"yes": "half or more, in aggregate", "no": "less than half"}.get(
        owned.owned, "cannot tell whether half or more"
    )
    texts = [f"by sanctioned entities: {share}, {answer}"]
    texts += [_link(link, found) for link in owned.links]
    texts += [
        f"{_link(link, found)}: no ownership, but perhaps control" for link in owned.other_links
    ]
    return texts


def _link(link: Link, found: Screening) -> str:
    owner, asset = (found.captions.get(end, end) for end in (link.owner, link.asset))
    if link.schema != "Ownership":
        role = f" ({link.role})" if link.role else ""
        return f"{owner} is in {asset}{role}, {link.schema}"
    if link.share is None:
        share = "an unknown share"
    elif link.share == link.share_at_most:
        share = f"{100 * link.share:.4g} %"
    else:
        share = f"{100 * link.share:.4g} to {100 * link.share_at_most:.4g} %"
    return f"{owner} owns {share} of {asset}"


def _of_date(found: Screening) -> str:
    return f"as of {found.data_date}" if found.data_date else "of an unknown date"


def _searched(found: Screening) -> str:
    said = found.thresholds
    links = f"{found.links:,} link{'' if found.links == 1 else 's'}"
    counted = f"{found.sanctioned:,} of them under sanctions, {links}"
    what = f"{found.export_path}: {found.entities:,} entities {_of_date(found)}, {counted}"
    rows = [("searched", what)]
    rows.append(("sha256", found.sha256))
    rows.append(("on", f"{found.screened_on}, by {found.engine}"))
    rows.append(
        (
            "verdicts",
            f"very likely from {said.very_likely:g} on, possible from {said.possible:g} on",
        )
    )
    rows += [("note", note) for note in found.notes]
    return "\n".join(hanging(label, text, _LABEL) for label, text in rows)
