"""Who leads, as a scenario says it: sentences of bounded length, and a source that is one."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from baseload.errors import InputError
from baseload.led_by.schema import LONGEST_SENTENCE, LedBy
from baseload.scenario.read import validate

GOOD: dict[str, Any] = {
    "decides": "The owner.",
    "pays": "The owner too.",
    "limits": "A licence.",
    "source": "annual report, 2025",
}


def test_a_whole_section_is_taken_as_it_stands() -> None:
    led_by = LedBy(**GOOD)
    assert (led_by.decides, led_by.pays, led_by.limits) == (
        "The owner.",
        "The owner too.",
        "A licence.",
    )


def test_limits_may_be_left_out() -> None:
    assert LedBy(decides="A", pays="B", source="assumed: nothing was published").limits is None


@pytest.mark.parametrize("key", ["decides", "pays", "source"])
def test_what_must_be_there_is_missed(key: str) -> None:
    with pytest.raises(ValidationError, match=key):
        LedBy(**{name: value for name, value in GOOD.items() if name != key})


@pytest.mark.parametrize("key", ["decides", "pays", "limits"])
@pytest.mark.parametrize("text", ["", "   ", "x" * (LONGEST_SENTENCE + 1)])
def test_a_sentence_is_neither_empty_nor_long(key: str, text: str) -> None:
    with pytest.raises(ValidationError, match=key):
        LedBy(**{**GOOD, key: text})


def test_the_longest_sentence_is_taken() -> None:
    assert len(LedBy(**{**GOOD, "pays": "x" * LONGEST_SENTENCE}).pays) == LONGEST_SENTENCE


@pytest.mark.parametrize("source", ["", "  ", "somebody said so", "assumed:", "assumed: a guess"])
def test_a_source_names_a_year_or_gives_its_reason(source: str) -> None:
    with pytest.raises(InputError) as told:
        validate(LedBy, {**GOOD, "source": source})
    assert "source" in str(told.value)
    assert "a publication with its year" in str(told.value)


def test_a_misspelled_key_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match="nearest  decides"):
        validate(LedBy, {**GOOD, "decide": "The owner."})
