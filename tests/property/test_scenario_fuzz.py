"""Scenarios of the gallery, spoiled thousands of times: each is read, or refused in words.

The default is some 3,000 cases; `BASELOAD_FUZZ_FACTOR=20` makes a night of it and
`BASELOAD_FUZZ_SEED=word` another one. A case that fails is named by seed and number, which give it
again.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from random import Random

import pytest
from tests.property.mutations import spoiled_bytes, spoiled_document

import baseload
from baseload.errors import InputError
from baseload.gallery import scenario_path
from baseload.scenario.address import parse_address
from baseload.scenario.scenario import Scenario

SMALL = Path(__file__).parents[1] / "scenarios" / "small.toml"
FACTOR = float(os.environ.get("BASELOAD_FUZZ_FACTOR", "1"))
SEED = os.environ.get("BASELOAD_FUZZ_SEED", "1")
MOST_CHARACTERS = 5_000


def file_of(name: str) -> Path:
    return SMALL if name == "small" else scenario_path(name)


def assert_in_words(error: InputError) -> None:
    for fault in error.faults:
        assert fault.found.strip(), f"{fault.field}: nothing is said to be found"
        assert len(str(fault)) <= MOST_CHARACTERS, f"{fault.field}: nobody reads that much"
        assert "Traceback" not in str(fault)


@pytest.mark.parametrize(
    ("name", "cases"), [("zaporizhzhia", 250), ("bhutan-hydro", 700), ("small", 1300)]
)
def test_a_spoiled_document_is_a_scenario_or_refused_in_words(name: str, cases: int) -> None:
    path = file_of(name)
    text = path.read_text(encoding="utf-8")
    document = tomllib.loads(text)
    whole = baseload.load(path)
    refused = 0
    for case in range(int(cases * FACTOR)):
        spoiled = spoiled_document(Random(f"{SEED} {name} {case}"), document)
        bare = Scenario(name, str(path), text, spoiled, whole.model, ())
        try:
            # An address that is there in every scenario: what is judged is the document.
            made = bare.with_({"title": "Spoiled"})
        except InputError as error:
            refused += 1
            assert_in_words(error)
        except Exception as error:
            raise AssertionError(f"seed {SEED}, {name}, case {case}") from error
        else:
            assert made.model.title == "Spoiled"
    assert refused > cases * FACTOR / 2  # most slips are slips
    assert document == tomllib.loads(text)


@pytest.mark.parametrize(("name", "cases"), [("bhutan-hydro", 120), ("small", 400)])
def test_a_spoiled_file_is_a_scenario_or_refused_in_words(
    tmp_path: Path, name: str, cases: int
) -> None:
    text = file_of(name).read_text(encoding="utf-8")
    path = tmp_path / "spoiled.toml"
    for case in range(int(cases * FACTOR)):
        path.write_bytes(spoiled_bytes(Random(f"{SEED} {name} {case}"), text))
        try:
            baseload.load(path)
        except InputError as error:
            assert_in_words(error)
            for fault in error.faults:
                assert (fault.file or "").startswith(str(path)), case
        except Exception as error:
            raise AssertionError(f"seed {SEED}, {name}, case {case}") from error


def test_addresses_made_of_odd_signs_are_read_or_refused_in_words() -> None:
    signs = "ab1.[]\"'= \\\n\x00☢-_"
    for case in range(int(3_000 * FACTOR)):
        random = Random(f"{SEED} {case}")
        text = "".join(random.choice(signs) for _ in range(random.randrange(1, 14)))
        try:
            assert parse_address(text)
        except InputError as error:
            assert_in_words(error)
        except Exception as error:
            raise AssertionError(f"seed {SEED}, case {case}: {text!r}") from error
