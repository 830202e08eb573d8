"""The security of the network in a study: thresholds crossed, and what the shares that it met can do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from baseload.security.assessment import assess
from baseload.security.concentration import share_with_returned
from baseload.security.over_time import crossings
from baseload.security.share_tables import hash_rate_shares

LEVEL: Final = "template"
"""Who builds the block templates can censor, fork and vote; tags of pools hide that some share theirs."""

TEMPLATES: Final = {
    "fpps": "a pool's: what its templates do is the pool's choice, not the mine's",
    "own-pool": "the mine's own",
    "auto": "the mine's own while it has more than 5 % of the network, else a pool's",
}


def security_of_study(
    peak_shares: npt.NDArray[np.float64],
    displacement: npt.NDArray[np.float64],
    months: npt.NDArray[np.int32],
    dates: Sequence[date],
    payout: str,
) -> dict[str, Any] | None:
    """What a study says about the security of the network, as plain values without NaN.

    Parameters
    ----------
    peak_shares : ndarray (P,)
        Largest hourly share of each path, after the network's response.
    displacement : ndarray (P,)
        Hash rate of the rest displaced per hash rate of the mine; NaN where nothing is mined.
    months : ndarray (T, P)
        Months in which each path first crosses the thresholds, from `first_months`.
    dates : sequence of date
        First day of each month.
    payout : str
        "fpps", "own-pool" or "auto": who builds the block templates.

    Returns
    -------
    dict or None
        `thresholds`, the crossings; `cases`, one `Assessment` each with a `name`: the largest share of
        the path in the middle, the same with the stopped machines returned, that of one path in
        twenty, the mine with the largest of today, and that one alone; `level` of the others;
        `templates`. None where no path mines.
    """
    if not (peak_shares > 0.0).any():
        return None
    ordered = np.sort(peak_shares)
    median = float(ordered[(ordered.size - 1) // 2])
    high = float(ordered[math.ceil(0.95 * (ordered.size - 1))])
    largest, largest_share = next(iter(hash_rate_shares(LEVEL).items()))
    known = displacement[np.isfinite(displacement)]
    gone = float(np.median(known)) if known.size else 0.0
    returned = float(share_with_returned(median, max(0.0, gone) * median))
    cases = (
        ("the mine at its largest, median path", median, ()),
        ("the same, stopped machines returned", returned, ()),
        ("the mine at its largest, 1 path in 20", high, ()),
        (f"the first with {largest}", median, (largest,)),
        (f"{largest} today", largest_share, ()),
    )
    return {
        "level": LEVEL,
        "templates": TEMPLATES[payout],
        "displacement": gone,
        "thresholds": [_plain(asdict(one)) for one in crossings(months, dates)],
        "cases": [
            _plain(
                {
                    "name": name,
                    **assess(share, partners=partners, level=LEVEL, optimal=False).as_dict(),
                }
            )
            for name, share, partners in cases
        ],
    }


def _plain(value: Any) -> Any:
    """Dates as ISO 8601, and None for what is infinite: JSON knows neither."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, np.generic):
        return value.item()
    return value
