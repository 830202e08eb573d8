"""Whether and when all gates of an arrangement have been granted, drawn many times.

Success may be rare: fifteen gates at a half leave one draw in 33,000. So each draw is made on
condition that every gate opens, and carries as weight the probability that they all do. Without
correlations this weight is the same for all draws, the product of the probabilities, and only *when*
is left to chance; with them it follows from the scores drawn. A second set of plain draws, in which
gates fail, says how often each gate is granted at all.

One score per gate settles whether and when: the gate opens if its uniform lies below its
probability, the sooner the lower. A correlation between two gates is that of the normal scores of
their dates, where never is the last date of all (a Gaussian copula).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from baseload.copula import Correlation, correlation_from
from baseload.distributions import Distribution, DistributionError
from baseload.draws import draw_inputs, pack
from baseload.gates.kernels import passing, uniforms
from baseload.gates.opinion import Floats, refuse
from baseload.gates.pool import PooledGate
from baseload.gates.timing import Tree, last_of, pass_months, start_of, tree_of
from baseload.randomness import stream_key


@dataclass(frozen=True, eq=False, repr=False)
class Block:
    """The correlated gates of an arrangement.

    Attributes
    ----------
    positions : tuple of int
        Their positions in the tree, in the order of the correlation.
    factor : float64 (K, K)
        Lower Cholesky factor.
    draws : float64 (N, K)
        Their uniforms.
    """

    positions: tuple[int, ...]
    factor: Floats
    draws: Floats

    def passing(self, probabilities: Sequence[float]) -> tuple[Floats, Floats]:
        """Fractions (N, K) and weights (N,) of draws in which all of them pass."""
        limits = np.array([probabilities[i] for i in self.positions])
        fractions = np.empty_like(self.draws)
        weights = np.empty(len(self.draws))
        passing(self.draws, limits, self.factor, np.empty(len(limits)), fractions, weights)
        return fractions, weights


@dataclass(frozen=True, eq=False, repr=False)
class Passage:
    """Draws of one arrangement in which every gate is granted, and what they weigh.

    House letters: N draws, G gates in the order of the tree.

    Attributes
    ----------
    tree : Tree
        The gates.
    as_of : date
        The day from which months count.
    horizon_months : float
        What comes later counts as never. [months]
    waits : list of float64 (N,)
        Each gate's months after the last of its parents.
    passed : list of float64 (N,)
        Months after the as-of date at which each is granted.
    start : float64 (N,)
        Months after the as-of date at which the last is.
    lapse : float64 (N,)
        Months at which the first of them lapses; infinite where none does.
    block : Block or None
        The correlated gates.
    block_weights : float64 (N,)
        Probability that all of these pass, given the scores drawn; 1 without any.
    plain : list of float64 (N,)
        In draws in which gates may fail: months at which each is granted, infinite for never.
    """

    tree: Tree
    as_of: date
    horizon_months: float
    waits: list[Floats]
    passed: list[Floats]
    start: Floats
    lapse: Floats
    block: Block | None
    block_weights: Floats
    plain: list[Floats]

    @property
    def draws(self) -> int:
        """N."""
        return len(self.start)

    @property
    def weights(self) -> Floats:
        """Probability that all gates pass, given the scores drawn (N,)."""
        return self.block_weights * outside_block(self.tree, self.block, self.tree.probabilities)

    @property
    def starts(self) -> npt.NDArray[np.bool_]:
        """Whether all gates stand open together within the horizon, on condition that all open (N,)."""
        return (self.start <= self.horizon_months) & (self.start < self.lapse)


class _Luck:
    """Uniforms and months by gate, made once for all arrangements."""

    def __init__(self, draws: int, seed: int) -> None:
        self.draws, self.seed = draws, seed
        self._uniforms: dict[tuple[str, str], Floats] = {}
        self._waits: dict[str, Floats] = {}

    def uniforms(self, name: str, what: str) -> Floats:
        """One uniform a draw (N,)."""
        if (name, what) not in self._uniforms:
            drawn = np.empty(self.draws)
            uniforms(stream_key(self.seed, f"gates.{name}.{what}"), drawn)
            self._uniforms[name, what] = drawn
        return self._uniforms[name, what]

    def waits(self, gate: PooledGate) -> Floats:
        """Months of a gate that is correlated with none, on condition that it opens (N,)."""
        if gate.name not in self._waits:
            self._waits[gate.name] = waits_of(gate, self.uniforms(gate.name, "when"))
        return self._waits[gate.name]

    def correlated(self, names: Sequence[str], correlation: Correlation) -> Floats:
        """Uniforms of the gates of a block, correlated (N, K)."""
        keys = [stream_key(self.seed, f"gates.{name}.when") for name in names]
        table = pack([Distribution("uniform", (0.0, 1.0))] * len(names))
        among = Correlation(np.arange(len(names)), correlation.factor)
        return draw_inputs(table, np.array(keys, np.uint64), among, 0, self.draws)


def draw_passage(
    gates: Sequence[PooledGate],
    arrangement: str,
    *,
    as_of: date,
    horizon_years: float = 20.0,
    correlations: Mapping[tuple[str, str], float] | None = None,
    draws: int = 20_000,
    seed: int = 0,
) -> Passage:
    """Draw when the gates of an arrangement are granted.

    A draw depends on the seed, the gate's name and its own number alone, so that arrangements meet
    the same luck, and gates added or left out change no other. A gate that lapses before the last
    one is granted ends the attempt: there is no second one.

    Parameters
    ----------
    gates : sequence of PooledGate
        All of the scenario.
    arrangement : str
        Those with `only_for` elsewhere are left out.
    as_of : date
        The day of the opinions.
    horizon_years : float
        Above 0 and up to 100.
    correlations : mapping of (str, str) to float, optional
        Between gates of which none hangs on the other.
    draws : int
        N, 1 or more.
    seed : int
        Any whole number.

    Returns
    -------
    Passage
        The draws.

    Raises
    ------
    InputError
        For arguments out of range, gates that form no tree, correlations that cannot hold together.
    """
    return draw_passages(
        gates,
        [arrangement],
        as_of=as_of,
        horizon_years=horizon_years,
        correlations=correlations,
        draws=draws,
        seed=seed,
    )[arrangement]


def draw_passages(
    gates: Sequence[PooledGate],
    arrangements: Sequence[str],
    *,
    as_of: date,
    horizon_years: float = 20.0,
    correlations: Mapping[tuple[str, str], float] | None = None,
    draws: int = 20_000,
    seed: int = 0,
) -> dict[str, Passage]:
    """What `draw_passage` gives for each of several arrangements; what they share is drawn once.

    Parameters
    ----------
    gates : sequence of PooledGate
        From `pool_gates`.
    arrangements : sequence of str
        Each is drawn with the gates that it needs.
    as_of, horizon_years, correlations, draws, seed
        As in `draw_passage`.

    Returns
    -------
    dict of str to Passage
        By arrangement.

    Raises
    ------
    InputError
        As `draw_passage`.
    """
    if isinstance(draws, bool) or not isinstance(draws, int) or draws < 1:
        refuse("draws", repr(draws), "a whole number of 1 or more")
    if isinstance(seed, bool) or not isinstance(seed, int):
        refuse("seed", repr(seed), "a whole number")
    if isinstance(horizon_years, bool) or not 0.0 < horizon_years <= 100.0:
        refuse("horizon_years", repr(horizon_years), "a number above 0 and up to 100")
    luck = _Luck(draws, seed)
    return {
        arrangement: _passage(
            tree_of(gates, arrangement), correlations or {}, luck, as_of, 12.0 * horizon_years
        )
        for arrangement in arrangements
    }


def _passage(
    tree: Tree,
    correlations: Mapping[tuple[str, str], float],
    luck: _Luck,
    as_of: date,
    horizon_months: float,
) -> Passage:
    draws = luck.draws
    correlation = _correlation(tree, correlations)
    block = None
    weights = np.ones(draws)
    waits = [luck.waits(gate) for gate in tree.gates]
    plain = [luck.uniforms(name, "when") for name in tree.names]
    if correlation is not None:
        positions = tuple(int(i) for i in correlation.columns)
        block = Block(positions, correlation.factor, np.stack([plain[i] for i in positions], 1))
        fractions, weights = block.passing(tree.probabilities)
        together = luck.correlated([tree.names[i] for i in positions], correlation)
        for k, i in enumerate(positions):
            waits[i] = waits_of(tree.gates[i], fractions[:, k])
            plain[i] = together[:, k]
    passed = pass_months(tree, waits, draws)
    lapse = np.full(draws, np.inf)
    for gate, opened in zip(tree.gates, passed, strict=True):
        if gate.lasts_months is not None:
            held = gate.lasts_months.at(luck.uniforms(gate.name, "lasts"))
            lapse = np.minimum(lapse, opened + held)
    return Passage(
        tree=tree,
        as_of=as_of,
        horizon_months=horizon_months,
        waits=waits,
        passed=passed,
        start=start_of(tree, passed, draws),
        lapse=lapse,
        block=block,
        block_weights=weights,
        plain=_plain(tree, plain, draws),
    )


def outside_block(tree: Tree, block: Block | None, probabilities: Sequence[float]) -> float:
    """Probability that all gates pass that are not correlated with any other."""
    inside = () if block is None else block.positions
    product = 1.0
    for i in range(len(tree.gates)):
        if i not in inside:
            product *= probabilities[i]
    return product


def waits_of(gate: PooledGate, fractions: Floats) -> Floats:
    """Months of a gate that is granted, from where its score lies below its probability (N,).

    A gate that nobody gives a chance has no months: what would let it open would do so at once.
    """
    if gate.months is None:
        return np.zeros(len(fractions))
    return gate.months.at(fractions)


def _correlation(tree: Tree, correlations: Mapping[tuple[str, str], float]) -> Correlation | None:
    """Those among the arrangement's gates that are not 0; parts of what holds together do too."""
    pairs = {
        pair: rho
        for pair, rho in correlations.items()
        if rho != 0.0 and all(name in tree.names for name in pair)
    }
    if not pairs:
        return None
    try:
        return correlation_from(pairs, tree.names)
    except DistributionError as error:
        refuse("correlations", error.found, error.allowed, nearest=error.nearest or "")


def _plain(tree: Tree, drawn: Sequence[Floats], draws: int) -> list[Floats]:
    """When each gate is granted in draws where it may fail; infinite for never."""
    passed: list[Floats] = []
    for i, gate in enumerate(tree.gates):
        limit: Floats = np.full(draws, gate.probability)
        if tree.given[i] >= 0:
            has_passed = np.isfinite(passed[tree.given[i]])
            limit = np.where(has_passed, gate.probability_if_given, gate.probability)
        opens = drawn[i] < limit
        fractions = np.divide(drawn[i], limit, out=np.zeros(draws), where=opens)
        wait = np.where(opens, waits_of(gate, fractions), np.inf)
        passed.append(wait + last_of([passed[parent] for parent in tree.needs[i]], draws))
    return passed
