"""The beta function and the quantiles of the beta distribution, to nearly all digits."""

from __future__ import annotations

from functools import lru_cache


def _beta_area(x: float, a: float, b: float) -> float:
    """Integral of t^(a-1) (1-t)^(b-1) from 0 to x: DLMF 8.17.22's hypergeometric series."""
    from baseload.numerics import exp, log

    term = exp(a * log(x) + b * log(1.0 - x)) / a
    total = term
    n = 0
    while term > 1e-17 * total:
        term *= x * (a + b + n) / (a + 1.0 + n)
        total += term
        n += 1
    return total


@lru_cache(maxsize=4096)
def beta_function(a: float, b: float) -> float:
    """Complete beta function, as the two areas on either side of one half.

    Parameters
    ----------
    a, b : float
        Exponents, 1 or more.
    """
    return _beta_area(0.5, a, b) + _beta_area(0.5, b, a)


def beta_quantile(u: float, a: float, b: float) -> float:
    """Quantile of the beta distribution for a, b >= 1, relative error about 1e-13.

    Newton's rule on log(area) over log(x): that curve is concave, so that it climbs to the root
    from the leading term x = (u a B)^(1/a), which lies below.

    Parameters
    ----------
    u : float
        Probability from 0 to 1.
    a, b : float
        Exponents, 1 or more.

    Returns
    -------
    float
        From 0 to 1.
    """
    from baseload.numerics import exp, log

    if u > 0.5:
        return 1.0 - beta_quantile(1.0 - u, b, a)
    if u == 0.0:
        return 0.0
    whole = beta_function(a, b)
    x = exp(log(u * a * whole) / a)
    for _ in range(60):
        area = whole - _beta_area(1.0 - x, b, a) if x > 0.7 else _beta_area(x, a, b)
        slope = exp(a * log(x) + (b - 1.0) * log(1.0 - x)) / area
        change = log(u * whole / area) / slope
        x *= exp(change)
        if abs(change) < 1e-14:
            break
    return x
