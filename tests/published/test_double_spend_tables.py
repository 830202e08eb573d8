"""Source: Nakamoto 2008, section 11; Rosenfeld, arXiv:1402.2009; Grunspan, Pérez-Marco, arXiv:1702.02867.

Every digit is compared as printed. Left out: Rosenfeld's entries of 0 and 100 % and his shares from
32 % on, and the entry of Grunspan and Pérez-Marco at q = 0.1, z = 8, whose digits were not at hand.
"""

from __future__ import annotations

import pytest

from baseload.security import confirmations_for_risk, double_spend_probability

NAKAMOTO = {
    0.1: "0 1.0000000 1 0.2045873 2 0.0509779 3 0.0131722 4 0.0034552 5 0.0009137 6 0.0002428"
    " 7 0.0000647 8 0.0000173 9 0.0000046 10 0.0000012",
    0.3: "0 1.0000000 5 0.1773523 10 0.0416605 15 0.0101008 20 0.0024804 25 0.0006132"
    " 30 0.0001522 35 0.0000379 40 0.0000095 45 0.0000024 50 0.0000006",
}
GRUNSPAN_PEREZ_MARCO = {
    0.1: "0 1.0000000 1 0.2000000 2 0.0560000 3 0.0171200 4 0.0054560 5 0.0017818 6 0.0005914"
    " 7 0.0001986 9 0.0000229 10 0.0000079",
    0.3: "0 1.0000000 5 0.1976173 10 0.0651067 15 0.0233077 20 0.0086739 25 0.0033027"
    " 30 0.0012769 35 0.0004991 40 0.0001967 45 0.0000780 50 0.0000311",
}
# Share in per cent, then the probability in per cent at 1, 2, ... confirmations.
ROSENFELD = """
2 4 0.237 0.016 0.001
4 8 0.934 0.120 0.016 0.002
6 12 2.074 0.394 0.078 0.016 0.003 0.001
8 16 3.635 0.905 0.235 0.063 0.017 0.005 0.001
10 20 5.600 1.712 0.546 0.178 0.059 0.020 0.007 0.002 0.001
12 24 7.949 2.864 1.074 0.412 0.161 0.063 0.025 0.010 0.004
14 28 10.662 4.400 1.887 0.828 0.369 0.166 0.075 0.034 0.016
16 32 13.722 6.352 3.050 1.497 0.745 0.375 0.190 0.097 0.050
18 36 17.107 8.741 4.626 2.499 1.369 0.758 0.423 0.237 0.134
20 40 20.800 11.584 6.669 3.916 2.331 1.401 0.848 0.516 0.316
22 44 24.781 14.887 9.227 5.828 3.729 2.407 1.565 1.023 0.672
24 48 29.030 18.650 12.339 8.310 5.664 3.895 2.696 1.876 1.311
26 52 33.530 22.868 16.031 11.427 8.238 5.988 4.380 3.220 2.377
28 56 38.259 27.530 20.319 15.232 11.539 8.810 6.766 5.221 4.044
30 60 43.200 32.616 25.207 19.762 15.645 12.475 10.003 8.055 6.511
"""
SHARES = (0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40, 0.45)


def pairs(table: dict[float, str]) -> list[tuple[float, int, str]]:
    found = []
    for share, text in table.items():
        words = text.split()
        found += [
            (share, int(z), printed) for z, printed in zip(words[::2], words[1::2], strict=True)
        ]
    return found


@pytest.mark.parametrize(("share", "confirmations", "printed"), pairs(NAKAMOTO))
def test_nakamotos_tables_are_met_to_the_last_digit(
    share: float, confirmations: int, printed: str
) -> None:
    found = double_spend_probability(share, confirmations, model="nakamoto")
    assert f"{found:.7f}" == printed


def test_nakamotos_confirmations_for_a_risk_of_a_thousandth_are_met() -> None:
    found = confirmations_for_risk(SHARES, 0.001, model="nakamoto").tolist()
    assert found == [5, 8, 11, 15, 24, 41, 89, 340]


@pytest.mark.parametrize(("share", "confirmations", "printed"), pairs(GRUNSPAN_PEREZ_MARCO))
def test_grunspan_and_perez_marcos_tables_are_met_to_the_last_digit(
    share: float, confirmations: int, printed: str
) -> None:
    assert f"{double_spend_probability(share, confirmations):.7f}" == printed


def test_grunspan_and_perez_marcos_confirmations_for_a_thousandth_are_met() -> None:
    found = confirmations_for_risk(SHARES, 0.001).tolist()
    assert found == [6, 9, 13, 20, 32, 58, 133, 539]


@pytest.mark.parametrize("row", ROSENFELD.strip().splitlines())
def test_rosenfelds_table_is_met_to_the_last_digit(row: str) -> None:
    share, *printed = row.split()
    for confirmations, text in enumerate(printed, start=1):
        decimals = len(text.partition(".")[2])
        # His convention: one block mined before, and strictly longer.
        found = double_spend_probability(int(share) / 100, confirmations, premined=1, overtake=True)
        assert f"{100 * found:.{decimals}f}" == text
