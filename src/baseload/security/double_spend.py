"""How likely a payment with so many confirmations is undone by a miner of a given share.

One convention holds throughout. The payment is in a block, and `confirmations` z counts that block
and those on top of it. The attacker has mined in secret on its parent since it was sent, and may go
on for ever; he succeeds once his branch is as long as the public one (he draws level), as in
Nakamoto's paper. `overtake=True` asks for one block more, `premined` gives him blocks found before
the payment was sent. Rosenfeld's convention (one block mined before, strictly longer) is
`premined=1, overtake=True`, which cancels to the same number.

References
----------
.. [1] S. Nakamoto, Bitcoin: A Peer-to-Peer Electronic Cash System, 2008, section 11.
.. [2] M. Rosenfeld, Analysis of Hashrate-Based Double Spending, 2014, arXiv:1402.2009.
.. [3] C. Grunspan, R. Pérez-Marco, Double Spend Races, International Journal of Theoretical and
   Applied Finance 21(8), 2018, arXiv:1702.02867.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from baseload.security.arguments import (
    MOST_BLOCKS,
    Floats,
    Wholes,
    broadcast,
    numbers,
    one_of,
    plain,
    refuse,
    share_of_hash_rate,
    truth,
    whole_numbers,
)
from baseload.security.tails import (
    log_beta_tail,
    log_gamma_lower,
    log_gamma_upper,
    log_odds,
)

MODELS: Final = ("exact", "nakamoto")
RISK_ROUNDING: Final = 1e-12
"""Within this relative distance a probability counts as equal to the risk, hence not below it."""

_MOST_TIME_RATIO = 1e6


def double_spend_probability(
    share: npt.ArrayLike,
    confirmations: npt.ArrayLike,
    model: str = "exact",
    *,
    known_time_ratio: npt.ArrayLike | None = None,
    premined: npt.ArrayLike = 0,
    overtake: bool = False,
) -> Any:
    """Probability that a payment is undone, by the share that attacks and its confirmations.

    Exact, with q the share, p = 1 - q, z confirmations and s = z - premined + (1 if overtake):
    while the rest finds z blocks, the attacker finds a negative binomial number m, and makes up what
    he then lacks with probability (q / p)^(s - m), so that

        P = I_q(s, z) + (p / q)^(z - s) I_q(z, s)

    with I the regularised incomplete beta function. For s = z the two terms are equal and
    P = 2 I_q(z, z) = I_{4pq}(z, 1/2). Rosenfeld's sum [2]_ and Grunspan and Pérez-Marco's beta
    function [3]_ are this one number.

    Parameters
    ----------
    share : array_like
        Attacker's share of the hash rate, from 0 to 1.
    confirmations : array_like of int
        From 0 to a billion. [blocks]
    model : str
        "exact", or "nakamoto" for the approximation of his paper [1]_, which takes the z blocks to
        have come in their expected time and makes m a Poisson number: the historical column.
    known_time_ratio : array_like, optional
        The z blocks are known to have taken k = (1 - share) × time / (z × 600 s); the probability
        given that, P(z, k) of [3]_. Nakamoto's is k = 1. Only with the exact model.
    premined : array_like of int
        Blocks that the attacker holds when the payment is sent. [blocks]
    overtake : bool
        Whether he must be one block ahead instead of level.

    Returns
    -------
    float or ndarray
        1 from a share of one half on, and where he needs no block, as at 0 confirmations. Below
        1e-308 it is 0: see `log10_double_spend_probability`.

    Raises
    ------
    InputError
        For a share outside [0, 1], confirmations that are no whole number in range, a ratio that is
        negative, not finite or above a million, an unknown model, shapes that do not fit together.

    References
    ----------
    .. [1] S. Nakamoto, 2008, section 11.
    .. [2] M. Rosenfeld, 2014, arXiv:1402.2009.
    .. [3] C. Grunspan, R. Pérez-Marco, 2018, arXiv:1702.02867.

    Examples
    --------
    >>> round(double_spend_probability(0.1, 6), 7)
    0.0005914
    >>> round(double_spend_probability(0.1, 6, model="nakamoto"), 7)
    0.0002428
    >>> double_spend_probability([0.27, 0.5], 6).round(4).tolist()
    [0.0979, 1.0]
    """
    log = _log_from_arguments(share, confirmations, model, known_time_ratio, premined, overtake)
    return plain(np.exp(log))


def log10_double_spend_probability(
    share: npt.ArrayLike,
    confirmations: npt.ArrayLike,
    model: str = "exact",
    *,
    known_time_ratio: npt.ArrayLike | None = None,
    premined: npt.ArrayLike = 0,
    overtake: bool = False,
) -> Any:
    """Decimal logarithm of `double_spend_probability`, also where that is below 1e-308.

    Parameters
    ----------
    share, confirmations, model, known_time_ratio, premined, overtake
        As in `double_spend_probability`.

    Returns
    -------
    float or ndarray
        At most 0; minus infinity where the probability is exactly 0, as at a share of 0.

    Raises
    ------
    InputError
        As `double_spend_probability`.

    Examples
    --------
    >>> round(log10_double_spend_probability(0.1, 1000), 3)
    -445.349
    """
    log = _log_from_arguments(share, confirmations, model, known_time_ratio, premined, overtake)
    return plain(log / math.log(10.0))


def confirmations_for_risk(
    share: npt.ArrayLike,
    risk: npt.ArrayLike,
    model: str = "exact",
    *,
    premined: npt.ArrayLike = 0,
    overtake: bool = False,
) -> Any:
    """Fewest confirmations, at least one, at which the probability is strictly below a risk.

    The probability falls with every confirmation, so that halving an interval finds the number in
    some sixty evaluations however large it is.

    Parameters
    ----------
    share : array_like
        Attacker's share, from 0 to below one half; from there on no number is enough.
    risk : array_like
        Above 0, at most 1. A probability within a relative 1e-12 of it counts as not below.
    model, premined, overtake
        As in `double_spend_probability`.

    Returns
    -------
    int or ndarray of int
        [blocks]

    Raises
    ------
    InputError
        For a share of one half or more, a risk outside the range, and where more than a billion
        confirmations would be needed.

    Examples
    --------
    >>> confirmations_for_risk(0.1, 0.001), confirmations_for_risk(0.1, 0.001, model="nakamoto")
    (6, 5)
    >>> confirmations_for_risk(0.27, [0.01, 0.001]).tolist()
    [15, 24]
    """
    q = share_of_hash_rate(share)
    if (q >= 0.5).any():
        raise refuse(
            "share",
            f"{float(q[q >= 0.5].flat[0]):.17g}",
            "a share below 0.5 [share of the hash rate]",
            note="from one half on no number of confirmations is enough",
        )
    limit = numbers("risk", risk, 0.0, 1.0, above_least=True)
    held = whole_numbers("premined", premined, 0, unit="blocks")
    one_of("model", model, MODELS)
    ahead = int(truth("overtake", overtake))
    q, limit, held = broadcast(share=q, risk=limit, premined=held)
    log_limit = np.log(limit) + math.log1p(-RISK_ROUNDING)

    def low_enough(z: Wholes) -> npt.NDArray[np.bool_]:
        ratio = np.ones(q.shape) if model == "nakamoto" else None
        return np.asarray(_log_probability(q, z, z - held + ahead, ratio) < log_limit)

    too_few = np.zeros(q.shape, dtype=np.int64)
    enough = np.full(q.shape, MOST_BLOCKS, dtype=np.int64)
    if not low_enough(enough).all():
        raise refuse(
            "risk",
            f"{float(limit[~low_enough(enough)].flat[0]):.17g}",
            f"a risk that {MOST_BLOCKS:,} confirmations get below",
            note="the share is too near one half",
        )
    # Few confirmations are the rule: the upper end is found by doubling.
    reach = np.ones(q.shape, dtype=np.int64)
    while (reach < enough).any():
        reached = low_enough(reach) & (reach < enough)
        enough = np.where(reached, reach, enough)
        too_few = np.where(reach < enough, np.maximum(too_few, reach), too_few)
        reach = np.minimum(2 * reach, enough)
    while (enough - too_few > 1).any():
        middle = (too_few + enough) // 2
        low = low_enough(np.maximum(middle, 1))
        enough = np.where(low, middle, enough)
        too_few = np.where(low, too_few, middle)
    return plain(enough)


def _log_from_arguments(
    share: npt.ArrayLike,
    confirmations: npt.ArrayLike,
    model: str,
    known_time_ratio: npt.ArrayLike | None,
    premined: npt.ArrayLike,
    overtake: bool,
) -> Floats:
    q = share_of_hash_rate(share)
    z = whole_numbers("confirmations", confirmations, 0, unit="blocks")
    held = whole_numbers("premined", premined, 0, unit="blocks")
    ahead = int(truth("overtake", overtake))
    one_of("model", model, MODELS)
    if known_time_ratio is None:
        q, z, held = broadcast(share=q, confirmations=z, premined=held)
        ratio = np.ones(q.shape) if model == "nakamoto" else None
    elif model == "nakamoto":
        raise refuse(
            "known_time_ratio",
            "a ratio with the model nakamoto",
            "the exact model, or no ratio",
            note="Nakamoto's model is the ratio 1",
        )
    else:
        ratio = numbers("known_time_ratio", known_time_ratio, 0.0, _MOST_TIME_RATIO)
        q, z, held, ratio = broadcast(
            share=q, confirmations=z, premined=held, known_time_ratio=ratio
        )
    return _log_probability(q, z, z - held + ahead, ratio)


def _log_probability(q: Floats, z: Wholes, needed: Wholes, ratio: Floats | None) -> Floats:
    """Natural log of the probability that the attacker gets level, all arguments of one shape.

    `needed` blocks of the attacker's own make him level with the z of the rest.
    """
    log = np.zeros(q.shape)
    contest = (needed > 0) & (q < 0.5)
    log[contest & (q == 0.0)] = -np.inf
    contest &= q > 0.0
    at_once = contest & (z == 0)
    log[at_once] = needed[at_once] * log_odds(q[at_once])
    contest &= z > 0
    share, blocks, own = q[contest], z[contest].astype(float), needed[contest].astype(float)
    odds = log_odds(share)
    if ratio is None:
        level_in_time = log_beta_tail(own, blocks, share)
        level_later = (own - blocks) * odds + log_beta_tail(blocks, own, share)
    else:
        time = ratio[contest] * blocks
        level_in_time = log_gamma_lower(own, time * np.exp(odds))
        # (p - q) / p = 1 - q / p
        level_later = own * odds - time * np.expm1(odds) + log_gamma_upper(own, time)
    log[contest] = np.minimum(np.logaddexp(level_in_time, level_later), 0.0)
    return log
