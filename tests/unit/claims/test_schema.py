"""What a claim may say, and how a faulty one is told with its place."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import Field

from baseload.claims.schema import Claim, ClaimsDocument, Words
from baseload.errors import InputError
from baseload.scenario.locate import locate
from baseload.scenario.read import parse_toml, validate
from baseload.scenario.schema import ScenarioDocument

HEAD = '[[claims]]\nquote = "so it is"\nsource = "a paper, 2025"\n'
FACT = HEAD + 'value = 20\nband = [18, 22]\nfact_source = "a book, 2021"\nfact_date = 2021-12-31\n'
FINDING = HEAD + 'finding = "fails"\nwhy = "no"\nfact_source = "x, 2021"\nfact_date = 2021-12-31\n'


def read(text: str) -> ClaimsDocument:
    return validate(ClaimsDocument, parse_toml(text, "c.toml"), locate(text), "c.toml")


def test_the_three_kinds_of_claims_are_read() -> None:
    (results,) = read(HEAD + 'holds = "a > 5 %"\nprobability = 0.8\n').claims
    assert results.expression.names == {"a"}
    assert results.title == "so it is"
    (fact,) = read(FACT).claims
    assert (fact.value, fact.band) == (20.0, (18.0, 22.0))
    (finding,) = read(FINDING).claims
    assert finding.finding == "fails"
    with pytest.raises(ValueError, match="no expression"):
        _ = finding.expression


def test_a_fact_may_be_a_range_and_a_band_open_and_a_date_a_month() -> None:
    text = FACT.replace("20\n", "[17.8, 29]\n", 1).replace("[18, 22]", "[18, inf]")
    (claim,) = read(text.replace("2021-12-31", '"2021-12"')).claims
    assert claim.value == (17.8, 29.0)
    assert claim.fact_date == "2021-12"


def test_words_are_numbers_and_days() -> None:
    found = read("[words]\nsignificant = 0.05\nshort_term = 2027-12-31\nmany = 5\n").words
    assert found == {"significant": 0.05, "short_term": date(2027, 12, 31), "many": 5.0}


def test_a_long_quote_is_named_by_its_beginning() -> None:
    claim = Claim(quote="word " * 30, source="a, 2025", holds="a")
    assert claim.title.endswith("…") and len(claim.title) <= 50


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (HEAD, 1, ["neither holds, value nor finding"]),
        (HEAD + 'holds = "a"\nvalue = 1\n', 1, ["holds and value"]),
        (
            HEAD + 'holds = "a"\nband = [1, 2]\n',
            5,
            ["band in a claim with holds", "goes with value"],
        ),
        (FACT.replace("band = [18, 22]\n", ""), 1, ["value without band"]),
        (FINDING.replace('why = "no"\n', ""), 1, ["finding without why"]),
        (FINDING.replace("fails", "maybe"), 4, ["maybe", "cannot tell"]),
        (FACT + "probability = 0.9\n", 8, ["probability in a claim with value"]),
        (FACT.replace("[18, 22]", "[22, 18]"), 5, ["a lowest and a highest value"]),
        (FACT.replace("[18, 22]", "[18, nan]"), 5, ["a lowest and a highest value"]),
        (FACT.replace("value = 20", "value = inf"), 4, ["finite numbers"]),
        (FACT.replace("value = 20", "value = [3, 2]"), 4, ["the lowest first"]),
        (FACT.replace("value = 20", "value = true"), 4, ["true"]),
        (FACT.replace("2021-12-31", '"soon"'), 7, ["soon"]),
        (HEAD + 'holds = "a >"\n', 4, ["the end at character 4", "a >\n"]),
        (HEAD + 'holds = "a.__class__"\n', 4, ["a.__class__ at character 1"]),
        (HEAD + 'holds = ""\n', 4, ["a text that is not empty"]),
        (HEAD + 'holds = "a"\nprobability = 1.0\n', 5, ["probability", "1.0"]),
        (HEAD + 'holds = "a"\nprobability = 0.2\n', 5, ["probability", "0.2"]),
        (HEAD.replace(", 2025", "") + 'holds = "a"\n', 3, ["a source that names a year"]),
        (HEAD.replace("a paper, 2025", "assumed: no") + 'holds = "a"\n', 3, ["names a year"]),
        (HEAD.replace("so it is", " ") + 'holds = "a"\n', 2, ["not empty"]),
        (HEAD + 'hold = "a"\n', 4, ["nearest  holds"]),
        ("[words]\nin = 1\n", 2, ["the word in"]),
        ("[words]\na__b = 1\n", 2, ["the word a__b"]),
        ('[words]\n"a.b" = 1\n', 2, ["the word a.b"]),
        ("[words]\na = nan\n", 2, ["a finite number, or a day"]),
        ("[words]\na = true\n", 2, ["true"]),
        ('[words]\na = "much"\n', 2, ["much"]),
    ],
)
def test_a_faulty_claim_is_told_with_its_place(text: str, line: int, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    message = str(caught.value)
    assert f"c.toml:{line}:" in message
    for word in words:
        assert word in message


def test_claims_fit_into_a_scenario() -> None:
    class WithClaims(ScenarioDocument):
        claims: list[Claim] = Field([])
        words: Words = Field({})

    text = (
        'title = "t"\nstart = 2027-01-01\n[[plant.units]]\nname = "a"\ngross_mw = 1\nnet_mw = 1\n'
        'state = "running"\n[grid]\nexport_limit_mw = 1\n[grid.price]\nlevel_usd_per_mwh = 50\n'
        "[network.price_usd]\nfixed = 60000\n" + HEAD + 'holds = "a"\n[words]\nmuch = 3\n'
    )

    def made(document: dict[str, Any]) -> WithClaims:
        return validate(WithClaims, document, locate(text), "s.toml")

    assert made(parse_toml(text)).claims[0].holds == "a"
    with pytest.raises(InputError, match=r"claims\.0\.probability"):
        made(parse_toml(text.replace('holds = "a"', 'holds = "a"\nprobability = 7')))
