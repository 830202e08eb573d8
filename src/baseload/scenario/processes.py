"""Names of the daily processes whose innovations may be correlated."""

from __future__ import annotations

PROCESSES = ("network.price_usd", "network.fees_btc_per_block", "grid.price.daily")
