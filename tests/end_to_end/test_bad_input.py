"""Bad input: one clear error for each fault, with its place, and all faults of a file at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import baseload
from baseload.errors import Fault, InputError, MachineFault


@pytest.fixture
def text(scenario_folder: Path) -> str:
    return (scenario_folder / "small.toml").read_text(encoding="utf-8")


def spoiled(text: str, old: str, new: str) -> str:
    """The text with one thing in it changed."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def faults_of(folder: Path, text: str) -> tuple[Fault, ...]:
    """What is told of a scenario of this text; the places it names exist."""
    path = folder / "bad.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as told:
        baseload.load(path)
    lines = text.split("\n")
    for fault in told.value.faults:
        assert fault.file == str(path)
        assert fault.line is not None, fault
        assert fault.column is not None, fault
        assert 1 <= fault.column <= len(lines[fault.line - 1]) + 1
    return told.value.faults


def only_fault(folder: Path, text: str, at: str) -> Fault:
    """The one fault, which stands on the line that holds `at`."""
    (fault,) = faults_of(folder, text)
    assert fault.line is not None
    assert at in text.split("\n")[fault.line - 1]
    return fault


@pytest.mark.parametrize(
    ("old", "new", "field", "near"),
    [
        ("\nyears   = 2", "\nyeers   = 2", "yeers", "years"),
        ("[finance]", "[finanse]", "finanse", "finance"),
        ("peak_mw            = 40", "peak_mv = 40", "demand[town].peak_mv", "peak_mw"),
        (
            "lifetime_years  = 1",
            "lifetime_year = 1",
            "fleet[first hall].lifetime_year",
            "lifetime_years",
        ),
        ("price_usd_per_th = 16", "price = 16", "fleet[second hall].price", "price_usd_per_th"),
    ],
)
def test_a_misspelt_key_is_told_with_its_place_and_the_nearest(
    tmp_path: Path, text: str, old: str, new: str, field: str, near: str
) -> None:
    faults = faults_of(tmp_path, spoiled(text, old, new))
    fault = next(fault for fault in faults if fault.field == field)
    assert fault.nearest == near


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("mine_mw         = { uniform = [40, 60] }", 'mine_mw = "50 MW"', ["50 MW", "MW"]),
        ("mine_mw         = { uniform = [40, 60] }", "mine_mw = true", ["true", "MW"]),
        ("mine_mw         = { uniform = [40, 60] }", "mine_mw = -1500", ["-1500", "at least 0"]),
        (
            "mine_mw         = { uniform = [40, 60] }",
            "mine_mw = { uniform = [-1, 60] }",
            ["-1", "60"],
        ),
        (
            "mine_mw         = { uniform = [40, 60] }",
            "mine_mw = { uniform = [60, 40] }",
            ["60", "40"],
        ),
        (
            "mine_mw         = { uniform = [40, 60] }",
            "mine_mw = { unifrom = [40, 60] }",
            ["uniform"],
        ),
        ("mine_mw         = { uniform = [40, 60] }", "mine_mw = nan", ["nan"]),
        ("mine_mw         = { uniform = [40, 60] }", "mine_mw = inf", ["at least 0"]),
        ("mine_mw         = { uniform = [40, 60] }", "mine_mw = [1, 2]", ["MW"]),
        ("\nyears   = 2", "\nyears   = 0", ["0", "1"]),
        ("\nyears   = 2", "\nyears   = 61", ["61", "60"]),
        ("\nyears   = 2", "\nyears   = 2.5", ["2.5"]),
        (
            "\nstart   = 2027-01-01",
            "\nstart   = 2027-01-15",
            ["2027-01-15", "first day of a month"],
        ),
        ("\nstart   = 2027-01-01", '\nstart   = "2027"', ["2027", "date"]),
        ('state      = "running"', 'state      = "runing"', ["runing", "running"]),
        ("availability    = 0.95", "availability    = 95", ["95", "1"]),
        ("transmission_loss             = 0.02", "transmission_loss = 2", ["2", "1"]),
        ("net_mw       = 100", "net_mw       = 110", ["110", "gross_mw (105)"]),
        (
            'model           = "antminer-s21"',
            'model = "antminer-s22"',
            ["antminer-s22", "antminer-s2"],
        ),
        ('needs        = ["water"]', 'needs = ["watre"]', ["watre"]),
        ('profile            = "household"', 'profile = "houshold"', ["houshold", "household"]),
        ("depreciation_years = 4", "depreciation_years = 0", ["0", "1"]),
        (
            '{ from = "war", to = "ceasefire", per_year = 6 }',
            '{ from = "war", to = "war", per_year = 6 }',
            ["war", "two different phases"],
        ),
        (
            "median_growth_per_year = 0.05",
            "median_growth_per_year = 0.05\ndrift_per_year = 0.1",
            ["both", "exactly one"],
        ),
    ],
)
def test_a_wrong_value_is_told_with_its_place_what_was_found_and_what_is_allowed(
    tmp_path: Path, text: str, old: str, new: str, words: list[str]
) -> None:
    made = text
    if old == 'needs        = ["water"]':
        made = made.replace('needs = ["water"], months', 'needs        = ["water"], months')
        new += ", months"
        old += ", months"
    (fault,) = faults_of(tmp_path, spoiled(made, old, new))
    said = f"{fault.found} {fault.allowed} {fault.nearest} {fault.note}"
    for word in words:
        assert word in said


@pytest.mark.parametrize("section", ["security"])
def test_a_section_of_a_stage_that_does_not_exist_yet_is_refused_with_not_yet(
    tmp_path: Path, text: str, section: str
) -> None:
    fault = only_fault(tmp_path, f"{text}\n[{section}]\nmembers = 3\n", f"[{section}]")
    assert fault.field == section
    assert "not yet" in str(fault)


@pytest.mark.parametrize(
    ("section", "key"),
    [("finance", "debt"), ("grid", "services"), ("plant", "cooling"), ("network", "free_entry")],
)
def test_a_key_of_a_later_version_is_refused_with_not_yet(
    tmp_path: Path, text: str, section: str, key: str
) -> None:
    made = spoiled(text, f"\n[{section}]\n", f"\n[{section}]\n{key} = 1\n")
    assert "not yet" in str(only_fault(tmp_path, made, f"{key} = 1"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('"network.price_usd ~ grid.price.daily" = 1.2', ["1.2"]),
        ('"network.price_usd ~ grid.price.daily" = nan', ["nan"]),
        ('"network.price_usd ~ grid.price.dayly" = 0.2', ["grid.price.dayly", "grid.price.daily"]),
        ('"network.price_usd" = 0.2', ["~"]),
        ('"network.price_usd ~ plant.costs.fuel_usd_per_mwh" = 0.2', ["process"]),
        (
            '"plant.costs.fuel_usd_per_mwh ~ plant.costs.fuel_usd_per_mwh" = 0.2',
            ["fuel_usd_per_mwh"],
        ),
        ('"plant.costs.fuel_usd_per_mwh ~ demand[town].peak_mw" = 0.2', ["demand[town].peak_mw"]),
    ],
)
def test_a_correlation_that_cannot_be_is_told(
    tmp_path: Path, text: str, line: str, words: list[str]
) -> None:
    made = spoiled(text, '"network.price_usd ~ grid.price.daily" = 0.2', line)
    said = "\n".join(str(fault) for fault in faults_of(tmp_path, made))
    for word in words:
        assert word in said


def test_correlations_that_cannot_hold_together_are_told(tmp_path: Path, text: str) -> None:
    a, b, c = (
        "grid.price.level_usd_per_mwh",
        "plant.costs.fuel_usd_per_mwh",
        "finance.discount_rate",
    )
    lines = f'"{a} ~ {b}" = 0.9\n"{b} ~ {c}" = 0.9\n"{a} ~ {c}" = -0.9'
    made = spoiled(text, f'"{a} ~ {b}" = 0.5', lines)
    (fault,) = faults_of(tmp_path, made)
    assert fault.field.startswith("correlations")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, ["no such file"]),
        ("value\n1\n0.5\n", ["2 rows"]),
        ("value\n" + "0.5\n" * 8759 + "nan\n", ["8761", "nan"]),
        ("value\n" + "0.5\n" * 100 + "1.5\n" + "0.5\n" * 8659, ["102", "1.5"]),
        ("hours\n" + "0.5\n" * 8760, ["header"]),
        (
            "time,value\n2027-01-01T00:00Z,1\n2027-01-01T02:00Z,1\n",
            [":3", "2027-01-01T02:00Z", "2027-01-01T01:00Z"],
        ),
    ],
    ids=["missing", "short", "nan", "above one", "no header", "gap"],
)
def test_a_profile_with_gaps_or_nan_is_told_with_the_place_in_it(
    tmp_path: Path, text: str, content: str | None, words: list[str]
) -> None:
    if content is not None:
        (tmp_path / "profile.csv").write_text(content, encoding="utf-8")
    made = spoiled(text, "refuelling = {", 'availability = "profile.csv"\nrefuelling = {')
    fault = only_fault(tmp_path, made, "profile.csv")
    for word in words:
        assert word in fault.found


def test_a_mine_larger_than_the_gross_ratings_is_refused(tmp_path: Path, text: str) -> None:
    made = spoiled(text, "mine_mw         = { uniform = [40, 60] }", "mine_mw = 191")
    fault = only_fault(tmp_path, made, "mine_mw = 191")
    assert (fault.field, "211" in fault.found, "210" in fault.allowed) == (
        "fleet[first hall].mine_mw",
        True,
        True,
    )


def test_a_mine_larger_than_net_power_only_warns(
    tmp_path: Path, text: str, small_scenario: baseload.Scenario
) -> None:
    made = spoiled(text, "mine_mw         = { uniform = [40, 60] }", "mine_mw = 188")
    (tmp_path / "large.toml").write_text(made, encoding="utf-8")
    words = "larger than the units' net power"
    assert any(words in warning for warning in baseload.load(tmp_path / "large.toml").warnings)
    assert not any(words in warning for warning in small_scenario.warnings)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('state      = "running"', 'state      = "running"\nenabled = false', "not enabled"),
        ('state      = "running"', 'state      = "cold shutdown"', "without a restart"),
        (
            'state      = "running"',
            'state      = "running"\nend_of_life_on = 2026-01-01',
            "its life",
        ),
    ],
)
def test_a_horizon_in_which_no_unit_can_run_is_refused(
    tmp_path: Path, text: str, old: str, new: str, reason: str
) -> None:
    made = spoiled(spoiled(text, old, new), "{ uniform = [2, 6] }", "{ uniform = [25, 30] }")
    made = spoiled(made, "{ lognormal = { median = 1.0, p95 = 1.5 } }", "{ uniform = [1, 2] }")
    (fault,) = faults_of(tmp_path, made)
    assert "no unit that can run" in fault.found
    assert reason in fault.found


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        ('title = "x\nyears = 3\n', 1),
        ('title = "x"\nyears = = 3\n', 2),
        ('title = "x"\n[plant\nname = "y"\n', 2),
        ('title = "x"\ntitle = "y"\n', 2),
        ('title = "x"\nstart = 2027-13-01\n', 2),
    ],
)
def test_broken_toml_is_told_with_line_and_column(tmp_path: Path, broken: str, line: int) -> None:
    (fault,) = faults_of(tmp_path, broken)
    assert fault.line == line


def test_text_that_is_no_utf8_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_bytes(b'title = "x"\nname = "\xff"\n')
    with pytest.raises(InputError) as told:
        baseload.load(tmp_path / "bad.toml")
    (fault,) = told.value.faults
    assert (fault.line, fault.column) == (2, 9)


def test_all_faults_of_a_file_are_told_at_once_in_the_order_of_their_places(
    tmp_path: Path, text: str
) -> None:
    made = spoiled(text, "\nyears   = 2", "\nyears   = 200")
    made = spoiled(
        made,
        'thermal_mw = 300\nstate      = "running"',
        'thermal_mw = -300\nstate      = "running"',
    )
    made = spoiled(made, "returns = 0.9", "returns = 1.9")
    made = spoiled(made, "tax_rate           = 0.2", "tax_rate = 20")
    made = spoiled(made, "lead_months     = 1", "lead_month = 1")
    faults = faults_of(tmp_path, made)
    assert [fault.field for fault in faults] == [
        "years",
        "plant.units[A].thermal_mw",
        "plant.units[B].restart.returns",
        "fleet[first hall].lead_month",
        "finance.tax_rate",
    ]


def test_faults_within_and_between_sections_are_told_at_once(tmp_path: Path, text: str) -> None:
    made = spoiled(text, 'profile            = "household"', 'profile = "houshold"')
    made = spoiled(made, 'model           = "antminer-s21"', 'model = "antminer-s22"')
    made = spoiled(made, "\nstart   = 2027-01-01", "\nstart   = 2027-01-02")
    made = spoiled(made, "tax_rate           = 0.2", "tax_rate = 20")
    fields = [fault.field for fault in faults_of(tmp_path, made)]
    assert fields == [
        "start",
        "demand[town].profile",
        "fleet[first hall].model",
        "finance.tax_rate",
    ]


@pytest.mark.parametrize(
    ("name", "near"), [("zaporizhia", "zaporizhzhia"), ("susquehana", "susquehanna")]
)
def test_an_unknown_scenario_is_answered_with_the_nearest(name: str, near: str) -> None:
    with pytest.raises(InputError) as told:
        baseload.load(name)
    assert near in str(told.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        baseload.load(tmp_path / "nothing.toml")


@pytest.mark.skipif(not Path("/proc/1").exists(), reason="needs a place where nobody may write")
def test_an_unwritable_place_is_the_machines_fault(small_study: baseload.Study) -> None:
    with pytest.raises(MachineFault) as told:
        small_study.save("/proc/study")
    assert told.value.exit_code == 1
    assert told.value.where == "/proc/study"


def test_exit_codes_are_two_for_input_and_one_for_the_machine() -> None:
    assert (InputError.exit_code, MachineFault.exit_code) == (2, 1)


def test_a_message_has_place_found_and_allowed_on_lines_of_their_own(
    tmp_path: Path, text: str
) -> None:
    made = spoiled(text, "mine_mw         = { uniform = [40, 60] }", "mine_mw = -1500")
    fault = only_fault(tmp_path, made, "-1500")
    assert re.fullmatch(
        r".*bad\.toml:\d+:\d+  fleet\[first hall\]\.mine_mw\n"
        r"  found    -1500\n"
        r"  allowed  a number of at least 0 \[MW\].*",
        str(fault),
    )
