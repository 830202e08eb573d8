"""Days of a plant whose hours are linked: by hand, without foresight of trips, and under HiGHS."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from tests.unit.dispatch.linked_plant import HOURS, Plant, drawn, running_start

from baseload.dispatch.link_work import (
    HOURS_SINCE,
    KNOWN,
    MIN_DOWN,
    MIN_KW,
    MIN_RUN,
    NO_RAMP,
    PRODUCED,
    RAMP_KW,
    START_COST,
)
from baseload.dispatch.linked_programme import (
    BlockLimits,
    best_production,
    limits_of_block,
    value_of_production,
)

Ints = npt.NDArray[np.int64]


def test_a_trip_is_not_foreseen_and_takes_its_share_at_once() -> None:
    plant = Plant()
    plant.out(1, 10, 15, tripped=True)
    produced, running, plans = plant.day()
    assert produced[:10] == [2000] * 10
    assert produced[10:15] == [1000] * 5
    # It comes back at hour 15: both rise by their ramps.
    assert produced[15:18] == [1100, 1200, 1300]
    assert running == [3] * 10 + [1] * 5 + [3] * 9
    assert plans == 3
    assert plant.starts.tolist() == [0, 1]
    assert plant.state.tolist() == [[1, 1], [(1 << 40) + 24, 9]]


def test_a_trip_at_part_load_takes_its_share_and_the_others_rise_by_their_ramp() -> None:
    plant = Plant()
    plant.unit_kw[1] = 500
    plant.worth(slice(None), 30, 901)
    plant.out(1, 10, tripped=True)
    # 901 x 1000 / 1500 = 600.67, and 50 in the hour of the trip.
    assert plant.day()[0][8:14] == [901, 901, 650, 700, 750, 800]


def test_a_trip_frees_no_ramp_of_the_units_that_stay() -> None:
    plant = Plant()
    plant.worth(slice(10, None), 30, 100)
    plant.worth(slice(0, 10), 9000, 2000)
    plant.out(1, 10, tripped=True)
    # Without the trip the plan comes down after hour 9; after it, from 1,000 at 50 an hour.
    assert plant.day()[0][9:13] == [2000, 950, 900, 850]


def test_a_planned_fall_is_foreseen_and_met_by_the_ramps() -> None:
    plant = Plant(ramp=100)
    plant.out(1, 20)
    # Into hour 20 both come down by 100; before it 200 an hour.
    assert plant.day()[0][14:22] == [2000, 2000, 1800, 1600, 1400, 1200, 1000, 1000]


def test_a_planned_fall_after_the_day_is_foreseen_and_a_trip_is_not() -> None:
    plant = Plant(ramp=10)
    plant.out(1, 40, tripped=True)
    assert plant.day()[0] == [2000] * 24
    plant = Plant(ramp=10)
    plant.out(1, 40)
    # 40 hours at 20 kW: the first hour, which nothing binds, begins as low as that.
    assert plant.day()[0] == [1800 - 20 * t for t in range(24)]
    plant = Plant(ramp=25)
    plant.out(1, 40)
    assert plant.day()[0][19:24] == [2000, 2000, 1950, 1900, 1850]


def test_a_unit_that_synchronises_goes_to_its_minimum_at_once() -> None:
    plant = Plant(units=1, ramp=100, least=400)
    plant.out(0, 0, 5)
    assert plant.day()[0][4:10] == [0, 400, 500, 600, 700, 800]
    # Beside a unit at power, which rises by its own ramp.
    plant = Plant(ramp=50, least=400)
    plant.out(1, 0, 5)
    plant.worth(slice(0, 5), 30, 600)
    # Dumping is so dear before the return that production does not rise early.
    plant.slopes[:5, 1] = -1000
    assert plant.day()[0][4:8] == [600, 1050, 1150, 1250]


def test_a_unit_that_stops_falls_from_its_minimum() -> None:
    plant = Plant(units=1, ramp=100, least=400)
    plant.out(0, 10)
    assert plant.day()[0][3:12] == [1000, 900, 800, 700, 600, 500, 400, 0, 0]


def test_a_return_is_not_anticipated() -> None:
    def rising(until: int) -> list[int]:
        """Nothing is worth anything before hour 12; the second unit is out until an hour."""
        plant = Plant()
        plant.worth(slice(0, 12), 0, 0)
        plant.worth(slice(12, None), 15, 800)
        plant.out(1, 0, until)
        return plant.day()[0]

    alone, with_return = rising(HOURS), rising(11)
    assert 0 < alone[10] < 800
    assert with_return[:11] == alone[:11]
    gained = np.array(with_return[11:14]) - np.array(alone[11:14])
    assert gained.tolist() == [50, 100, 150]


def test_the_next_day_goes_on_where_the_last_one_ended() -> None:
    plant = Plant()
    plant.out(1, 22, tripped=True)
    plant.worth(slice(0, None), 30, 1500)
    assert plant.day()[0][20:] == [1500, 1500, 800, 850]
    plant.mask[:], plant.trips[:] = 3, 0
    produced, _, plans = plant.day()
    assert produced[:9] == [950, 1050, 1150, 1250, 1350, 1450, 1500, 1500, 1500]
    assert plans == 1
    assert plant.starts.tolist() == [0, 1]
    # A trip in a day's first hour meets the hour before.
    plant.out(0, 0, tripped=True)
    assert plant.day()[0][:3] == [800, 850, 900]


def test_the_first_day_begins_anywhere() -> None:
    plant = Plant(ramp=1)
    plant.worth(slice(None), 30, 1234)
    assert plant.day()[0] == [1234] * 24
    assert plant.level[KNOWN] == 1
    plant.worth(slice(None), 30, 1200)
    assert plant.day()[0][:3] == [1232, 1230, 1228]


def test_power_of_a_unit_and_of_the_plant_bound_production() -> None:
    plant = Plant(ramp=NO_RAMP)
    plant.unit_kw[0] = np.arange(HOURS) * 10
    plant.cap_kw[10:] = 1050
    assert plant.day()[0] == [1000 + 10 * t for t in range(6)] + [1060, 1070, 1080, 1090] + (
        [1050] * 14
    )


def test_one_unit_without_a_ramp_frees_the_plant() -> None:
    plant = Plant(ramp=10)
    plant.limits[RAMP_KW, 0] = NO_RAMP
    plant.worth(slice(5, None), 30, 100)
    assert plant.day()[0][4:6] == [2000, 100]


def test_a_minimum_is_dumped_where_that_is_allowed() -> None:
    plant = Plant(ramp=NO_RAMP, least=300)
    plant.worth(slice(5, 9), 30, 100)
    produced, running, _ = plant.day()
    assert produced[4:10] == [2000, 600, 600, 600, 600, 2000]
    assert running == [3] * 24


def test_units_stand_where_their_minimum_could_not_be_dumped() -> None:
    plant = Plant(ramp=NO_RAMP, least=300, dump=False)
    plant.worth(slice(5, 9), 30, 100)
    plant.worth(slice(9, 12), 30, 700)
    produced, running, _ = plant.day()
    assert produced[4:13] == [2000, 0, 0, 0, 0, 700, 700, 700, 2000]
    # Where one unit does as well as both, the second stays as it is: it stands.
    assert running[4:13] == [3, 0, 0, 0, 0, 1, 1, 1, 3]
    assert plant.starts.tolist() == [1, 1]


@pytest.mark.parametrize(("cost", "starts"), [(44_999, True), (45_000, False)])
def test_a_start_is_made_where_it_earns_its_cost(cost: int, starts: bool) -> None:
    plant = Plant(ramp=NO_RAMP)
    plant.worth(slice(None), 30, 1000)
    # Three hours of 500 kW at 30 milli-USD/MWh.
    plant.worth(slice(10, 13), 30, 1500)
    plant.limits[START_COST, 1] = cost
    plant.out(1, 0, 1)
    # Once it runs it gains nothing and costs nothing.
    assert plant.day()[1] == [1] * 10 + [3 if starts else 1] * 14
    assert plant.starts.tolist() == [0, int(starts)]


def test_a_least_run_is_kept_into_the_next_day() -> None:
    plant = Plant(ramp=NO_RAMP, units=1, least=500)
    plant.limits[MIN_RUN] = 10
    plant.limits[START_COST] = 1
    plant.worth(slice(None), 30, 0)
    plant.worth(slice(20, 26), 30, 1000)
    plant.level[KNOWN] = 1
    plant.state[HOURS_SINCE] = 50
    running = plant.day()[1]
    assert running == [0] * 20 + [1] * 4
    assert plant.state.tolist() == [[1], [4]]
    # The use that was to last to hour 2 is gone; six hours of the run are left.
    plant.worth(slice(None), 30, 0)
    produced, running, _ = plant.day()
    assert running == [1] * 6 + [0] * 18
    assert produced == [500] * 6 + [0] * 18


def test_a_least_stand_begins_at_a_trip() -> None:
    plant = Plant(ramp=NO_RAMP, units=1)
    plant.limits[MIN_DOWN] = 8
    plant.out(0, 3, 5, tripped=True)
    assert plant.day()[1] == [1] * 3 + [0] * 8 + [1] * 13


def test_units_that_cannot_stand_come_before_those_that_can() -> None:
    # The second always runs, so that the first adds nothing.
    plant = Plant(ramp=NO_RAMP)
    plant.worth(slice(None), 30, 1000)
    plant.limits[START_COST, 0] = 1
    plant.out(0, 0, 1)
    assert plant.day()[1] == [2] * 24


def as_seen(mask: Ints, trips: Ints, h: int, units: int) -> tuple[Ints, Ints]:
    """The world as it looks before hour `h`: planned falls go on, no trip and no return is known."""
    seen, seen_trips = mask.copy(), trips.copy()
    seen_trips[h:] = 0
    on = {u for u in range(units) if (int(mask[h - 1]) >> u) & 1}
    for t in range(h, mask.size):
        for u in sorted(on):
            was, now = (int(mask[t - 1]) >> u) & 1, (int(mask[t]) >> u) & 1
            if was and not now and not (int(trips[t]) >> u) & 1:
                on.discard(u)
        seen[t] = sum(1 << u for u in on)
    return seen, seen_trips


@pytest.mark.parametrize("block", range(8))
def test_production_before_an_event_does_not_know_of_it(block: int) -> None:
    events = 0
    for seed in range(5 * block, 5 * block + 5):
        plant = drawn(seed, standing=seed % 2 == 0, returns=True)
        running_start(plant, seed)
        level, state = plant.level.copy(), plant.state.copy()
        mask, trips = plant.mask, plant.trips
        produced, running, _ = plant.day()
        for h in range(1, 24):
            plant.mask, plant.trips = as_seen(mask, trips, h, plant.units)
            events += int(plant.mask[h] != mask[h])
            plant.level[:], plant.state[:] = level, state
            alone, alone_running, _ = plant.day()
            assert alone[:h] == produced[:h]
            assert alone_running[:h] == running[:h]
    assert events > 0


def block_of(plant: Plant, produced: list[int], start_kw: int) -> BlockLimits:
    """What the programme is given of a day that began with all units at power."""
    return limits_of_block(
        plant.unit_kw[:, :24],
        plant.cap_kw[:24],
        plant.limits,
        plant.mask[:24],
        plant.trips[:24],
        plant.dump,
        (1 << plant.units) - 1,
        start_kw,
        np.array(produced),
    )


def values(plant: Plant) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    return plant.slopes[:24] / 1000.0, np.minimum(plant.widths[:24], 10**7) / 1000.0


@pytest.mark.parametrize("standing", [False, True])
@pytest.mark.parametrize("seed", range(60))
def test_the_rule_is_never_worth_more_than_the_programme(seed: int, standing: bool) -> None:
    plant = drawn(seed, standing, returns=True)
    running_start(plant, seed)
    start = int(plant.level[PRODUCED])
    produced, running, _ = plant.day()
    block = block_of(plant, produced, start)
    kw = np.array(produced)
    on = (np.array(running) >> np.arange(plant.units)[:, None]) & 1
    assert (kw >= 0).all()
    assert (kw <= (plant.unit_kw[:, :24] * on).sum(axis=0)).all()
    assert (kw >= (plant.limits[MIN_KW][:, None] * on).sum(axis=0)).all()
    assert (np.array(running) & ~plant.mask[:24] == 0).all()
    best = best_production(
        *values(plant),
        block.most_mw,
        block.up_mw,
        block.down_mw,
        block.kept_share,
        start / 1000.0,
    )
    own = value_of_production(kw / 1000.0, *values(plant))
    # The solver's tolerance: 1e-7 MW at the largest value of an hour, 24 hours.
    assert own <= best.value_usd + 0.3


@pytest.mark.parametrize("seed", range(60))
def test_ramps_are_kept_wherever_units_only_trip_and_come_back(seed: int) -> None:
    plant = drawn(seed, False, returns=True)
    # Minima in proportion to power: a trip's share of production is never below those that stay.
    plant.unit_kw = plant.unit_kw // 5 * 5
    plant.limits[MIN_KW] = plant.unit_kw[:, 0] // 5 * (seed % 2)
    falls = plant.mask[:-1] & ~plant.mask[1:]
    plant.trips[1:] |= falls
    running_start(plant, seed)
    start = int(plant.level[PRODUCED])
    produced, _, _ = plant.day()
    assert not block_of(plant, produced, start).widened.any()


@pytest.mark.parametrize("seed", range(40))
def test_a_day_without_surprises_is_worth_what_the_programme_is(seed: int) -> None:
    plant = drawn(seed, False, returns=False)
    plant.limits[MIN_KW] = 0
    plant.trips[:] = 0
    plant.mask[:6] = plant.mask[5] = (1 << plant.units) - 1
    for name in ("slopes", "widths", "counts", "cap_kw", "mask", "trips"):
        setattr(plant, name, getattr(plant, name)[:24].copy())
    plant.unit_kw, plant.hours = plant.unit_kw[:, :24].copy(), 24
    running_start(plant, seed)
    start = int(plant.level[PRODUCED])
    produced, _, plans = plant.day()
    assert plans == 1
    block = block_of(plant, produced, start)
    best = best_production(
        *values(plant), block.most_mw, block.up_mw, block.down_mw, block.kept_share, start / 1000.0
    )
    own = value_of_production(np.array(produced) / 1000.0, *values(plant))
    # A fall that 24 hours cannot meet takes production along: then the rule need not be the best.
    assert own <= best.value_usd + 1e-3
    if not block.widened.any():
        assert own == pytest.approx(best.value_usd, rel=1e-9, abs=1e-6)
