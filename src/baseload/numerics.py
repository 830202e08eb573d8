"""Own elementary functions: the same bytes on every processor.

The functions of a C library and numpy's vector loops differ in the last digit between processors
and versions. These use only + - * / sqrt, comparisons and integer operations, all of which IEEE 754
and the integers define exactly, and tables that decimal and integer arithmetic make at import.

The exponential and the logarithm reduce their argument to a small interval through a table and sum
a short Taylor series there, after [1]_ and [2]_.

References
----------
.. [1] Tang, P. T. P. (1989), Table-driven implementation of the exponential function in IEEE
   floating-point arithmetic, ACM TOMS 15(2), https://doi.org/10.1145/63522.214389
.. [2] Tang, P. T. P. (1990), Table-driven implementation of the logarithm function in IEEE
   floating-point arithmetic, ACM TOMS 16(4), https://doi.org/10.1145/98267.98294
"""

from __future__ import annotations

from decimal import Context, Decimal

import numpy as np
import numpy.typing as npt

from baseload.compiled import kernel, small_kernel

Floats = npt.NDArray[np.float64]

_DIGITS = Context(prec=45)
_LN2 = _DIGITS.ln(Decimal(2))

# --- tables of the exponential: 2 ** (i / 64) as a sum of two floats -----------------------------


def _rounded_down_to_bits(value: Decimal, bits: int) -> float:
    """Nearest multiple of 2 ** -bits; products with integers below 2 ** (53 - bits) are exact."""
    scale = Decimal(2) ** bits
    return float(int(_DIGITS.multiply(value, scale).to_integral_value())) * 2.0**-bits


def _remainder(value: Decimal, high: float) -> float:
    return float(_DIGITS.subtract(value, Decimal(high)))


def _powers_of_the_64th_root() -> tuple[Floats, Floats]:
    exact = [_DIGITS.power(Decimal(2), Decimal(i) / 64) for i in range(64)]
    high = [float(value) for value in exact]
    low = [_remainder(value, part) for value, part in zip(exact, high, strict=True)]
    return np.array(high), np.array(low)


_ROOT_HIGH, _ROOT_LOW = _powers_of_the_64th_root()
_SIXTY_FOUR_PER_LN2 = float(_DIGITS.divide(Decimal(64), _LN2))
# The index goes up to 64 * 1,075 < 2 ** 17, so that 36 significant bits keep its product exact.
_STEP_HIGH = _rounded_down_to_bits(_LN2 / 64, 42)
_STEP_LOW = _remainder(_DIGITS.divide(_LN2, Decimal(64)), _STEP_HIGH)
# Adding and taking away 1.5 * 2 ** 52 rounds to the nearest integer.
_ROUNDER = 6755399441055744.0
_OVERFLOW_ABOVE = 709.782712893384
_UNDERFLOW_BELOW = -745.1332191019412

# --- tables of the logarithm: 1 / c for 128 intervals of [0.6875, 1.375) --------------------------


def _logarithm_tables() -> tuple[Floats, Floats, Floats]:
    inverses, highs, lows = [], [], []
    for i in range(128):
        # Bits of 0.6875 are 0x3FE6 << 48; each interval spans 2 ** 45 of the bit pattern.
        first = np.int64((0x3FE6 << 48) + (i << 45)).view(np.float64)
        last = np.int64((0x3FE6 << 48) + ((i + 1) << 45)).view(np.float64)
        # Nine bits after the point keep the product with the upper half of the argument exact.
        inverse = round(512.0 * 2.0 / float(first + last)) / 512.0
        if float(first) == 1.0 or float(last) == 1.0:
            # Around 1 the reduced argument is x - 1 itself, so that no digits cancel.
            inverse = 1.0
        exact = -_DIGITS.ln(Decimal(inverse))
        high = _rounded_down_to_bits(exact, 42)
        inverses.append(inverse)
        highs.append(high)
        lows.append(_remainder(exact, high))
    return np.array(inverses), np.array(highs), np.array(lows)


_INVERSE, _LOG_HIGH, _LOG_LOW = _logarithm_tables()
_LN2_HIGH = _rounded_down_to_bits(_LN2, 42)
_LN2_LOW = _remainder(_LN2, _LN2_HIGH)
_UPPER_HALF = np.int64(-(1 << 32))
_LOG_OFFSET = np.int64(0x3FE6 << 48)
_SMALLEST_NORMAL = 2.0**-1022


@kernel
def exp(x: float) -> float:
    """e to the power `x`, within 0.52 units in the last place.

    Parameters
    ----------
    x : float
        Any number; above 709.78 the result is infinite, below -745.13 zero.

    Returns
    -------
    float
        The exponential; nan for nan.

    Examples
    --------
    >>> exp(0.0), exp(1.0)
    (1.0, 2.718281828459045)
    """
    if not (_UNDERFLOW_BELOW <= x <= _OVERFLOW_ABOVE):
        if x > 0.0:
            return np.inf
        if x < 0.0:
            return 0.0
        return x
    steps = (x * _SIXTY_FOUR_PER_LN2 + _ROUNDER) - _ROUNDER
    count = np.int64(steps)
    r = (x - steps * _STEP_HIGH) - steps * _STEP_LOW
    i = count & 63
    exponent = count >> 6
    square = r * r
    series = r + square * (
        (0.5 + r * (1.0 / 6.0)) + square * ((1.0 / 24.0) + r * (1.0 / 120.0) + square / 720.0)
    )
    high = _ROOT_HIGH[i]
    value = high + (_ROOT_LOW[i] + high * series)
    if -1022 <= exponent < 1024:
        return float(value * np.int64((exponent + 1023) << 52).view(np.float64))
    if exponent >= 1024:
        return float(value * 2.0 * np.int64((exponent + 1022) << 52).view(np.float64))
    # Subnormal results: one exact scaling and one that rounds.
    scale = np.int64((exponent + 1023 + 64) << 52).view(np.float64)
    return float(value * scale * 2.0**-64)


@kernel
def log(x: float) -> float:
    """Natural logarithm of `x`, within 0.52 units in the last place.

    Parameters
    ----------
    x : float
        A number; zero gives minus infinity, a number below zero nan.

    Returns
    -------
    float
        The logarithm; nan for nan.

    Examples
    --------
    >>> log(1.0), log(2.718281828459045)
    (0.0, 1.0)
    """
    scaled = np.float64(x)
    doublings = 0.0
    if not (_SMALLEST_NORMAL <= x < np.inf):
        if x == 0.0:
            return -np.inf
        if x < 0.0:
            return np.nan
        if not x < np.inf:
            return x
        scaled = np.float64(x * 2.0**54)
        doublings = -54.0
    pattern = np.float64(scaled).view(np.int64)
    offset = pattern - _LOG_OFFSET
    i = (offset >> 45) & 127
    exponent = offset >> 52
    pattern -= exponent << 52
    z = np.int64(pattern).view(np.float64)
    z_high = np.int64(pattern & _UPPER_HALF).view(np.float64)
    inverse = _INVERSE[i]
    r = (z_high * inverse - 1.0) + (z - z_high) * inverse
    doublings += np.float64(exponent)
    coarse = doublings * _LN2_HIGH + _LOG_HIGH[i]
    high = coarse + r
    low = (coarse - high) + r + (doublings * _LN2_LOW + _LOG_LOW[i])
    square = r * r
    tail = (1.0 / 3.0 - r * 0.25) + square * (
        (0.2 - r * (1.0 / 6.0)) + square * ((1.0 / 7.0) - r * 0.125)
    )
    return float(high + (low + (square * (r * tail - 0.5))))


@kernel
def power(x: float, y: float) -> float:
    """`x` to the power `y` for x >= 0, as the exponential of y log x.

    Parameters
    ----------
    x : float
        Base, zero or more; below zero the result is nan (unless `y` is zero).
    y : float
        Exponent.

    Returns
    -------
    float
        The power. Its relative error is at most about (1 + |y log x|) * 2e-16.

    Examples
    --------
    >>> power(2.0, 0.0), power(0.0, 2.0)
    (1.0, 0.0)
    """
    if y == 0.0:
        return 1.0
    return exp(y * log(x))


@kernel
def tail_quantile(r: float) -> float:
    """Normal quantile where a probability of exp(-r^2), below 0.075, lies above it (AS 241, see `inverse_normal`)."""
    if r <= 5.0:
        r -= 1.6
        numerator = 7.7454501427834140764e-4 * r + 0.0227238449892691845833
        numerator = numerator * r + 0.24178072517745061177
        numerator = numerator * r + 1.27045825245236838258
        numerator = numerator * r + 3.64784832476320460504
        numerator = numerator * r + 5.7694972214606914055
        numerator = numerator * r + 4.6303378461565452959
        numerator = numerator * r + 1.42343711074968357734
        denominator = 1.05075007164441684324e-9 * r + 5.475938084995344946e-4
        denominator = denominator * r + 0.0151986665636164571966
        denominator = denominator * r + 0.14810397642748007459
        denominator = denominator * r + 0.68976733498510000455
        denominator = denominator * r + 1.6763848301838038494
        denominator = denominator * r + 2.05319162663775882187
        denominator = denominator * r + 1.0
    else:
        r -= 5.0
        numerator = 2.01033439929228813265e-7 * r + 2.71155556874348757815e-5
        numerator = numerator * r + 0.0012426609473880784386
        numerator = numerator * r + 0.026532189526576123093
        numerator = numerator * r + 0.29656057182850489123
        numerator = numerator * r + 1.7848265399172913358
        numerator = numerator * r + 5.4637849111641143699
        numerator = numerator * r + 6.6579046435011037772
        denominator = 2.04426310338993978564e-15 * r + 1.4215117583164458887e-7
        denominator = denominator * r + 1.8463183175100546818e-5
        denominator = denominator * r + 7.868691311456132591e-4
        denominator = denominator * r + 0.0148753612908506148525
        denominator = denominator * r + 0.13692988092273580531
        denominator = denominator * r + 0.59983220655588793769
        denominator = denominator * r + 1.0
    return float(numerator / denominator)


@kernel
def inverse_normal(u: float) -> float:
    """Standard normal quantile, relative error about 1e-15 [1]_.

    Parameters
    ----------
    u : float
        Probability; 0 and 1 give the infinities, numbers outside nan.

    Returns
    -------
    float
        z with Phi(z) = u.

    References
    ----------
    .. [1] Wichura, M. J. (1988), Algorithm AS 241: the percentage points of the normal
       distribution, Applied Statistics 37(3), https://doi.org/10.2307/2347330 (PPND16).

    Examples
    --------
    >>> inverse_normal(0.5)
    0.0
    """
    q = u - 0.5
    if -0.425 <= q <= 0.425:
        r = 0.180625 - q * q
        numerator = 2509.0809287301226727 * r + 33430.575583588128105
        numerator = numerator * r + 67265.770927008700853
        numerator = numerator * r + 45921.953931549871457
        numerator = numerator * r + 13731.693765509461125
        numerator = numerator * r + 1971.5909503065514427
        numerator = numerator * r + 133.14166789178437745
        numerator = numerator * r + 3.387132872796366608
        denominator = 5226.495278852854561 * r + 28729.085735721942674
        denominator = denominator * r + 39307.89580009271061
        denominator = denominator * r + 21213.794301586595867
        denominator = denominator * r + 5394.1960214247511077
        denominator = denominator * r + 687.1870074920579083
        denominator = denominator * r + 42.313330701600911252
        denominator = denominator * r + 1.0
        return q * numerator / denominator
    tail = u if q < 0.0 else 1.0 - u
    if not tail > 0.0:
        if tail == 0.0:
            return -np.inf if q < 0.0 else np.inf
        return np.nan
    z = tail_quantile(np.sqrt(-log(tail)))
    return -z if q < 0.0 else z


@kernel
def normal_cdf(x: float) -> float:
    """Standard normal distribution function, absolute error below 1e-15 [1]_ [2]_.

    The relative error in the lower tail is below 1e-8.

    Parameters
    ----------
    x : float
        Any number.

    Returns
    -------
    float
        Phi(x); nan for nan.

    References
    ----------
    .. [1] Hart, J. F. et al. (1968), Computer Approximations, Wiley, algorithm 5666 for erfc.
    .. [2] West, G. (2005), Better approximations to cumulative normal functions, Wilmott Magazine
       9, 70-76.

    Examples
    --------
    >>> normal_cdf(0.0)
    0.5
    """
    distance = x if x >= 0.0 else -x
    if distance > 38.5:
        return 1.0 if x > 0.0 else 0.0
    density = exp(-0.5 * distance * distance)
    if distance < 7.07106781186547:
        numerator = 0.0352624965998911 * distance + 0.700383064443688
        numerator = numerator * distance + 6.37396220353165
        numerator = numerator * distance + 33.912866078383
        numerator = numerator * distance + 112.079291497871
        numerator = numerator * distance + 221.213596169931
        numerator = numerator * distance + 220.206867912376
        denominator = 0.0883883476483184 * distance + 1.75566716318264
        denominator = denominator * distance + 16.064177579207
        denominator = denominator * distance + 86.7807322029461
        denominator = denominator * distance + 296.564248779674
        denominator = denominator * distance + 637.333633378831
        denominator = denominator * distance + 793.826512519948
        denominator = denominator * distance + 440.413735824752
        tail = density * numerator / denominator
    else:
        fraction = distance + 0.65
        fraction = distance + 4.0 / fraction
        fraction = distance + 3.0 / fraction
        fraction = distance + 2.0 / fraction
        fraction = distance + 1.0 / fraction
        tail = density / fraction / 2.506628274631000502
    return 1.0 - tail if x > 0.0 else tail


# --- table of the normal quantile: cubics in 512 cells of the upper half -------------------------

_QUANTILE_CELLS = 512
# Beyond this cell the quantile bends too much for a cubic, and the function itself is taken.
_LAST_CELL = _QUANTILE_CELLS - 8
_ROOT_TWO_PI = 2.5066282746310002
_FEWER_DIGITS = Context(prec=22)


def _upper_quantile(u: float) -> float:
    """The quantile at u >= 1/2 as `inverse_normal` has it, without a compiled function."""
    if u <= 0.925:
        return float(inverse_normal.py_func(u))  # type: ignore[attr-defined]
    # The same rational functions of r = sqrt(-log(1 - u)), the logarithm by decimal arithmetic.
    r = float(_FEWER_DIGITS.sqrt(-_FEWER_DIGITS.ln(Decimal(1.0 - u))))
    return float(tail_quantile.py_func(r))  # type: ignore[attr-defined]


def _quantile_cubics() -> Floats:
    """Coefficients (cells, 4) of Hermite cubics through quantile and slope at the edges of cells."""
    width = 0.5 / _QUANTILE_CELLS
    edges = [_upper_quantile(0.5 + width * i) for i in range(_LAST_CELL + 1)]
    # dz/du = 1 / phi(z), here over a cell's width.
    slopes = [width * _ROOT_TWO_PI * float(_FEWER_DIGITS.exp(Decimal(z * z / 2.0))) for z in edges]
    table = np.zeros((_LAST_CELL, 4))
    for i in range(_LAST_CELL):
        rise = edges[i + 1] - edges[i]
        table[i, 0] = edges[i]
        table[i, 1] = slopes[i]
        table[i, 2] = 3.0 * rise - 2.0 * slopes[i] - slopes[i + 1]
        table[i, 3] = slopes[i] + slopes[i + 1] - 2.0 * rise
    return table


_QUANTILE = _quantile_cubics()


@small_kernel
def inverse_normal_table(u: float) -> float:
    """Standard normal quantile from a table, absolute error below 2e-6.

    Hermite cubics in cells of 1 / 1024 of probability: at most h^4 / 384 times the fourth derivative,
    which is largest next to the tails; in the outermost 1.6 % of probability `inverse_normal` itself.

    Parameters
    ----------
    u : float
        Probability, strictly between 0 and 1.

    Returns
    -------
    float
        About z with Phi(z) = u.

    Examples
    --------
    >>> inverse_normal_table(0.5)
    0.0
    """
    q = u - 0.5
    place = abs(q) * (2.0 * _QUANTILE_CELLS)
    i = np.int64(place)
    if not i < _LAST_CELL:
        return inverse_normal(u)
    t = place - np.float64(i)
    z = _QUANTILE[i, 0] + t * (_QUANTILE[i, 1] + t * (_QUANTILE[i, 2] + t * _QUANTILE[i, 3]))
    return float(z if q >= 0.0 else -z)


_CDF_STEPS_PER_UNIT = 128.0
_CDF_EDGE = 6.0


def _normal_cdf_knots() -> Floats:
    """Phi at multiples of 1 / 128 from -6 to 6, by a trapezium rule with end corrections.

    The density goes from knot to knot by phi(x + h) = phi(x) exp(-h x) exp(-h h / 2), so that this
    needs no compiled function at import; its error is below 1e-12.
    """
    h = 1.0 / _CDF_STEPS_PER_UNIT
    steps = int(_CDF_EDGE * _CDF_STEPS_PER_UNIT)
    ratio_change = float(_DIGITS.exp(-Decimal(h) * Decimal(h)))
    ratio = float(_DIGITS.exp(-Decimal(h) * Decimal(h) / 2))
    density = 0.3989422804014327
    value = 0.5
    upper = [value]
    for step in range(steps):
        x = step * h
        after = density * ratio
        # Euler-Maclaurin to the third derivative; phi' = -x phi, phi''' = (3 x - x^3) phi.
        slope = -(x + h) * after + x * density
        third = (3.0 * (x + h) - (x + h) ** 3) * after - (3.0 * x - x * x * x) * density
        value += 0.5 * h * (density + after) - h * h / 12.0 * slope + h * h * h * h / 720.0 * third
        upper.append(value)
        density = after
        ratio *= ratio_change
    return np.array([1.0 - value for value in upper[:0:-1]] + upper)


_CDF_KNOTS = _normal_cdf_knots()


@kernel
def normal_cdf_table(x: float) -> float:
    """Standard normal distribution function from a table, absolute error below 2e-6.

    Linear between knots 1 / 128 apart: at most h^2 / 8 times the largest |phi'| of 0.242, 1.9e-6.

    Parameters
    ----------
    x : float
        Any number; beyond 6 either way the value at the edge (1e-9 from 0 or 1).

    Returns
    -------
    float
        About Phi(x); nan for nan.

    Examples
    --------
    >>> normal_cdf_table(0.0)
    0.5
    """
    if not (-_CDF_EDGE < x < _CDF_EDGE):
        if x > 0.0:
            return float(_CDF_KNOTS[-1])
        if x < 0.0:
            return float(_CDF_KNOTS[0])
        return x
    position = (x + _CDF_EDGE) * _CDF_STEPS_PER_UNIT
    i = np.int64(position)
    before = _CDF_KNOTS[i]
    return float(before + (position - np.float64(i)) * (_CDF_KNOTS[i + 1] - before))
