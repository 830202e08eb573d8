"""What is said of each arrangement, in sentences made from the results: worth it, for whom, what binds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from baseload.summary import NOISE_ERRORS, NOISE_WORDS
from baseload.units import chance_words, human
from baseload.verdict.words import joined, payments_told, proposed

RECOGNITION: Final = (
    "Possession is a fact, not recognition: what follows says what each party can do and has said, and "
    "takes no side on whose plant it is."
)


@dataclass(frozen=True)
class ArrangementVerdict:
    """What a study says of one arrangement.

    Attributes
    ----------
    name : str
    headline : str
        "all would take it", "not worth it", "barred" and the like, with the reason.
    sentences : tuple of (str, str)
        What each is about, and the sentence: exposure, worth, parties, payment, red lines, law,
        after signing, likelihood, what would change it.
    """

    name: str
    headline: str
    sentences: tuple[tuple[str, str], ...]


def verdicts(accord: Mapping[str, Any]) -> tuple[ArrangementVerdict, ...]:
    """A verdict on each arrangement but the one that holds without an agreement.

    Parameters
    ----------
    accord : mapping
        What a study says of its accord: `Study.accord`.
    """
    return tuple(_verdict(accord, one) for one in proposed(accord))


def as_of_sentence(accord: Mapping[str, Any]) -> str:
    """As of which days positions and law were looked for."""
    same = accord["as_of"] == accord["law_as_of"]
    law = "" if same else f", rules of law as of {accord['law_as_of']}"
    return (
        f"Positions as of {accord['as_of']}{law}; where a source is older, nothing newer was found."
    )


def simulated_sentence(accord: Mapping[str, Any]) -> str:
    """How many configurations stand for how many coalitions."""
    return (
        f"{accord['coalitions']} coalitions and {len(accord['arrangements'])} arrangements come to "
        f"{len(accord['configurations'])} configurations beside the idle plant, each simulated once "
        f"on the same {accord['paths']:,} paths."
    )


def _verdict(accord: Mapping[str, Any], one: Mapping[str, Any]) -> ArrangementVerdict:
    sentences = [
        ("exposure", _exposure(accord, one)),
        ("worth", _worth(accord, one)),
        ("for whom", _for_whom(one)),
        ("payment", _payment(one)),
        ("red lines", _red_lines(one)),
        ("law", _law(one)),
        ("after signing", _after_signing(one)),
        ("likelihood", _likelihood(one)),
        ("what would change it", _change(one)),
    ]
    return ArrangementVerdict(
        one["name"], _headline(one), tuple((about, text) for about, text in sentences if text)
    )


def _usd(value: float) -> str:
    return human(value, "USD")


def _headline(one: Mapping[str, Any]) -> str:
    crossed = _crossed(one)
    standing = one["standing"]
    if standing["together"]["says"] == "cannot tell":
        worth = "whether the parties gain by it together cannot be told"
    elif standing["free"]["side_payment_usd"] is None:
        worth = "together the parties lose by it"
    elif standing["allowed"]["side_payment_usd"] is None:
        worth = "worth it together, but no lawful payment makes all accept"
    elif standing["free"]["acceptable"]:
        worth = "nobody loses by it"
    else:
        worth = "worth it together, once the gains are shared"
    elsewhere = standing["together"]["says"] != "cannot tell"
    if elsewhere and any(_lost_in_noise(gain) for gain in one["gains"].values()):
        worth += ", as far as can be told"
    barred = []
    if crossed:
        barred.append(
            f"red lines of {joined(list(dict.fromkeys(line['party'] for line in crossed)))}"
        )
    if one["law"]["blocked"]:
        barred.append("law")
    if barred:
        return f"barred by {joined(barred)}; {worth}"
    return worth


def _exposure(accord: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    found = next(
        (each for each in accord["configurations"] if each["name"] == one["configuration"]), None
    )
    if found is None:
        return "No reactor runs: no exposure is added to that of cold shutdown."
    exposure = found["exposure"]
    return (
        f"Adds {exposure['reactor_years_at_power']:.1f} reactor-years at power on average to none in cold "
        f"shutdown; {exposure['offsite_power_losses_at_power']:.2f} losses of off-site power meet a unit "
        f"at power; a station blackout, a loss that outlasts diesels and fuel, has a probability of "
        f"{chance_words(exposure['station_blackout_probability'])}, with the plant left idle in the same "
        f"circumstances {chance_words(exposure['station_blackout_probability_idle'])}."
    )


def _worth(accord: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    together = one["standing"]["together"]
    mean = together["mean_usd"]
    verb = "gain" if mean > 0 else "lose"
    told = (
        f"Beside {accord['disagreement']} the parties together {verb} {_usd(abs(mean))} in the mean of "
        f"{accord['paths']:,} paths, each at its own discount rate, at signing"
    )
    if together["says"] != "cannot tell":
        return f"{told}."
    return (
        f"{told}, ± {_usd(NOISE_ERRORS * together['standard_error_usd'])}, {NOISE_WORDS}; "
        f"{_usd(together['median_usd'])} in the median, and a gain on "
        f"{chance_words(together['probability_of_gain'])} of the paths: whether they gain cannot be told."
    )


def _for_whom(one: Mapping[str, Any]) -> str:
    told = []
    for name, gain in one["gains"].items():
        if gain["says"] == "nothing changes":
            told.append(f"nothing changes for {name}")
        elif gain["says"] == "cannot tell":
            noise = f"± {_usd(NOISE_ERRORS * gain['standard_error_usd'])}, {NOISE_WORDS}"
            if _lost_in_noise(gain):
                told.append(
                    f"for {name} it cannot be told ({_usd(gain['mean_usd'])} in the mean, {noise})"
                )
                continue
            verb = "gains" if gain["mean_usd"] > 0.0 else "loses"
            told.append(
                f"{name} {verb} {_usd(abs(gain['mean_usd']))} in the mean ({noise}), "
                f"{_usd(gain['median_usd'])} in the median, and gains on "
                f"{chance_words(gain['probability_of_gain'])} of the paths"
            )
        else:
            told.append(
                f"{name} {gain['says']} {_usd(abs(gain['mean_usd']))} (a gain on "
                f"{chance_words(gain['probability_of_gain'])} of the paths)"
            )
    text = "; ".join(told) + "."
    return text[0].upper() + text[1:]


def _lost_in_noise(gain: Mapping[str, Any]) -> bool:
    """Whether more paths could turn the sign of a mean gain: zero is within its noise."""
    near = abs(gain["mean_usd"]) < NOISE_ERRORS * gain["standard_error_usd"]
    return bool(gain["says"] == "cannot tell" and near)


def _payment(one: Mapping[str, Any]) -> str:
    free, lawful = one["standing"]["free"], one["standing"]["allowed"]
    if free["acceptable"]:
        return "Nobody has to be paid to accept."
    if free["side_payment_usd"] is None:
        needed = [
            f"{name} {_usd(value)}"
            for name, value in free["needed_values_usd"].items()
            if value > 0
        ]
        return (
            f"No payment among them makes all accept: {_usd(free['outside_money_usd'])} would have to "
            f"come from outside, or it would have to be worth that for other reasons: {joined(needed)}."
        )
    paid = joined(payments_told(free["payments"], _usd))
    if lawful["side_payment_usd"] is None:
        return f"All accept if {paid} at signing; the rules of law do not let that be paid."
    return f"All accept if {paid} at signing, and no rule of law found stands against paying it."


def _crossed(one: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [line for line in one["red_lines"] if line["holds"] is False]


def _red_lines(one: Mapping[str, Any]) -> str:
    crossed = _crossed(one)
    unknown = [line for line in one["red_lines"] if line["holds"] is None]
    told = [f"{line['party']}: {line['line']}" for line in crossed]
    parts = []
    if told:
        parts.append(f"Crosses what no payment moves: {'; '.join(told)}.")
    if unknown:
        parts.append(
            "Cannot be told of: "
            + "; ".join(f"{line['party']}: {line['line']}" for line in unknown)
            + "."
        )
    if not parts and one["red_lines"]:
        return "Crosses no stated red line."
    return " ".join(parts)


def _law(one: Mapping[str, Any]) -> str:
    law = one["law"]
    if law["lawful"] is None:
        return ""
    total = len(law["activities"])
    prohibited = [each for each in law["activities"] if each["status"] == "prohibited"]
    unknown = [each for each in law["activities"] if each["status"] in ("unknown", "nothing found")]
    if not prohibited and not unknown:
        return f"All {total} activities are allowed or licensed on {law['on']}."
    told = [f"{len(prohibited)} prohibited"] if prohibited else []
    told += [f"{len(unknown)} not settled"] if unknown else []
    text = f"Of {total} activities on {law['on']}: {', '.join(told)}"
    acts = [f"{name} {len(acts)}" for name, acts in law["unblocked_by"].items()]
    if acts:
        text += f"; acts of relief that would unblock all: {', '.join(acts)}"
    if law["first_lawful_on"] is not None:
        text += f"; all are lawful from {law['first_lawful_on']}"
    return text + "."


def _after_signing(one: Mapping[str, Any]) -> str:
    leaving = one["leaving"]
    if leaving is None:
        return ""
    if leaving["verdict"] == "self-enforcing":
        return "Self-enforcing: in no year does anybody gain by leaving."
    who = joined(leaving["first_to_leave"])
    how = "walking out" if len(leaving["parties"]) > 1 else "stopping"
    text = f"{who} would gain by {how} in year {leaving['year'] + 1}"
    bonds = {
        name: party["bond_usd"]
        for name, party in leaving["parties"].items()
        if party["bond_usd"] > 0.0
    }
    if leaving["verdict"] == "not self-enforcing":
        if leaving["payment_order"]["verdict"] != "not self-enforcing":
            return f"{text}; no bond holds it, but payments in another order would."
        shares = leaving["escrow"]["shares"]
        if leaving["escrow"]["verdict"] != "not self-enforcing":
            held = joined(
                [f"{chance_words(share)} of {name}'s" for name, share in shares.items() if share]
            )
            return f"{text}; no bond holds it, but {held} payments held in escrow would."
        return f"Not self-enforcing: {text}, and neither bond, escrow nor order of payments prevents it."
    told = joined([f"{name} {_usd(value)}" for name, value in bonds.items()])
    return f"{text}; the smallest bonds that prevent it: {told}."


def within_words(found: Mapping[str, Any]) -> str:
    """The time in which gates may open at all."""
    years = found.get("horizon_years")
    return "at some time" if years is None else f"within {years:g} years"


def _likelihood(one: Mapping[str, Any]) -> str:
    found = one["chances"]
    if found is None:
        return ""
    ever = found["ever"]["value"]
    if not found["mines"]:
        return f"May begin with probability {chance_words(ever)} {within_words(found)}; no mine is part of it."
    pools = {method: each["value"] for method, each in found["pools"].items()}
    spread = ", ".join(
        f"{method} pool {chance_words(value)}"
        for method, value in pools.items()
        if method != found["method"]
    )
    text = (
        f"Mining begins by {found['by']} with probability {chance_words(found['probability']['value'])} "
        f"({found['method']} pool; {spread}); all gates open {within_words(found)} with {chance_words(ever)}, with "
        f"{chance_words(found['at_most'])} at the most if they all hung together."
    )
    if found["gates"]:
        text += f" What binds most: {found['gates'][0]['gate']}."
    return text


def _change(one: Mapping[str, Any]) -> str:
    found = one["chances"]
    if found is None or not found["mines"]:
        return ""
    changes = found["changes"]
    target = chance_words(changes["target"])
    if not changes["needed"]:
        return f"More than {target} as it is."
    single = changes["single"]
    text = (
        f"The smallest single change that reaches {target}: {_lifts(single)}."
        if single is not None
        else f"No single gate reaches {target}"
        + (
            f": with {changes['best_single']['gates'][0]} certain and at once it is "
            f"{chance_words(changes['best_single']['probability'])}."
            if changes["best_single"] is not None
            else "."
        )
    )
    pair = changes["pair"]
    if pair is not None:
        return f"{text} The smallest pair: {_lifts(pair)}."
    if single is None and changes["best_pair"] is not None:
        return (
            f"{text} No two do: with {joined(changes['best_pair']['gates'])} certain and at once it is "
            f"{chance_words(changes['best_pair']['probability'])}."
        )
    return text


def _lifts(change: Mapping[str, Any]) -> str:
    told = []
    for lift in change["lifts"]:
        parts = []
        if lift["probability_to"] != lift["probability"]:
            parts.append(
                f"from {chance_words(lift['probability'])} to {chance_words(lift['probability_to'])}"
            )
        if lift["months_factor"] != 1.0:
            parts.append(f"in {chance_words(lift['months_factor'])} of its time")
        told.append(f"{lift['gate']} {' and '.join(parts)}".strip())
    return joined(told)
