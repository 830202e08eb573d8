"""Counter-based draws: a number from (seed, stream's name, path, index), never from a position.

A stream is known by its name, so that adding, removing or reordering units, batches or inputs
changes no other stream, and two designs meet the same luck (common random numbers). The key of a
stream is a cryptographic hash of seed and name; from key, path and index two rounds of the
SplitMix64 finaliser [1]_ (Stafford's variant 13) make 64 bits. The key enters both rounds: were it
only in the first, two streams could be shifted copies of one another.

References
----------
.. [1] Steele, G. L., Lea, D., Flood, C. H. (2014), Fast splittable pseudorandom number generators,
   OOPSLA, https://doi.org/10.1145/2660193.2660195
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

from baseload.compiled import kernel
from baseload.numerics import exp, inverse_normal, inverse_normal_table, log

GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # 2 ** 64 / golden ratio, made odd
_SILVER = np.uint64(0x6A09E667F3BCC909)  # 2 ** 64 * (sqrt 2 - 1), made odd
_FIRST_FACTOR = np.uint64(0xBF58476D1CE4E5B9)
_SECOND_FACTOR = np.uint64(0x94D049BB133111EB)
_THIRTY = np.uint64(30)
_TWENTY_SEVEN = np.uint64(27)
_THIRTY_ONE = np.uint64(31)
_TWELVE = np.uint64(12)
_ONE = np.uint64(1)

POISSON_EXACT_UP_TO = 16.0
# A multiplication costs a fraction of a division; beyond the table lies less than 1e-60.
_RECIPROCAL = 1.0 / np.arange(1, 129)


def stream_key(seed: int, name: str) -> np.uint64:
    """Key of the stream `name` under `seed`.

    Parameters
    ----------
    seed : int
        Any integer.
    name : str
        Name of the stream, such as ``plant.units.0.outage``.

    Returns
    -------
    numpy.uint64
        First 64 bits of BLAKE2b over the seed in decimal, a zero byte and the name in UTF-8.

    Examples
    --------
    >>> hex(stream_key(1, "price"))
    '0xd6697df0a08695bc'
    """
    message = str(int(seed)).encode() + b"\0" + name.encode()
    return np.uint64(int.from_bytes(hashlib.blake2b(message, digest_size=8).digest(), "little"))


@kernel
def mixed(word: np.uint64) -> np.uint64:
    """Finaliser of SplitMix64: a bijection in which each bit in moves about half the bits out."""
    word = (word ^ (word >> _THIRTY)) * _FIRST_FACTOR
    word = (word ^ (word >> _TWENTY_SEVEN)) * _SECOND_FACTOR
    return word ^ (word >> _THIRTY_ONE)


@kernel
def row_of_path(key: np.uint64, path: int) -> np.uint64:
    """What all draws of one stream and path share."""
    return mixed(np.uint64(key) + (np.uint64(path) + _ONE) * GOLDEN)


@kernel
def bits_of_row(key: np.uint64, row: np.uint64, index: int) -> np.uint64:
    """`bits` of a stream and path whose `row_of_path` is known."""
    return mixed((row + (np.uint64(index) + _ONE) * _SILVER) ^ np.uint64(key))


@kernel
def centre_of_cell(random_bits: np.uint64) -> float:
    """Number strictly between 0 and 1 that 64 bits stand for, see `uniform`."""
    cell = np.int64(random_bits >> _TWELVE)
    return (np.float64(cell) + 0.5) * 2.0**-52


@kernel
def bits(key: np.uint64, path: int, index: int) -> np.uint64:
    """64 random bits of one stream, path and index.

    Parameters
    ----------
    key : numpy.uint64
        Key of the stream from `stream_key`.
    path : int
        Number of the path, from 0.
    index : int
        Number of the draw within path and stream, from 0.

    Returns
    -------
    numpy.uint64
        The bits.
    """
    return bits_of_row(key, row_of_path(key, path), index)


@kernel
def uniform(key: np.uint64, path: int, index: int) -> float:
    """Uniform draw strictly between 0 and 1.

    The upper 52 bits choose one of 2 ** 52 equal cells and the draw is its centre: an odd multiple
    of 2 ** -53. So 0 and 1 never occur, the mean is 1/2 exactly and 1 - u is as likely as u.

    Parameters
    ----------
    key : numpy.uint64
        Key of the stream.
    path : int
        Number of the path.
    index : int
        Number of the draw.

    Returns
    -------
    float
        From 2 ** -53 to 1 - 2 ** -53.
    """
    return centre_of_cell(bits(key, path, index))


@kernel
def normal(key: np.uint64, path: int, index: int) -> float:
    """Standard normal draw: the normal quantile of `uniform` (parameters there)."""
    return inverse_normal(uniform(key, path, index))


@kernel
def normals_from_table(key: np.uint64, path: int, first: int, out: npt.NDArray[np.float64]) -> None:
    """Fill `out` with draws within 2e-6 of `normal`, for what is drawn every day.

    Parameters
    ----------
    key, path
        As of `uniform`.
    first : int
        Number of the first draw; the others follow.
    out : ndarray of float64
    """
    row = row_of_path(key, path)
    for i in range(out.size):
        out[i] = centre_of_cell(bits_of_row(key, row, first + i))
    for i in range(out.size):
        out[i] = inverse_normal_table(out[i])


@kernel
def exponential(key: np.uint64, path: int, index: int) -> float:
    """Exponential draw with mean 1: -log of `uniform` (parameters there)."""
    return -log(uniform(key, path, index))


@kernel
def poisson_quantile(u: float, mean: float) -> int:
    """Smallest count whose Poisson distribution function is at least `u`.

    Up to a mean of 16 the probabilities are summed from zero; beyond u = 1 - 1e-14 rounding may end
    the sum a few counts early. Above, the whole part of Giles's expansion in powers of
    1 / sqrt(mean) around the normal quantile [1]_: one count off in at most 1 of 4,000 draws, as
    often up as down, and ever less often as the mean grows.

    Parameters
    ----------
    u : float
        Probability, strictly between 0 and 1.
    mean : float
        Expected count; zero or less gives 0, nan -1.

    Returns
    -------
    int
        The count.

    References
    ----------
    .. [1] Giles, M. B. (2016), Algorithm 955: approximation of the inverse Poisson cumulative
       distribution function, ACM Trans. Math. Software 42(1), https://doi.org/10.1145/2699466
    """
    if not mean > 0.0:
        return 0 if mean <= 0.0 else -1
    if mean > POISSON_EXACT_UP_TO:
        z = inverse_normal_table(u)
        square = z * z
        root = np.sqrt(mean)
        count = mean + z * root + 1.0 / 3.0 + square / 6.0
        count -= z * (1.0 / 36.0 + square / 72.0) / root
        count += (square * (7.0 / 810.0 + square / 270.0) - 8.0 / 405.0) / mean
        return int(count) if count > 0.0 else 0
    probability = exp(-mean)
    below = probability
    count_so_far = 0
    while below < u and count_so_far < _RECIPROCAL.size:
        probability *= mean * _RECIPROCAL[count_so_far]
        count_so_far += 1
        reached = below + probability
        if reached == below and count_so_far > mean:
            # The rest of the tail is too small to add: the sum has reached 1 but for rounding.
            break
        below = reached
    return count_so_far


@kernel
def poisson(key: np.uint64, path: int, index: int, mean: float) -> int:
    """Poisson draw by inversion of one uniform.

    Parameters
    ----------
    key : numpy.uint64
        Key of the stream.
    path : int
        Number of the path.
    index : int
        Number of the draw.
    mean : float
        Expected count; see `poisson_quantile`.

    Returns
    -------
    int
        The count.
    """
    return poisson_quantile(uniform(key, path, index), mean)
