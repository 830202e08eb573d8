"""Terms of an arrangement: who pays, who recovers, who shares, and who taxes whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from baseload.errors import FieldFault, FieldFaults, nearest
from baseload.fields import Section
from baseload.sharing.shares import (
    FINEST_SPLIT,
    ExactFactor,
    ExactShare,
    SharePaid,
    common_denominator,
    plain_number,
)

OUTSIDE: Final = "outside"
"""Whoever is no party to the arrangement: a treasury of a state that did not sign."""

PROJECT: Final = "project"
"""Whose name stands before what is not divided yet."""

CENTS_PER_USD_MILLION: Final = 100_000_000


class Royalty(Section):
    """A share of the month's gross revenue, before anybody recovers a cost."""

    to: str = Field(description='a party, or "outside"')
    share_of_gross: SharePaid


class CostRecovery(Section):
    """Whoever was called upon gets it back before profit is shared."""

    limit_share_of_gross: SharePaid = Field(
        Fraction(1), description="costs take at most so much of a month's revenue"
    )
    uplift_share: ExactFactor = Field(Fraction(0), description="added to each call when it is made")
    interest_per_year: ExactShare = Field(
        Fraction(0), description="on what is not recovered, a twelfth each month"
    )
    order: Literal["pro rata", "as listed"] = Field(
        "pro rata", description="by shares of capital, or one payer after the other"
    )


class Tier(Section):
    """Shares of profit up to a limit; the last tier has none."""

    until_usd_million: float | None = Field(
        None, gt=0, le=1e8, allow_inf_nan=False, strict=True, description="of profit shared so far"
    )
    until_r_factor: ExactFactor | None = Field(
        None, description="revenue after levies over all costs, both up to the month before"
    )
    shares: dict[str, ExactShare]

    @property
    def until_cents(self) -> int | None:
        """The limit in cents; None where there is none."""
        if self.until_usd_million is None:
            return None
        return int(Fraction(str(self.until_usd_million)) * CENTS_PER_USD_MILLION)

    @model_validator(mode="after")
    def _whole_cents(self) -> Self:
        if self.until_usd_million is not None:
            cents = Fraction(str(self.until_usd_million)) * CENTS_PER_USD_MILLION
            if cents.denominator != 1:
                raise FieldFault(
                    at=("until_usd_million",),
                    found=f"{self.until_usd_million!r}",
                    allowed="an amount in whole cents",
                )
        return self


class TaxLine(Section):
    """A tax on profit, on gross revenue, or both."""

    jurisdiction: str = Field(min_length=1)
    to: str = Field(OUTSIDE, description='the party whose treasury it is, or "outside"')
    of: str | None = Field(
        None, description="the party whose receipts are taxed; none: the project's profit"
    )
    rate_on_profit: ExactShare = Fraction(0)
    depreciation_years: int = Field(
        10, ge=1, le=40, strict=True, description="straight line, of all capital of the project"
    )
    loss_carry_forward: bool = True
    rate_on_gross: ExactShare = Field(Fraction(0), description="an export duty")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.of is not None:
            if self.rate_on_gross:
                raise FieldFault(
                    at=("rate_on_gross",),
                    found=f"a rate on gross beside of = {self.of!r}",
                    allowed="a rate on gross where the project is taxed",
                )
            if "depreciation_years" in self.model_fields_set:
                raise FieldFault(
                    at=("depreciation_years",),
                    found=f"a depreciation beside of = {self.of!r}",
                    allowed="a depreciation where the project is taxed",
                    note="a party is taxed on cash: receipts less what it was called upon",
                )
        return self


def _recovery(value: Any) -> Any:
    """True and False, or the limit alone, in place of the table."""
    if value is False:
        return None
    if value is True:
        return {}
    if isinstance(value, int | float | str):
        return {"limit_share_of_gross": value}
    return value


class Terms(Section):
    """How an arrangement divides what its project earns and costs, month by month."""

    capital: dict[str, ExactShare] = Field(
        description="who pays what revenue does not cover: works, machines, losses"
    )
    royalty: list[Royalty] = []
    cost_recovery: Annotated[CostRecovery | None, BeforeValidator(_recovery)] = Field(
        None, description="true, false, a limit as a share of gross revenue, or a table"
    )
    shares: dict[str, ExactShare] | None = Field(None, description="of profit: one tier")
    tiers: list[Tier] = Field([], max_length=20, description="in place of shares")
    taxes: list[TaxLine] = []
    safety_first: bool = Field(
        True, description="safety is paid before levies on gross and outside the recovery limit"
    )
    in_kind: bool = Field(
        False, description="profit is paid in the month's coins, as far as they go"
    )

    @property
    def profit_tiers(self) -> tuple[Tier, ...]:
        """The tiers, one where shares stand alone."""
        return tuple(self.tiers) if self.shares is None else (Tier(shares=self.shares),)

    @property
    def by_r_factor(self) -> bool:
        """Whether the R-factor and not the profit so far chooses the tier."""
        return any(tier.until_r_factor is not None for tier in self.tiers)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        faults = [*_split_faults(self.capital, ("capital",))]
        if self.shares is not None and self.tiers:
            faults.append(
                FieldFault(
                    at=("tiers",), found="tiers beside shares", allowed="one of shares and tiers"
                )
            )
        elif self.shares is not None:
            faults += _split_faults(self.shares, ("shares",))
        elif not self.tiers:
            faults.append(
                FieldFault(at=("shares",), found="neither", allowed="one of shares and tiers")
            )
        for index, tier in enumerate(self.tiers):
            faults += _split_faults(tier.shares, ("tiers", index, "shares"))
        faults += _order_faults(self.tiers)
        faults += _rate_faults(self)
        if faults:
            raise FieldFaults(*faults)
        return self


def party_faults(terms: Terms, parties: Iterable[str]) -> tuple[FieldFault, ...]:
    """What is wrong with the names that the terms use.

    Parameters
    ----------
    terms : Terms
    parties : iterable of str
        Members of the arrangement.

    Returns
    -------
    tuple of FieldFault
        With places from the terms down; empty where all names are known.

    Examples
    --------
    >>> terms = Terms(capital={"miner": 1}, shares={"minr": 1})
    >>> [(fault.at, fault.found, fault.nearest) for fault in party_faults(terms, ["miner", "state"])]
    [(('shares', 'minr'), "'minr'", 'miner')]
    """
    known = list(parties)
    if taken := [name for name in (OUTSIDE, PROJECT) if name in known]:
        return (
            FieldFault(
                found=f"a party named {taken[0]!r}", allowed="another name: it means no party"
            ),
        )
    used: list[tuple[tuple[str | int, ...], str, bool]] = []
    used += [(("capital", name), name, False) for name in terms.capital]
    used += [(("shares", name), name, False) for name in terms.shares or {}]
    for index, tier in enumerate(terms.tiers):
        used += [(("tiers", index, "shares", name), name, False) for name in tier.shares]
    used += [(("royalty", i, "to"), one.to, True) for i, one in enumerate(terms.royalty)]
    for index, tax in enumerate(terms.taxes):
        used.append((("taxes", index, "to"), tax.to, True))
        if tax.of is not None:
            used.append((("taxes", index, "of"), tax.of, False))
    words = ", ".join(known) or "no party at all"
    return tuple(
        FieldFault(
            at=place,
            found=repr(name),
            allowed=f"{words}, or {OUTSIDE}" if may_be_outside else words,
            nearest=nearest(name, known),
        )
        for place, name, may_be_outside in used
        if name not in known and not (may_be_outside and name == OUTSIDE)
    )


def _split_faults(
    shares: Mapping[str, Fraction], at: tuple[str | int, ...]
) -> Iterable[FieldFault]:
    total = sum(shares.values(), Fraction(0))
    if total != 1:
        yield FieldFault(
            at=at,
            found=f"shares that add up to {plain_number(total)}",
            allowed='shares that add up to 1; a third is "1/3"',
        )
    elif common_denominator(shares.values()) > FINEST_SPLIT:
        yield FieldFault(
            at=at, found="shares too fine to be paid out exactly", allowed="fewer decimals"
        )


def _order_faults(tiers: Sequence[Tier]) -> Iterable[FieldFault]:
    last = len(tiers) - 1
    before: Fraction | float = 0
    measure = ""
    for index, tier in enumerate(tiers):
        given = {
            name: value
            for name in ("until_usd_million", "until_r_factor")
            if (value := getattr(tier, name)) is not None
        }
        at: tuple[str | int, ...] = ("tiers", index)
        if index == last:
            if given:
                name = next(iter(given))
                yield FieldFault(
                    at=(*at, name), found="a limit", allowed="none: the last tier has no end"
                )
            return
        if len(given) != 1:
            yield FieldFault(
                at=at,
                found="both limits" if given else "no limit",
                allowed="until_usd_million or until_r_factor in each tier but the last",
            )
            return
        ((name, value),) = given.items()
        if measure and name != measure:
            yield FieldFault(
                at=(*at, name), found=name, allowed=f"{measure}, as in the tier before"
            )
            return
        if value <= before:
            yield FieldFault(
                at=(*at, name),
                found=f"{float(value):g} after {float(before):g}",
                allowed="limits that rise from tier to tier",
            )
            return
        measure, before = name, value


def _rate_faults(terms: Terms) -> Iterable[FieldFault]:
    levies = [one.share_of_gross for one in terms.royalty]
    levies += [one.rate_on_gross for one in terms.taxes]
    total = sum(levies, Fraction(0))
    if total > 1:
        yield FieldFault(
            at=("royalty",) if terms.royalty else ("taxes",),
            found=f"levies on gross of {plain_number(total)} together",
            allowed="at most 1 together, royalties and export duties",
        )
    elif common_denominator(levies) > FINEST_SPLIT:
        yield FieldFault(
            at=("royalty",) if terms.royalty else ("taxes",),
            found="levies on gross too fine to be paid out exactly",
            allowed="fewer decimals",
        )
    by_base: dict[str | None, Fraction] = {}
    for tax in terms.taxes:
        by_base[tax.of] = by_base.get(tax.of, Fraction(0)) + tax.rate_on_profit
    for of, rate in by_base.items():
        if rate > 1:
            yield FieldFault(
                at=("taxes",),
                found=f"rates on profit of {plain_number(rate)} together"
                + (f" for {of}" if of else ""),
                allowed="at most 1 together",
            )
