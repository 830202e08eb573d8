"""What the gates of a scenario must be together: one tree, known names, correlations that can hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from baseload.errors import FieldFault, FieldFaults, nearest
from baseload.gates.schema import Gate, GatesPool

GATES: Final = "gates"
POOL: Final = "gates_pool"


def check_gates(
    gates: Sequence[Gate],
    pool: GatesPool | None,
    arrangements: Sequence[str] | None = None,
) -> None:
    """Refuse gates that cannot stand together; for a validator of the whole scenario.

    Parameters
    ----------
    gates : sequence of Gate
        The scenario's `gates`.
    pool : GatesPool or None
        Its `gates_pool`.
    arrangements : sequence of str, optional
        Names that `only_for` may use; None: any.

    Raises
    ------
    FieldFaults
        All that is wrong, each `at` its place below the scenario.
    """
    if pool is None:
        if gates:
            raise FieldFaults(
                FieldFault(
                    at=(GATES,),
                    found="gates without [gates_pool]",
                    allowed="a section gates_pool with as_of, the day the opinions are of",
                )
            )
        return
    faults = [*_names(gates, arrangements), *_opinions(gates, pool), *_pairs(gates, pool)]
    if not faults:
        # Only where every name is known can one follow parents.
        faults = [*_cycle(gates), *_conditional_pairs(gates, pool)]
    if not faults:
        faults = [*_together(gates, pool)]
    if faults:
        raise FieldFaults(*faults)


def _names(gates: Sequence[Gate], arrangements: Sequence[str] | None) -> Iterator[FieldFault]:
    names = [gate.name for gate in gates]
    for i, gate in enumerate(gates):
        if gate.name in names[:i]:
            yield FieldFault(
                at=(GATES, i, "name"), found=f"'{gate.name}' twice", allowed="each name once"
            )
        if "~" in gate.name:
            yield FieldFault(
                at=(GATES, i, "name"),
                found=f"'{gate.name}'",
                allowed="a name without ~, which stands between two gates",
            )
        for j, parent in enumerate(gate.needs):
            if parent not in names:
                yield _unknown((GATES, i, "needs", j), parent, names)
        for j, opinion in enumerate(gate.opinions):
            for parent in opinion.probability_given:
                at = (GATES, i, "opinions", j, "probability_given", parent)
                if parent not in names:
                    yield _unknown(at, parent, names)
                elif parent in gate.needs:
                    yield FieldFault(
                        at=at,
                        found=f"'{parent}', which the gate needs",
                        allowed="another gate: `probability` counts once what it needs has passed",
                    )
                elif parent != gate.given:
                    yield FieldFault(
                        at=at,
                        found=f"'{parent}' beside '{gate.given}'",
                        allowed="one gate for all opinions on a gate",
                    )
        for j, arrangement in enumerate(gate.only_for or []):
            if arrangements is not None and arrangement not in arrangements:
                yield _unknown((GATES, i, "only_for", j), arrangement, arrangements, "arrangement")


def _unknown(
    at: tuple[str | int, ...], name: str, names: Sequence[str], kind: str = "gate"
) -> FieldFault:
    return FieldFault(
        at=at,
        found=f"'{name}'",
        allowed=f"the name of {'an' if kind[0] in 'aeiou' else 'a'} {kind}",
        nearest=nearest(name, names),
    )


def _opinions(gates: Sequence[Gate], pool: GatesPool) -> Iterator[FieldFault]:
    answered = [set(seed.answers) for seed in pool.seeds]
    for i, gate in enumerate(gates):
        at: tuple[str | int, ...] = (GATES, i, "opinions")
        sources = [opinion.by for opinion in gate.opinions]
        for j, source in enumerate(sources):
            if source in sources[:j]:
                yield FieldFault(
                    at=(*at, j, "by"), found=f"'{source}' twice", allowed="one opinion a source"
                )
            if pool.weights == "cooke" and not all(source in names for names in answered):
                known = [name for name in answered[0] if all(name in one for one in answered)]
                yield FieldFault(
                    at=(*at, j, "by"),
                    found=f"'{source}', who has not answered every seed question",
                    allowed="sources who have, or weights = 'stated'",
                    nearest=nearest(source, known),
                )
        counted = [o for o in gate.opinions if o.weight > 0.0 or pool.weights == "cooke"]
        if not counted:
            yield FieldFault(
                at=at, found="no weight above 0", allowed="one weight above 0 at least"
            )
            continue
        chances = [[o.probability for o in counted], [o.if_given or o.probability for o in counted]]
        if all(points.high == 0.0 for side in chances for points in side):
            continue
        if all(opinion.months is None for opinion in counted):
            yield FieldFault(
                at=at,
                found="no months in any opinion",
                allowed="months in one at least, where the gate may be granted",
            )
        for side in chances:
            ends = {points.low for points in side if points.low == points.high}
            if pool.method != "linear" and {0.0, 1.0} <= ends:
                yield FieldFault(
                    at=at,
                    found="0 from one source and 1 from another",
                    allowed=f"opinions not certain of opposites: the pool '{pool.method}' has no answer",
                )
                break


def pairs_of(correlations: Mapping[str, float]) -> dict[tuple[str, str], float]:
    """Correlations by their two gates.

    Parameters
    ----------
    correlations : mapping of str to float
        By ``one gate ~ other gate``, as a scenario writes them; from -1 to 1.

    Returns
    -------
    dict
        The same by pairs of names.

    Examples
    --------
    >>> pairs_of({"consent of one ~ consent of other": 0.3})
    {('consent of one', 'consent of other'): 0.3}
    """
    return {
        (first.strip(), second.strip()): rho
        for pair, rho in correlations.items()
        for first, second in [pair.split("~")]
    }


def _pairs(gates: Sequence[Gate], pool: GatesPool) -> Iterator[FieldFault]:
    names = [gate.name for gate in gates]
    stated: list[set[str]] = []
    for pair, rho in pool.correlations.items():
        at = (POOL, "correlations", pair)
        parts = [part.strip() for part in pair.split("~")]
        if len(parts) != 2 or not all(parts):
            yield FieldFault(at=at, found=f"'{pair}'", allowed="two gates with ~ between them")
            continue
        for part in parts:
            if part not in names:
                yield _unknown(at, part, names)
        if parts[0] == parts[1]:
            yield FieldFault(at=at, found="a gate with itself", allowed="two gates")
        if set(parts) in stated:
            yield FieldFault(at=at, found="this pair twice", allowed="each pair once")
        stated.append(set(parts))
        if not -1.0 <= rho <= 1.0:
            yield FieldFault(at=at, found=f"{rho:g}", allowed="a correlation from -1 to 1")


def parents_of(gate: Gate) -> list[str]:
    """What a gate hangs on: what it needs, and what its probability is given."""
    return [*gate.needs, *([gate.given] if gate.given is not None else [])]


def _cycle(gates: Sequence[Gate]) -> Iterator[FieldFault]:
    """The first circle of gates that wait for one another."""
    by_name = {gate.name: (i, gate) for i, gate in enumerate(gates)}
    done: set[str] = set()
    for start in by_name:
        # Depth first without recursion: a chain may be long.
        path: list[str] = [start]
        waiting = [iter(parents_of(by_name[start][1]))]
        while waiting and start not in done:
            parent = next(waiting[-1], None)
            if parent is None:
                waiting.pop()
                done.add(path.pop())
            elif parent in path:
                circle = [*path[path.index(parent) :], parent]
                yield FieldFault(
                    at=(GATES, by_name[parent][0]),
                    found="a circle: " + " waits for ".join(f"'{name}'" for name in circle),
                    allowed="gates of which none waits for itself",
                )
                return
            elif parent not in done:
                path.append(parent)
                waiting.append(iter(parents_of(by_name[parent][1])))


def ancestors(gates: Sequence[Gate]) -> dict[str, set[str]]:
    """All that each gate hangs on, directly or not, for gates without a circle."""
    by_name = {gate.name: gate for gate in gates}
    found: dict[str, set[str]] = {}
    for name in by_name:
        seen: set[str] = set()
        waiting = parents_of(by_name[name])
        while waiting:
            parent = waiting.pop()
            if parent not in seen:
                seen.add(parent)
                waiting.extend(parents_of(by_name[parent]))
        found[name] = seen
    return found


def _conditional_pairs(gates: Sequence[Gate], pool: GatesPool) -> Iterator[FieldFault]:
    """A probability that already counts given a gate may not be correlated with it once more."""
    if not pool.correlations or any(_cycle(gates)):
        return
    above = ancestors(gates)
    for pair, rho in pool.correlations.items():
        ((first, second),) = pairs_of({pair: rho})
        if rho != 0.0 and (first in above[second] or second in above[first]):
            yield FieldFault(
                at=(POOL, "correlations", pair),
                found="a gate with one that it hangs on",
                allowed="gates of which none hangs on the other",
                note="the probability of the later one already counts given the earlier",
            )


def _together(gates: Sequence[Gate], pool: GatesPool) -> Iterator[FieldFault]:
    if not pool.correlations:
        return
    # Compiled code is imported here alone, and only where something is correlated.
    from baseload.copula import correlation_from
    from baseload.distributions import DistributionError

    try:
        correlation_from(pairs_of(pool.correlations), [gate.name for gate in gates])
    except DistributionError as error:
        yield FieldFault(
            at=(POOL, "correlations"),
            found=error.found,
            allowed=error.allowed,
            nearest=error.nearest or "",
        )
