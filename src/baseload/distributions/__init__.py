"""The eight distributions that any scalar of a scenario may have, and how a scenario writes them.

They are read and described one at a time, in plain Python: a scenario is loaded without the
compiler. `draws` packs many of them for the compiled loop.
"""

from baseload.distributions.beta import beta_function, beta_quantile
from baseload.distributions.distribution import (
    KINDS,
    NORMAL_SCORE_OF_P95,
    Distribution,
    normal_terms,
    pert_shape,
)
from baseload.distributions.reading import DistributionError, parse_distribution

__all__ = [
    "KINDS",
    "NORMAL_SCORE_OF_P95",
    "Distribution",
    "DistributionError",
    "beta_function",
    "beta_quantile",
    "normal_terms",
    "parse_distribution",
    "pert_shape",
]
