"""Stubborn mining: exact revenues against the tables that define them."""

from __future__ import annotations

import numpy as np
import pytest
from tests.unit.security.race_by_hand import table_revenue

from baseload.errors import InputError
from baseload.security.selfish import selfish_mining_revenue
from baseload.security.stubborn import stubborn_mining_revenue, stubborn_policy

VARIANTS = (
    "selfish",
    "lead",
    "equal-fork",
    "lead+equal-fork",
    "trail-1",
    "trail-3",
    "lead+trail-1",
    "equal-fork+trail-2",
    "lead+equal-fork+trail-1",
)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(("share", "gamma"), [(0.2, 0.0), (0.2, 1.0), (0.33, 0.35)])
def test_revenue_is_that_of_the_table(variant: str, share: float, gamma: float) -> None:
    # The table ends at 80 blocks, where what a race has left is less than the tolerance.
    twin = table_revenue(stubborn_policy(variant, 80), share, gamma)
    assert stubborn_mining_revenue(share, gamma, variant) == pytest.approx(twin, abs=1e-6)


def test_no_variant_is_selfish_mining() -> None:
    share, gamma = np.linspace(0, 1, 21)[:, None], np.linspace(0, 1, 5)
    np.testing.assert_allclose(
        stubborn_mining_revenue(share, gamma, "selfish"),
        selfish_mining_revenue(share, gamma),
        atol=1e-13,
    )


def test_limits_at_gamma_zero() -> None:
    q = np.array([0.1, 0.3, 0.45])
    p = 1 - q
    lead = stubborn_mining_revenue(q, 0, "lead")
    np.testing.assert_allclose(lead, q**2 * (2 * p - q) / (p + p * q - q), rtol=1e-12)
    assert stubborn_mining_revenue(q, 0, "lead+equal-fork").tolist() == [0, 0, 0]  # type: ignore[union-attr]
    near = stubborn_mining_revenue(q, 1e-9, "lead")
    np.testing.assert_allclose(near, lead, atol=1e-6)


def test_a_tie_that_is_always_won_costs_the_others_a_block_each() -> None:
    q = np.array([0.1, 0.3, 0.45])
    found = stubborn_mining_revenue(q, 1, "lead+equal-fork")
    np.testing.assert_allclose(found, q / (1 - q), rtol=1e-12)


def test_a_longer_trail_ends_where_it_began_in_the_limit() -> None:
    # Nobody with a small share catches up from far behind: what he waits for is lost.
    revenues = [stubborn_mining_revenue(0.1, 0, f"trail-{k}") for k in (1, 5, 20)]
    assert revenues == sorted(revenues, reverse=True)


def test_numbers_are_finite_at_the_ends() -> None:
    share = [0.0, 1e-300, 1e-9, 0.4999999999, 0.5, 1.0]
    for variant in VARIANTS:
        found = np.asarray(stubborn_mining_revenue(share, [0.0, 0.0, 1.0, 0.5, 0.0, 0.0], variant))
        assert np.isfinite(found).all()
        assert found[0] == 0.0
        assert found[4:].tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    "variant",
    ["", "Lead", "trail", "trail-0", "trail-101", "lead+lead", "trail-1+trail-2", 3, None],
)
def test_an_unknown_variant_is_refused(variant: object) -> None:
    with pytest.raises(InputError, match="variant"):
        stubborn_mining_revenue(0.3, 0.5, variant)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="variant"):
        stubborn_policy(variant)  # type: ignore[arg-type]


def test_order_of_words_does_not_matter() -> None:
    one = stubborn_mining_revenue(0.3, 0.5, "lead+equal-fork+trail-2")
    assert one == stubborn_mining_revenue(0.3, 0.5, "trail-2+equal-fork+lead")
