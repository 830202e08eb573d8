"""Which red lines an arrangement crosses, whatever is paid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from baseload.engine.outputs import METRIC_NAMES
from baseload.errors import Fault, InputError, raise_all
from baseload.expression import STANDARD, Expression, Function, Kind, Value, check, evaluate, parse
from baseload.expression.values import Numbers
from baseload.parties.schema import IDLE, Accord, Arrangement, State

if TYPE_CHECKING:  # a scenario's red lines are checked without a compiler
    from baseload.agreement.payoffs import Payoff
    from baseload.agreement.simulated import Simulated

OF_THE_ARRANGEMENT: Mapping[str, Kind] = {
    "arrangement": "text",
    "operator": "text",
    "licence": "text",
    "configuration": "text",
    "members": "texts",
    "consents": "texts",
}


def red_line_faults(accord: Accord) -> list[Fault]:
    """Red lines that ask for what no arrangement or result is called."""
    return [fault for _, fault in _checked(accord)]


def check_red_lines(accord: Accord) -> None:
    """Raise `InputError` with every red line that cannot be judged."""
    raise_all(red_line_faults(accord))


def _checked(accord: Accord) -> Iterator[tuple[Expression, Fault]]:
    names = _kinds(accord)
    functions = _functions(accord, {}, None)
    for party in accord.parties:
        for r, line in enumerate(party.red_lines):
            field = f"accord.parties[{party.name}].red_lines.{r}.needs"
            expression = parse(line.needs)
            try:
                kind = check(expression, names, functions)
            except InputError as error:
                for one in error.faults:
                    yield (
                        expression,
                        Fault(
                            None, None, None, field, one.found, one.allowed, one.nearest, one.note
                        ),
                    )
                continue
            if kind != "truth":
                found = f"'{line.needs}', which is no condition"
                allowed = "an expression that is true or false, a comparison for instance"
                yield expression, Fault(None, None, None, field, found, allowed)


def judged(
    accord: Accord,
    arrangement: Arrangement,
    run: Simulated | None,
    payoffs: Mapping[str, Payoff],
) -> list[dict[str, Any]]:
    """Each party's red lines, held to an arrangement.

    Parameters
    ----------
    accord : Accord
    arrangement : Arrangement
    run : Simulated or None
        Of its configuration; None where the plant stays idle.
    payoffs : mapping of str to Payoff
        By party.

    Returns
    -------
    list of dict
        `party`, `line`, `needs`, `source` and `holds`: true, false, or None where it cannot be told,
        since the arrangement does not say or a result has no value. A condition over paths holds
        where it does on all of them.
    """
    known = _kinds(accord)
    values = _values(accord, arrangement, run)
    functions = _functions(accord, payoffs, arrangement)
    found = []
    for party in accord.parties:
        for line in party.red_lines:
            expression = parse(line.needs)
            missing = [name for name in expression.names if name in known and name not in values]
            holds = None if missing else _holds(evaluate(expression, values, functions))
            found.append(
                {
                    "party": party.name,
                    "line": line.line,
                    "needs": line.needs,
                    "source": line.source,
                    "holds": holds,
                }
            )
    return found


def _holds(value: Value | None) -> bool | None:
    true = getattr(value, "true", None)
    if true is not None:
        false = getattr(value, "false")  # noqa: B009
        return bool(true.all()) if true.all() or false.any() else None
    return value if isinstance(value, bool) else None


def _kinds(accord: Accord) -> dict[str, Kind]:
    kinds: dict[str, Kind] = dict(OF_THE_ARRANGEMENT)
    kinds.update(dict.fromkeys(METRIC_NAMES, "number"))
    for arrangement in accord.arrangements:
        for key, value in arrangement.state.items():
            kinds.setdefault(f"state.{key}", _kind(value))
    return kinds


def _kind(value: State) -> Kind:
    if isinstance(value, bool):
        return "truth"
    return "text" if isinstance(value, str) else "number"


def _values(accord: Accord, arrangement: Arrangement, run: Simulated | None) -> dict[str, Value]:
    values: dict[str, Value] = {
        "arrangement": arrangement.name,
        "operator": arrangement.operator,
        "licence": arrangement.licence,
        "configuration": arrangement.configuration,
        "members": frozenset(arrangement.members),
        "consents": frozenset(arrangement.consents),
    }
    for key, value in arrangement.state.items():
        values[f"state.{key}"] = value
    if run is not None and arrangement.configuration != IDLE:
        for name in METRIC_NAMES:
            values[name] = run.metric(name)
    return values


def _functions(
    accord: Accord, payoffs: Mapping[str, Payoff], arrangement: Arrangement | None
) -> dict[str, Function]:
    """The standard functions, and what a party gets."""
    parties = {0: accord.party_names}

    def payoff(name: str) -> Numbers:
        return _number(payoffs[name].mean_usd)

    def share(name: str) -> Numbers:
        terms = arrangement.terms if arrangement is not None else None
        if terms is None or terms.shares is None:
            return _number(float("nan"))
        return _number(float(terms.shares.get(name, 0)))

    return {
        **STANDARD,
        "payoff_of": Function(
            ("text",), "number", payoff, "a party's mean payoff", one_of=parties, unit="USD"
        ),
        "share_of": Function(
            ("text",), "number", share, "a party's share of profit", one_of=parties
        ),
    }


def _number(value: float) -> Numbers:
    array = np.asarray(value)
    return Numbers(array, array)
