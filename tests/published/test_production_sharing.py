"""Source: lecture slides on production sharing ("Calculating IOC/Host Government Take", slides 97-98), read 2026-11-24.

The slides credit IHS CERA for the sample terms beside them; found at Course Hero. A barrel at 100
dollars: royalty of a tenth, costs of a third of what is left, 60/40 split of profit oil, tax of 40 %
on the contractor's profit oil.
"""

from __future__ import annotations

from baseload.sharing import MonthlyCash, Terms, pay_out


def test_a_barrel_at_100_dollars_is_divided_as_the_slides_have_it() -> None:
    terms = Terms(
        capital={"contractor": 1},
        royalty=[{"to": "government", "share_of_gross": 0.1}],
        cost_recovery=0.5,
        shares={"government": 0.6, "contractor": 0.4},
        taxes=[
            {
                "jurisdiction": "host",
                "to": "government",
                "of": "contractor",
                "rate_on_profit": 0.4,
            }
        ],
    )
    # The costs are paid in the month before, and come back as cost oil.
    cash = MonthlyCash([0, 100_00], [0, 0], [30_00, 0])
    paid = pay_out(cash, terms, ["government", "contractor"])
    assert paid.of("government", "royalty")[1] == 10_00
    assert paid.of("contractor", "cost_recovery")[1] == 30_00
    assert paid.of("government", "profit_share")[1] == 36_00
    assert paid.of("contractor", "profit_share")[1] == 24_00
    assert paid.of("contractor", "tax_paid")[1] == -9_60
    # Revenue 44.40 and 55.60; net cash flow 14.40 and 55.60.
    assert paid.of("contractor")[1] == 44_40
    assert paid.of("contractor").sum() == 14_40
    assert paid.of("government").sum() == 55_60
