"""What a path leaves behind: metrics of a lifetime and monthly series, each with its unit."""

from __future__ import annotations

from typing import NamedTuple


class Metric(NamedTuple):
    """A number per path.

    `undefined` says where a path on which it has no value belongs when paths are sorted: at the
    high end for a cost or a time, at the low end for a rate of return; both are the bad end.
    """

    name: str
    unit: str
    words: str
    undefined: str = "low"


METRICS = (
    Metric("generation_mwh", "MWh", "energy that the units could give"),
    Metric("import_mwh", "MWh", "import, other supply and diesels"),
    Metric("firm_demand_mwh", "MWh", "firm demand, safety house load included"),
    Metric("firm_served_mwh", "MWh", "firm demand served"),
    Metric("firm_served_by_plant_mwh", "MWh", "of it by the plant's own units"),
    Metric("unserved_firm_mwh", "MWh", "firm demand shed"),
    Metric("unserved_firm_mwh_grid_only", "MWh", "the same without a mine"),
    Metric("unserved_firm_mwh_idle", "MWh", "the same hours with the plant idle"),
    Metric("plant_shortfall_mwh", "MWh", "firm demand that the plant did not serve itself"),
    Metric("mine_mwh", "MWh", "drawn by the mine"),
    Metric("export_mwh", "MWh", "exported"),
    Metric("export_mwh_grid_only", "MWh", "the same without a mine"),
    Metric(
        "curtailed_mwh",
        "MWh",
        "not produced: no use is worth its cost, or one more MWh sold would lower what all earn",
    ),
    Metric("produced_mwh", "MWh", "produced"),
    Metric("machines_peak", "machines", "most machines installed"),
    Metric("hash_rate_peak_eh_per_s", "EH/s", "highest operating hash rate"),
    Metric("network_share_peak", "share", "largest hourly share of the network"),
    Metric("network_share_mean", "share", "mean share on days on which the mine ran"),
    Metric("displacement", "share", "hash rate that left per hash rate that joined", "low"),
    Metric("bitcoin_mined", "BTC", "bitcoin mined"),
    Metric(
        "cost_per_bitcoin_usd",
        "USD/BTC",
        "mine and energy at its best other use, discounted",
        "high",
    ),
    Metric(
        "cash_cost_per_bitcoin_usd", "USD/BTC", "the same with energy at plant cash cost", "high"
    ),
    Metric("revenue_per_bitcoin_usd", "USD/BTC", "revenue, discounted alike", "low"),
    Metric("npv_usd", "USD", "net present value of the project"),
    Metric("npv_idle_usd", "USD", "the same with the plant left idle"),
    Metric("npv_grid_only_usd", "USD", "the same restarts without a mine"),
    Metric("npv_gain_over_idle_usd", "USD", "restarting and mining against leaving the plant idle"),
    Metric(
        "npv_gain_over_grid_only_usd", "USD", "value of mining: against selling to the grid alone"
    ),
    Metric(
        "value_of_restarting_usd", "USD", "selling to the grid alone against leaving the plant idle"
    ),
    Metric("treasury_gain_usd", "USD", "what holding coins adds"),
    Metric("irr", "share", "internal rate of return per year", "low"),
    Metric("payback_years", "years", "until the money is back for good", "high"),
    Metric("safety_fund_usd", "USD", "paid into the safety fund by mining"),
    Metric("years_of_safety_funded", "years", "of the safety and maintenance programme"),
    Metric(
        "years_of_safety_funded_grid_only", "years", "the same if selling to the grid paid for it"
    ),
    Metric("reactor_years_at_power", "years", "units with a core at power"),
    Metric(
        "offsite_power_losses_at_power",
        "events",
        "losses of off-site power that meet a unit at power",
        "low",
    ),
    Metric("offsite_power_losses_in_shutdown", "events", "the others", "low"),
    Metric("decay_heat_peak_mw_at_loss", "MW", "most decay heat at a loss of off-site power"),
    Metric("decay_heat_peak_mw_at_loss_idle", "MW", "the same with the plant left idle"),
    Metric("station_blackout_probability", "share", "a loss outlasts diesels and fuel"),
    Metric("station_blackout_probability_idle", "share", "the same with the plant left idle"),
    Metric("diesel_hours", "hours", "on which diesels carry the safety house load"),
    Metric("first_unit_years", "years", "until the first unit is on line", "high"),
    Metric("diesel_hours_idle", "hours", "the same with the plant left idle"),
    Metric(
        "dumped_mwh",
        "MWh",
        "produced for nobody, where hours are linked; part of what is curtailed",
    ),
    Metric("unit_starts", "starts", "starts of units, where hours are linked"),
    Metric(
        "mine_irr",
        "share",
        "internal rate of return per year of what mining adds to grid only",
        "low",
    ),
    Metric("mine_payback_years", "years", "until what mining adds is positive for good", "high"),
    Metric("loss_of_load_hours", "hours", "on which firm demand is shed"),
    Metric("loss_of_load_hours_grid_only", "hours", "the same without a mine"),
    Metric("loss_of_load_hours_idle", "hours", "the same hours with the plant idle"),
)
METRIC_NAMES = tuple(metric.name for metric in METRICS)

SERIES = (
    ("available_mw", "MW"),
    ("firm_served_by_plant_mw", "MW"),
    ("mine_mw", "MW"),
    ("export_mw", "MW"),
    ("export_grid_only_mw", "MW"),
    ("curtailed_mw", "MW"),
    ("import_mw", "MW"),
    ("unserved_firm_mw", "MW"),
    ("unserved_firm_idle_mw", "MW"),
    ("units_at_power", "units"),
    ("machines", "machines"),
    ("mine_hash_rate_eh_per_s", "EH/s"),
    ("network_share", "share"),
    ("network_hash_rate_eh_per_s", "EH/s"),
    ("network_hash_rate_without_eh_per_s", "EH/s"),
    ("difficulty", ""),
    ("hashprice_usd_per_ph_per_day", "USD/PH/day"),
    ("hashprice_without_usd_per_ph_per_day", "USD/PH/day"),
    ("bitcoin_price_usd", "USD/BTC"),
    ("fees_btc_per_block", "BTC"),
    ("power_price_usd_per_mwh", "USD/MWh"),
    ("bitcoin_mined", "BTC"),
    ("net_cash_usd", "USD"),
    ("cumulative_cash_usd", "USD"),
    ("net_cash_grid_only_usd", "USD"),
    ("net_cash_idle_usd", "USD"),
    ("safety_fund_usd", "USD"),
    ("frontier_j_per_th", "J/TH"),
    ("network_share_peak", "share"),
    ("revenue_usd", "USD"),
    ("works_cost_usd", "USD"),
    ("mine_capital_cost_usd", "USD"),
    ("tax_usd", "USD"),
    ("safety_cost_usd", "USD"),
)
