"""Units read off names, the conversions, and numbers for people."""

import pytest

from baseload import units
from baseload.units import SUFFIXES, human, unit, unit_of


@pytest.mark.parametrize(
    ("field", "symbol"),
    [
        ("fleet.0.mine_mw", "MW"),
        ("energy_kwh", "kWh"),
        ("grid.price.level_usd_per_mwh", "USD/MWh"),
        ("usd_per_mwh", "USD/MWh"),
        ("price_fall_usd_per_mwh_per_gw", "USD/MWh/GW"),
        ("fixed_om_usd_per_kw_year", "USD/kW/year"),
        ("demand_charge_usd_per_kw_month", "USD/kW/month"),
        ("ramp_mw_per_hour", "MW/hour"),
        ("price_usd_per_th", "USD/TH"),
        ("hashprice_usd_per_ph_per_day", "USD/PH/day"),
        ("hash_rate_eh_per_s", "EH/s"),
        ("output_eh_per_s_per_year", "EH/s/year"),
        ("efficiency_j_per_th", "J/TH"),
        ("reward_sat", "sat"),
        ("fees_btc_per_block", "BTC/block"),
        ("plant.units.3.restart.cost_usd_million", "million USD"),
        ("cold_usd_million_per_year", "million USD/year"),
        ("price_usd", "USD"),
        ("forced.mean_hours_between", "hours"),
        ("years", "years"),
        ("drift_per_year", "1/year"),
        ("discount_rate", "1/year"),
        ("tax_rate", "share"),
        ("resale_share", "share"),
        ("share_of_net_mining_cash", "share"),
        ("end_of_life_on", "date"),
        ("mined_at", "UTC"),
        ("machines_per_month", "machines/month"),
        ("pue", ""),
        ("demand.0", ""),
        ("", ""),
    ],
)
def test_the_longest_suffix_of_a_name_is_its_unit(field: str, symbol: str) -> None:
    assert unit_of(field) == symbol


def test_a_word_that_only_ends_like_a_suffix_has_no_unit() -> None:
    # "season" ends in "on" and "format" in "at", but no underscore stands before.
    assert unit("season").symbol == ""
    assert unit("format").symbol == ""


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_every_unit_has_a_symbol_and_a_label(suffix: str) -> None:
    found = SUFFIXES[suffix]
    assert found.symbol
    assert found.label


def test_the_conversions_agree_with_each_other() -> None:
    assert units.W_PER_MW == units.W_PER_KW * units.KW_PER_MW
    assert units.MWH_PER_TWH == units.MWH_PER_GWH * 1_000
    assert units.SECONDS_PER_DAY == 24 * 60 * 60


@pytest.mark.parametrize(
    ("value", "symbol", "text"),
    [
        (12.3e9, "USD", "12.3 billion USD"),
        (-4.5e6, "USD", "-4.5 million USD"),
        (12_345, "million USD", "12.3 billion USD"),
        (0, "USD", "0 USD"),
        (123_456, "USD", "123,456 USD"),
        (999_600, "USD", "1 million USD"),
        (4_560_000, "MWh", "4.56 TWh"),
        (950, "MW", "950 MW"),
        (5_700, "MW", "5.7 GW"),
        (894, "EH/s", "894 EH/s"),
        (1_500, "EH/s", "1.5 ZH/s"),
        (312_500_000, "sat", "3.12 BTC"),
        (1_200, "sat", "1,200 sat"),
        (0.021, "share", "2.1 %"),
        (1.0, "share", "100 %"),
        (0.9999, "share", "more than 99.9 %"),
        (62.345, "USD/MWh", "62.3 USD/MWh"),
        (1_234_567, "machines", "1,234,567 machines"),
        (0.000123, "1/year", "0.000123 1/year"),
        (7.5, "", "7.5"),
        (None, "years", "none"),
        (float("nan"), "USD", "none"),
        (float("inf"), "years", "none"),
    ],
)
def test_a_number_reads_as_a_person_would_say_it(
    value: float | None, symbol: str, text: str
) -> None:
    assert human(value, symbol) == text
