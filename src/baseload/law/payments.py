"""Who may pay whom: what the rule table says of payments between the parties of an arrangement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from baseload.law.check import Activity, build_case, found_on
from baseload.law.persons import Persons
from baseload.law.precedence import blocks
from baseload.law.relief import Relief
from baseload.law.rule import Rule, a_day, refuse
from baseload.law.stakes import Owners


def may_pay(
    payer: str,
    payee: str,
    rules: Iterable[Rule],
    on: date,
    *,
    strict: bool = False,
    territory: str = "",
    persons: Persons | None = None,
    owners: Owners = (),
    relief: Iterable[Relief] = (),
) -> bool:
    """Whether no rule prohibits a payment, neither to its payer nor to its payee.

    Both sides count: who may not deal with somebody may not take its money either. Where nothing was
    found the payment is not prohibited, which does not make it allowed.

    Parameters
    ----------
    payer, payee : str
        Two parties; a party may always pay itself.
    rules : iterable of Rule
        The rule table.
    on : date
        The day of the payment.
    strict : bool
        Whether a rule that leaves it unknown stops it too.
    territory : str
        Where the payment is made, if that matters.
    persons, owners, relief
        As in `findings`.

    Returns
    -------
    bool

    Raises
    ------
    InputError
        As `findings`.

    Examples
    --------
    >>> from baseload.law import shipped_rules
    >>> day = date(2026, 11, 24)
    >>> may_pay("Ukraine", "United States", shipped_rules(), day)
    True
    >>> may_pay("FSUE Zaporizhzhia NPP", "United States", shipped_rules(), day)
    False
    """
    allowed = allowed_payments(
        (payer, payee),
        rules,
        on,
        strict=strict,
        territory=territory,
        persons=persons,
        owners=owners,
        relief=relief,
    )
    return payer == payee or payee in allowed[payer]


def allowed_payments(
    parties: Iterable[str],
    rules: Iterable[Rule],
    on: date,
    *,
    strict: bool = False,
    territory: str = "",
    persons: Persons | None = None,
    owners: Owners = (),
    relief: Iterable[Relief] = (),
) -> dict[str, list[str]]:
    """Whom each party may pay, as `who_pays_whom` and `zone_of_agreement` take it in `allowed`.

    Parameters
    ----------
    parties : iterable of str
        The parties.
    rules, on, strict, territory, persons, owners, relief
        As in `may_pay`.

    Returns
    -------
    dict of str to list of str
        For each party the others whom it may pay, in the order of the parties.

    Raises
    ------
    InputError
        As `findings`.

    Examples
    --------
    >>> from baseload.law import shipped_rules
    >>> allowed_payments(["Rosatom", "Ukraine", "United States"], shipped_rules(), date(2026, 11, 24))
    {'Rosatom': ['United States'], 'Ukraine': ['United States'], 'United States': ['Rosatom', 'Ukraine']}
    """
    if isinstance(parties, str) or not isinstance(parties, Iterable):
        refuse("parties", repr(parties), "a list of names")
    if not isinstance(strict, bool):
        refuse("strict", repr(strict), "true or false")
    day = a_day(on, "on")
    names = list(dict.fromkeys(parties))
    pairs = [(payer, payee) for payer in names for payee in names if payer != payee]
    asked = [
        Activity(does, party, counterparty, territory)
        for payer, payee in pairs
        for does, party, counterparty in (("pay", payer, payee), ("be paid by", payee, payer))
    ]
    found = found_on(build_case(asked, rules, persons, owners, relief), day)
    stopped = {
        pair
        for pair, *sides in zip(pairs, found[::2], found[1::2], strict=True)
        if any(blocks(ground.rule.status, strict) for one in sides for ground in one.blocking)
    }
    return {
        payer: [payee for payee in names if payee != payer and (payer, payee) not in stopped]
        for payer in names
    }
