"""Reading a scenario: every kind of slip is one fault, with place, found, allowed and nearest."""

import datetime as dt
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from baseload.errors import Fault, FieldFault, FieldFaults, InputError
from baseload.scenario.locate import Place, locate
from baseload.scenario.read import (
    NOT_YET,
    fault_at,
    parse_toml,
    read_scenario,
    read_text,
    validate,
)


class Table(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Uniform(Table):
    uniform: Annotated[list[float], Field(min_length=2, max_length=2)]


class Pert(Table):
    pert: tuple[float, float, float]


def even(value: int) -> int:
    if value % 2:
        raise ValueError("must be even: units come in pairs")
    return value


Power = Annotated[float, Field(gt=0)] | Uniform | Pert


class Licence(Table):
    regulator: Literal["SNRIU", "Rostekhnadzor"]
    from_on: dt.date = Field(alias="from")
    until_on: dt.date | None = Field(None, alias="until")


class Unit(Table):
    not_yet: ClassVar[Mapping[str, str]] = {"water": "the water balance"}

    name: str = Field(min_length=1)
    net_mw: Power = Field(json_schema_extra={"unit": "MW"})
    gross_mw: float = Field(1000.0, gt=0)
    licences: list[Licence] = []
    loops: Annotated[int, AfterValidator(even)] = 2
    mode: Literal["auto"] | float = "auto"
    running: bool = False

    @model_validator(mode="after")
    def net_is_below_gross(self) -> Self:
        if isinstance(self.net_mw, float) and self.net_mw > self.gross_mw:
            raise FieldFault(allowed="a number of at most gross_mw", at=("net_mw",))
        if any(v.until_on and v.until_on < v.from_on for v in self.licences):
            raise FieldFaults(
                *(
                    FieldFault(allowed="a day after from", at=("licences", index, "until_on"))
                    for index, v in enumerate(self.licences)
                    if v.until_on and v.until_on < v.from_on
                )
            )
        return self


class Circle(Table):
    kind: Literal["circle"]
    radius: float


class Square(Table):
    kind: Literal["square"]
    side: float


class Plant(Table):
    units: list[Unit] = []
    share: float = Field(default=0.5, ge=0, le=1)
    shape: Annotated[Circle | Square, Field(discriminator="kind")] | None = None
    split: dict[str, float] = {}


class Toy(Table):
    title: str
    start: dt.date = dt.date(2027, 1, 1)
    plant: Plant = Plant()


GOOD = """\
title = "toy"
start = 2027-01-01
[plant]
share = 0.25
split = { "Україна" = 0.5, Rest = 0.5 }
shape = { kind = "circle", radius = 2.0 }
[[plant.units]]
name = "ZNPP-1"
net_mw = 950
mode = 3.5
licences = [{ regulator = "SNRIU", from = 2022-08-01, until = 2030-01-01 }]
[[plant.units]]
name = "Unit 2"
net_mw = { uniform = [1, 2] }
"""


def faults_of(text: str, model: type[BaseModel] = Toy) -> tuple[Fault, ...]:
    with pytest.raises(InputError) as caught:
        validate(model, parse_toml(text, "toy.toml"), locate(text), "toy.toml")
    return caught.value.faults


def the_fault(old: str, new: str) -> str:
    """The one message after a slip in the good text."""
    assert GOOD.count(old) == 1
    faults = faults_of(GOOD.replace(old, new))
    assert len(faults) == 1, "\n".join(map(str, faults))
    return str(faults[0])


def test_a_good_text_is_read() -> None:
    toy = validate(Toy, parse_toml(GOOD))
    assert toy.plant.units[1].net_mw == Uniform(uniform=[1, 2])


def test_an_unknown_key_is_told_with_the_nearest_and_those_that_exist() -> None:
    assert the_fault("share = 0.25", "shared = 0.25") == (
        "toy.toml:4:1  plant.shared\n"
        "  found    a key that plant does not have\n"
        "  allowed  units, share, shape, split\n"
        "  nearest  share"
    )
    assert "a key that a scenario does not have" in the_fault("start =", "begin =")


def test_a_bound_in_a_union_is_one_fault_with_unit_and_alternatives() -> None:
    assert the_fault("net_mw = 950", "net_mw = -950") == (
        "toy.toml:9:1  plant.units[ZNPP-1].net_mw\n"
        "  found    -950\n"
        "  allowed  a number above 0 [MW], or a table"
    )


def test_bounds_are_told_in_full_whichever_is_broken() -> None:
    assert "allowed  a number from 0 to 1 [share]" in the_fault("share = 0.25", "share = 1.25")
    assert "allowed  a number from 0 to 1 [share]" in the_fault("share = 0.25", "share = -1")


def test_a_misspelled_member_of_a_union_is_one_fault_at_its_key() -> None:
    assert the_fault("uniform = [1, 2]", "unifrom = [1, 2]") == (
        "toy.toml:14:12  plant.units[Unit 2].net_mw.unifrom\n"
        "  found    a key that plant.units.net_mw does not have\n"
        "  allowed  uniform, pert\n"
        "  nearest  uniform"
    )


def test_a_fault_inside_a_member_of_a_union_is_told_at_the_item() -> None:
    assert the_fault("[1, 2]", '[1, "two"]') == (
        "toy.toml:14:26  plant.units[Unit 2].net_mw.uniform.1\n"
        '  found    "two"\n'
        "  allowed  a number"
    )
    assert the_fault("[1, 2]", "[1, 2, 3]") == (
        "toy.toml:14:12  plant.units[Unit 2].net_mw.uniform\n"
        "  found    [1, 2, 3]\n"
        "  allowed  a list of 2 items, each item a number"
    )


def test_an_empty_table_in_a_union_is_one_fault() -> None:
    message = the_fault("{ uniform = [1, 2] }", "{}")
    assert message.startswith("toy.toml:14:1  plant.units[Unit 2].net_mw\n  found    {}\n")


def test_a_wrong_type_shows_the_value_as_it_is_typed() -> None:
    assert the_fault("net_mw = 950", 'net_mw = "much"') == (
        "toy.toml:9:1  plant.units[ZNPP-1].net_mw\n"
        '  found    "much"\n'
        "  allowed  a number above 0 [MW], or a table"
    )
    assert "a date, as 2027-01-31" in the_fault("start = 2027-01-01", 'start = "soon"')
    message = the_fault('title = "toy"', "title = 3")
    assert message == "toy.toml:1:1  title\n  found    3\n  allowed  a text"
    assert "allowed  true or false" in the_fault("mode = 3.5", "running = 2")


def test_a_number_in_quotes_is_told_to_drop_them() -> None:
    class Strict(Table):
        model_config = ConfigDict(strict=True)
        pue: float

    (fault,) = faults_of('pue = "1.05"', Strict)
    assert fault.note == "a number stands without quotes"


def test_a_word_is_told_with_the_choices_and_the_nearest() -> None:
    message = the_fault('regulator = "SNRIU"', 'regulator = "Rosteknadzor"')
    assert '  allowed  one of "SNRIU", "Rostekhnadzor"\n' in message
    assert message.endswith('  nearest  "Rostekhnadzor"')
    message = the_fault("mode = 3.5", 'mode = "aut"')
    assert message.endswith('  allowed  "auto", or a number\n  nearest  "auto"')


def test_a_tag_is_told_with_the_tags() -> None:
    assert the_fault('kind = "circle"', 'kind = "circel"') == (
        "toy.toml:6:11  plant.shape.kind\n"
        '  found    "circel"\n'
        '  allowed  one of "circle", "square"\n'
        '  nearest  "circle"'
    )
    assert "plant.shape.radius\n" in the_fault("radius = 2.0", 'radius = "wide"')


def test_a_missing_key_stands_where_its_table_stands() -> None:
    assert the_fault("net_mw = 950\n", "") == (
        "toy.toml:7:1  plant.units[ZNPP-1].net_mw\n"
        "  found    nothing: the key is missing\n"
        "  allowed  a number above 0 [MW], or a table"
    )


def test_a_misspelled_key_is_not_missing_as_well() -> None:
    message = the_fault("net_mw = 950", "netmw = 950")
    assert message.startswith("toy.toml:9:1  plant.units[ZNPP-1].netmw\n")
    assert message.endswith("  nearest  net_mw")


def test_a_validator_s_words_follow_the_value() -> None:
    assert the_fault("mode = 3.5", "loops = 3") == (
        "toy.toml:10:1  plant.units[ZNPP-1].loops\n"
        "  found    3\n"
        "  note     must be even: units come in pairs"
    )


def test_a_field_fault_points_below_the_table_that_raised_it() -> None:
    assert the_fault("net_mw = 950", "net_mw = 1950") == (
        "toy.toml:9:1  plant.units[ZNPP-1].net_mw\n"
        "  found    1950\n"
        "  allowed  a number of at most gross_mw [MW]"
    )


def test_a_field_fault_by_python_name_finds_the_key_of_the_file() -> None:
    assert the_fault("until = 2030-01-01", "until = 2020-01-01").startswith(
        "toy.toml:11:55  plant.units[ZNPP-1].licences.0.until\n  found    2020-01-01\n"
    )


def test_what_comes_later_is_said_to_come_later() -> None:
    assert the_fault("mode = 3.5", "water = 1") == (
        "toy.toml:10:1  plant.units[ZNPP-1].water\n"
        "  found    1\n"
        "  note     not yet: the water balance"
    )
    text = GOOD + "\n".join(f"[[{key}]]\nname = 'x'" for key in NOT_YET)
    faults = faults_of(text)
    assert [fault.field for fault in faults] == list(NOT_YET)
    assert all(fault.note.startswith("not yet: ") for fault in faults)
    assert set(NOT_YET) == {"security"}


def test_a_section_is_allowed_once_the_schema_has_it() -> None:
    class Later(Toy):
        claims: list[str] = []

    assert validate(Later, {"title": "x", "claims": ["a"]}).claims == ["a"]


def test_all_faults_come_at_once_in_the_order_of_the_file() -> None:
    text = GOOD.replace("0.25", "2").replace('"toy"', "1").replace("950", "-1")
    faults = faults_of(text + "[security]\n")
    assert [fault.line for fault in faults] == [1, 4, 9, 15]


def test_values_of_free_tables_are_told_by_their_key() -> None:
    assert '"Україна" = ' in GOOD
    message = the_fault('"Україна" = 0.5', '"Україна" = "half"')
    assert message.startswith("toy.toml:5:11  plant.split.Україна\n")


def test_values_from_the_command_line_have_no_line(tmp_path: Path) -> None:
    file = tmp_path / "toy.toml"
    file.write_text(GOOD, encoding="utf-8")
    toy, document = read_scenario(Toy, file, ["plant.units[ZNPP-1].net_mw=800", "title=new"])
    assert (toy.title, toy.plant.units[0].net_mw) == ("new", 800)
    assert document["plant"]["units"][0]["net_mw"] == 800
    with pytest.raises(InputError) as caught:
        read_scenario(
            Toy,
            file,
            ["plant.units[ZNPP-1].net_mw=-1", "plnt.share=1", "plant.shape={kind='square'}"],
        )
    assert {(f.file, f.line, f.field) for f in caught.value.faults} == {
        ("--set", None, "plant.shape.side"),
        ("--set", None, "plant.units[ZNPP-1].net_mw"),
        ("--set", None, "plnt"),
    }


def test_an_override_by_name_may_rename_its_item(tmp_path: Path) -> None:
    file = tmp_path / "toy.toml"
    file.write_text(GOOD, encoding="utf-8")
    toy, _ = read_scenario(Toy, file, ["plant.units[ZNPP-1].name=A", "plant.units[A].loops=4"])
    assert (toy.plant.units[0].name, toy.plant.units[0].loops) == ("A", 4)
    replaced, _ = read_scenario(Toy, file, ["plant.units[ZNPP-1]={name='B', net_mw=1}"])
    assert replaced.plant.units[0].name == "B"


def test_later_checks_give_faults_of_the_same_form() -> None:
    document = parse_toml(GOOD)
    assert fault_at(
        ("plant", "units", 0, "net_mw"),
        document=document,
        places=locate(GOOD),
        file="toy.toml",
        allowed="less",
    ) == Fault("toy.toml", 9, 1, "plant.units[ZNPP-1].net_mw", "950", "less")


@pytest.mark.parametrize(
    ("text", "line", "column", "teaches"),
    [
        ("a = 1\nb = 1,500\n", 2, 6, "1_500"),
        ("a = 1\nstate = cold\n", 2, 9, '"quotes"'),
        ("a = 1\r\na = 2\r\n", 2, 6, "once"),
        ("[a]\n[b]\n[a]\n", 3, 3, "[[section]]"),
        ("d = 2027-13-01\n", 1, 9, "2027-01-31"),
        ('t = "abc\nb = 1\n', 1, 9, "same line"),
        ("t = 1\nu = 'abc\nb = 1\n", 2, 1, "quotes that it began with"),
        ("key word = 1\n", 1, 5, "Unit 1"),
        ("b = [\n1,\n]\na = [1, 2\n\nc = 1\n", 4, 1, ""),
        ("b = 1\n\na = [1, 2\n", 3, 1, "ends with ]"),
        ("\ufeffa = \n", 1, 5, "a number"),
    ],
)
def test_a_slip_of_syntax_has_its_line_and_a_lesson(
    text: str, line: int, column: int, teaches: str
) -> None:
    with pytest.raises(InputError) as caught:
        parse_toml(text, "toy.toml")
    (fault,) = caught.value.faults
    assert (fault.file, fault.line, fault.column) == ("toy.toml", line, column)
    assert fault.found == text.removeprefix("\ufeff").splitlines()[line - 1].strip()
    assert teaches in fault.allowed


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5000,
        "a = " + "[" * 50 + "]" * 50,
        "a." * 20_000 + "b = 1",
        "a.b." * 30 + "c = 1",
        "a = 99999999999999999999",
        "a = 0x" + "f" * 5000,
        "a = " + "1" * 5000,
    ],
)
def test_hostile_depth_and_length_is_refused_in_words(text: str) -> None:
    with pytest.raises(InputError, match=r"deep|64 bits"):
        parse_toml(text, "toy.toml")


def test_a_number_beyond_64_bits_is_told_at_its_place() -> None:
    with pytest.raises(InputError) as caught:
        parse_toml("a = 1\nb = [1, 9223372036854775808]", "toy.toml")
    assert str(caught.value).startswith("toy.toml:2:9  b.1\n")


def test_a_file_is_read_without_its_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes(b"\xef\xbb\xbfa = 1\r\n")
    assert read_text(file) == "a = 1\r\n"
    assert locate(read_text(file)).of(("a",)) == Place(1, 1)


def test_files_that_cannot_be_a_scenario_are_refused_in_words(tmp_path: Path) -> None:
    def refusal(path: Any) -> Fault:
        with pytest.raises(InputError) as caught:
            read_text(path)
        (fault,) = caught.value.faults
        return fault

    (tmp_path / "zaporizhzhia.toml").write_text("a = 1")
    missing = refusal(tmp_path / "zaporizhia.toml")
    assert (missing.found, missing.nearest) == ("no such file", "zaporizhzhia.toml")
    assert refusal(tmp_path).found == "a folder"
    assert refusal(tmp_path / "zaporizhzhia.toml" / "x").found == "no such file"
    assert refusal("a\0b").found == "a name that no file can have"
    assert refusal("x" * 5000).found == "no such file"
    (tmp_path / "latin.toml").write_bytes("a = 1\nб = 'é".encode() + b"\xe9'")
    latin = refusal(tmp_path / "latin.toml")
    assert (latin.line, latin.column) == (2, 7)
    (tmp_path / "wide.toml").write_bytes("a = 1".encode("utf-16"))
    assert "UTF-16" in refusal(tmp_path / "wide.toml").found
    with (tmp_path / "large.toml").open("wb") as stream:
        stream.truncate(10_000_001)
    assert "10 MB" in refusal(tmp_path / "large.toml").found
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "pipe").found == "no plain file"
