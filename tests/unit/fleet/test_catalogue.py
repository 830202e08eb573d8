"""The catalogue of machines: complete, consistent with itself, and found by name."""

from dataclasses import FrozenInstanceError
from datetime import date

import pytest

from baseload.fleet.catalogue import COOLINGS, Machine, machine, machines

EVERY = list(machines().values())


def test_the_catalogue_spans_the_years_and_the_makers() -> None:
    assert len(EVERY) >= 30
    assert min(one.released_on for one in EVERY).year == 2016
    assert max(one.released_on for one in EVERY).year == 2026
    assert {"Bitmain", "MicroBT", "Canaan", "Bitdeer"} <= {one.maker for one in EVERY}
    assert {one.cooling for one in EVERY} == set(COOLINGS)


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.id)
def test_efficiency_is_power_over_hash_rate(one: Machine) -> None:
    # 1 %: lists round efficiency to a tenth or a half of a joule.
    assert one.power_w / one.hash_rate_th_per_s == pytest.approx(one.efficiency_j_per_th, rel=0.01)


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.id)
def test_ratings_are_those_of_a_real_machine(one: Machine) -> None:
    assert 5 < one.efficiency_j_per_th < 100
    assert 1_000 < one.power_w < 15_000
    assert one.source
    assert one.id == one.id.lower()
    assert " " not in one.id


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.id)
def test_a_price_is_a_band_with_a_date_or_absent(one: Machine) -> None:
    band = (one.price_usd_per_th_low, one.price_usd_per_th_mode, one.price_usd_per_th_high)
    if one.price_on is None:
        assert band == (None, None, None)
        return
    low, mode, high = band
    assert low is not None
    assert mode is not None
    assert high is not None
    assert 0 < low <= mode <= high
    assert low < high
    # Lists differ two to four times; more than seven times would be a slip in the table.
    assert high / low < 7
    assert one.price_on >= date(one.released_on.year, 1, 1)


@pytest.mark.parametrize(
    ("id", "hash_rate_th_per_s", "efficiency_j_per_th"),
    [
        ("antminer-s9", 13.5, 98),
        ("antminer-s19-pro", 110, 29.5),
        ("antminer-s21", 200, 17.5),
        ("antminer-s21-xp-hyd", 473, 12),
        ("antminer-s23-hyd", 580, 9.5),
        ("whatsminer-m30s++", 112, 31),
        ("whatsminer-m60s", 186, 18.4),
        ("avalon-a16", 282, 13.8),
        ("sealminer-a2", 226, 16.5),
    ],
)
def test_machines_that_scenarios_name_have_their_rated_values(
    id: str, hash_rate_th_per_s: float, efficiency_j_per_th: float
) -> None:
    found = machine(id)
    assert found.hash_rate_th_per_s == hash_rate_th_per_s
    # 0.5 %: data sheets give one decimal.
    assert found.efficiency_j_per_th == pytest.approx(efficiency_j_per_th, rel=0.005)


@pytest.mark.parametrize(
    ("spelled", "nearest"),
    [
        ("antminer-s21-xp-hydro", "antminer-s21-xp-hyd"),
        ("Antminer S19 Pro", "antminer-s19-pro"),
        ("whatsminer_m60s", "whatsminer-m60s"),
    ],
)
def test_a_misspelled_id_is_refused_with_the_nearest(spelled: str, nearest: str) -> None:
    with pytest.raises(ValueError, match=rf"found '{spelled}'.*nearest {nearest}$"):
        machine(spelled)


def test_a_machine_cannot_be_changed_nor_the_catalogue_through_its_copy() -> None:
    with pytest.raises(FrozenInstanceError):
        machine("antminer-s9").power_w = 1  # type: ignore[misc]
    machines().clear()
    assert machine("antminer-s9").power_w == 1323
