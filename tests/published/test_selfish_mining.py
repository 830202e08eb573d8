"""Source: Eyal and Sirer, Financial Cryptography 2014 (10.1007/978-3-662-45472-5_28), observation 1 and
section 6; Sapirshtein, Sompolinsky and Zohar, Financial Cryptography 2016 (arXiv 1507.06183), table 1,
columns SM1 and optimal, and section 5 on random ties; Grunspan and Perez-Marco (arXiv 1808.01041),
closed forms of lead and equal-fork stubborn mining, and (arXiv 1805.08281), profit before a retarget."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.unit.security.race_by_hand import square_revenue

from baseload.security.optimal import optimal_selfish_mining, optimal_selfish_mining_threshold
from baseload.security.selfish import (
    selfish_mining_chain_blocks,
    selfish_mining_revenue,
    selfish_mining_threshold,
)
from baseload.security.stubborn import stubborn_mining_revenue

# Sapirshtein et al., table 1, gamma = 0: share, revenue of SM1, revenue of the best policy that gives
# up where a branch has 95 blocks. Digits are cut off, not rounded, or rounded: both are allowed.
TABLE = (
    ("0.33333", "0.33705", 1 / 3),
    ("0.36650", "0.37077", 0.35),
    ("0.42118", "0.42600", 0.375),
    ("0.48372", "0.48866", 0.4),
    ("0.55801", "0.56808", 0.425),
    ("0.65177", "0.66891", 0.45),
    ("0.78254", "0.80172", 0.475),
)


def prints(value: float, digits: str) -> bool:
    return digits in (f"{math.floor(value * 1e5 + 1e-7) / 1e5:.5f}", f"{value:.5f}")


@pytest.mark.parametrize(("selfish", "best", "share"), TABLE)
def test_table_of_sapirshtein_and_others(selfish: str, best: str, share: float) -> None:
    assert prints(float(selfish_mining_revenue(share, 0)), selfish)
    assert prints(square_revenue(share, 0, 95), best)
    found = optimal_selfish_mining(share, 0)
    # Who need not give up earns no less.
    assert found.upper >= float(best) - 1e-5
    if share <= 0.375:
        assert prints(optimal_selfish_mining(share, 0, 1e-7).revenue, best)


def test_thresholds_of_eyal_and_sirer() -> None:
    assert selfish_mining_threshold(0) == pytest.approx(1 / 3, abs=1e-15)
    assert selfish_mining_threshold(0.5) == 0.25
    assert selfish_mining_threshold(1) == 0


def test_threshold_with_random_ties() -> None:
    assert f"{optimal_selfish_mining_threshold(0.5, tie='uniform'):.4f}" == "0.2321"


@pytest.mark.parametrize("q", [0.05, 0.2, 0.35, 0.45, 0.49])
@pytest.mark.parametrize("gamma", [0.01, 0.3, 0.5, 0.9, 1.0])
def test_closed_forms_of_grunspan_and_perez_marco(q: float, gamma: float) -> None:
    p = 1 - q
    root = math.sqrt(1 - 4 * (1 - gamma) * p * q)
    f = (1 - gamma) / gamma * (1 - (1 - root) / (2 * q)) if gamma < 1 else 0.0
    lead = (q * (p + p * q - q * q) - p * q * (p - q) * f) / (p + p * q - q)
    catalan = 2 / (1 + root)
    both = q / p - (1 - gamma) * (p - q) / (gamma * p) * (1 - p * catalan)
    assert stubborn_mining_revenue(q, gamma, "lead") == pytest.approx(lead, abs=1e-12)
    assert stubborn_mining_revenue(q, gamma, "lead+equal-fork") == pytest.approx(both, abs=1e-12)


def test_nothing_is_gained_before_the_first_retarget() -> None:
    share, gamma = np.linspace(0.01, 0.49, 25)[:, None], np.linspace(0, 1, 11)
    per_block_found = selfish_mining_revenue(share, gamma) * selfish_mining_chain_blocks(share)
    assert np.all(per_block_found <= share + 1e-15)  # equal where every tie is won
