"""The lottery with the largest product of gains, by Newton steps on the arrangements that matter."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

GAP = 1e-12
"""How much more than nothing the logarithm of the product may gain by any change, at the end."""

_MOST_ROUNDS = 2000
_MOST_STEPS = 200
_SETTLED = 1e-28
_MOST_HALVINGS = 100
_NOISE = 1e-15
_NEAR = 1e-12
_DUST = 1e-15
_ACCEPTED_GAP = 1e-9


class NoConvergence(RuntimeError):
    """The product of gains is not at its largest within the accuracy promised: a fault of ours."""


def largest_product(
    gains: Floats,
    weights: Floats,
    shares: Floats,
    best: Callable[[Floats], tuple[int, Floats]],
) -> tuple[Floats, Floats]:
    """Shares of prospects that maximise the product of gains, each to the power of its weight.

    Concave in the shares, so that it is at its largest once no prospect has a slope above the mean,
    which is one: `sum_i weights_i * gain_ki / gain_i <= 1` for all k. The largest slope also bounds
    how much is lost: the logarithm of the product lies no more than the logarithm of that slope
    below its optimum. Prospects enter one by one where the slope is largest (simplicial
    decomposition [1]_); in between, Newton's method runs on those in use, so that the end is sharp.

    Parameters
    ----------
    gains : ndarray (J, N)
        Of the prospects to begin with, for each party.
    weights : ndarray (N,)
        Above zero, adding up to one.
    shares : ndarray (J,)
        To begin with, at which every party gains.
    best : callable
        From the price of each party's gain to the number and the gains of the prospect that is
        worth most at them; numbers count on from J as prospects are added.

    Returns
    -------
    shares : ndarray (J or more,)
        Of the prospects to begin with and those added.
    gain : ndarray (N,)
        Of each party.

    Raises
    ------
    NoConvergence
        Where the largest slope stays above one.

    References
    ----------
    .. [1] B. von Hohenbalken, Simplicial decomposition in nonlinear programming algorithms,
       Mathematical Programming 13, 1977, https://doi.org/10.1007/BF01584323
    """
    before = -np.inf
    for _ in range(_MOST_ROUNDS):
        shares = _climbed(gains, weights, shares)
        gain = shares @ gains
        value = _value(gain, weights)
        prices = weights / gain
        number, prospect = best(prices)
        slope = float(prospect @ prices)
        in_use = number < len(shares) and shares[number] > 0.0
        if slope - 1.0 <= GAP or in_use or (value <= before and slope - 1.0 <= _ACCEPTED_GAP):
            # Nothing is left, or nothing but rounding.
            break
        before = value
        if number >= len(shares):
            gains = np.vstack((gains, prospect))
            shares = np.append(shares, 0.0)
        shares = _entered(gains, weights, shares, number)
    if slope - 1.0 > _ACCEPTED_GAP:
        raise NoConvergence(f"the largest slope is {slope}")
    return shares, gain


def _entered(gains: Floats, weights: Floats, shares: Floats, number: int) -> Floats:
    """A first step towards one prospect, after which its share is above zero."""
    step = 0.5
    before = _value(shares @ gains, weights)
    target = np.zeros_like(shares)
    target[number] = 1.0
    while step > _SETTLED:
        moved = (1.0 - step) * shares + step * target
        if _value(moved @ gains, weights) > before:
            return moved
        step /= 2.0
    # A slope above one that no step can use is rounding.
    return shares


def _climbed(gains: Floats, weights: Floats, shares: Floats) -> Floats:
    """The best shares of the prospects in use; those that come to nothing are given up."""
    used = np.flatnonzero(shares > 0.0)
    for _ in range(_MOST_STEPS):
        direction, decrement = _newton(gains[used], weights, shares[used])
        if decrement <= _SETTLED:
            break
        falling = direction < 0.0
        room = np.full(len(used), np.inf)
        room[falling] = shares[used][falling] / -direction[falling]
        limit = float(room.min())
        step = min(1.0, limit)
        before = _value(shares @ gains, weights)
        least = before - _NOISE * (1.0 + abs(before))
        for _ in range(_MOST_HALVINGS):
            moved = shares.copy()
            moved[used] += step * direction
            if step == limit:
                # To the very edge, where a gain may come to nothing.
                moved[used[room <= limit * (1.0 + _NEAR)]] = 0.0
            moved = np.maximum(moved, 0.0)
            moved /= moved.sum()
            if _value(moved @ gains, weights) >= least + 0.1 * step * decrement:
                break
            step /= 2.0
        else:
            break
        shares = moved
        used = np.flatnonzero(shares > 0.0)
    return shares


def _newton(gains: Floats, weights: Floats, shares: Floats) -> tuple[Floats, float]:
    """Newton's direction that leaves the sum as it is, and the rise that it promises.

    The model of second order is a sum of squares, one a party; solved as such it keeps twice the
    digits that its normal equations would.
    """
    gain = shares @ gains
    roots = np.sqrt(weights)
    scaled = gains * (roots / gain)
    # The largest share takes up what the others leave.
    pivot = int(np.argmax(shares))
    apart = np.delete(scaled, pivot, axis=0) - scaled[pivot]
    solved = np.linalg.lstsq(apart.T, roots, rcond=None)[0]
    direction = np.insert(solved, pivot, -solved.sum())
    return direction, float((apart @ roots) @ solved)


def _value(gain: Floats, weights: Floats) -> float:
    """Logarithm of the product."""
    if (gain <= 0.0).any():
        return -np.inf
    return float(weights @ np.log(gain))


def fewest(shares: Floats, gains: Floats) -> Floats:
    """The same gains (J, N) from as few of J lotteries as Carathéodory's theorem allows."""
    shares = np.where(shares > _DUST, shares, 0.0)
    shares /= shares.sum()
    while True:
        used = np.flatnonzero(shares > 0.0)
        held = np.column_stack((gains[used], np.ones(len(used))))
        if len(used) <= np.linalg.matrix_rank(held):
            return shares
        idle = np.linalg.svd(held.T)[2][-1]
        idle = idle if idle.max() >= -idle.min() else -idle
        rising = idle > 1e-12
        ratios = np.full(len(used), np.inf)
        ratios[rising] = shares[used][rising] / idle[rising]
        least = int(np.argmin(ratios))
        shares[used] -= ratios[least] * idle
        shares[used[least]] = 0.0
        shares = np.maximum(shares, 0.0)
        shares /= shares.sum()
