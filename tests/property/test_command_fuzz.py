"""Whatever is typed after `baseload`, the program ends with one of its exit codes and in words.

Thousands of lines of words that are right, nearly right and absurd; nothing of the engine runs.
`BASELOAD_FUZZ_FACTOR` and `BASELOAD_FUZZ_SEED` as for the scenarios.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from random import Random
from typing import Any

import pytest

import baseload
from baseload.agreement import accord
from baseload.cli import export, kernel_cache, security
from baseload.cli.group import COMMANDS, commands
from baseload.cli.main import main
from baseload.errors import MachineFault

SMALL = Path(__file__).parents[1] / "scenarios" / "small.toml"
FACTOR = float(os.environ.get("BASELOAD_FUZZ_FACTOR", "1"))
SEED = os.environ.get("BASELOAD_FUZZ_SEED", "1")
CASES = 5_500
STUBBED = ("run", "compare")
# What works by itself is left out here and held to elsewhere: it reads the machine or much text.
SLOW = ("doctor", "machines", "list", "schema")

WORDS = (
    *("", " ", "-", "--", "---", "--=", "=", "x", "-x", "-qq", "0", "-1", "1e9", "nan", "9" * 30),
    *("small.toml", "small.tmol", "not there.toml", "zaporizhia", "Über uns", "мой завод", "."),
    *("folder", "a\nb", "\t", "☢", "🙂" * 50, "%s%n", "$HOME", "~", "*", "[", "\x00", "\udcff"),
    *("x" * 300, "y" * 5_000, "manifest.json", "broken", "/dev/null", "/proc/self/nothing"),
    *("out", "page.html", "year.nc", "own.toml", "0.27", "Foundry USA", "plant.units", "bash"),
)
SETTINGS = (
    *("years=3", "years=", "=3", "years", "yeers=3", "fleet.0.mine_mw=800", "fleet.9.mine_mw=1"),
    *("fleet.0.mine_mw={uniform=[1,2]}", "fleet.0.mine_mw={unifrom=[1,2]}", "fleet=[]", "plant=1"),
    *("a.b.c.d=1", "[[[=1", "2:years=3", "9:years=3", ":=", "years=nan", "start=2027-13-01"),
    *("start=2027-02-01", 'title="', "title='''", "accord={}", "gates=[]", "law=1", "led_by=1"),
    *("years=" + "9" * 5_000, "x" * 5_000 + "=1", "\x00=1", "\udcff=1", "title=\udcff"),
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to be in, with a scenario and a broken study, where no run takes place."""
    shutil.copy(SMALL, tmp_path / "small.toml")
    (tmp_path / "folder").mkdir()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "manifest.json").write_text("{", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def refuse(*_: Any, **__: Any) -> Any:
        raise MachineFault("nothing runs here")

    for name in STUBBED:
        monkeypatch.setattr(baseload, name, refuse, raising=False)
    monkeypatch.setattr(accord, "accord_of", refuse)
    monkeypatch.setattr(export, "_traced", refuse)
    monkeypatch.setattr(security, "text_of", refuse)
    monkeypatch.setattr(kernel_cache.KernelCache, "clear", lambda _: [])
    return tmp_path


def options_of(name: str) -> list[str]:
    with commands.make_context("baseload", []) as context:
        command = commands.get_command(context, name)
        assert command is not None
        return [option for one in command.params for option in (*one.opts, *one.secondary_opts)]


def line(random: Random, options: dict[str, list[str]]) -> list[str]:
    """Words of a command line: a command, most often one that is there, and what may follow."""
    name = random.choice([name for name in COMMANDS if name not in SLOW])
    words = [name if random.random() < 0.95 else random.choice((name[:-1], name + "s", *WORDS))]
    if random.random() < 0.6:
        words.append("small.toml" if random.random() < 0.3 else random.choice(("broken", *WORDS)))
    for _ in range(random.randrange(4)):
        kind = random.random()
        if kind < 0.45:
            option = random.choice(options[name])
            glued = random.random() < 0.1
            words.append(option + ("=" + random.choice(WORDS) if glued else ""))
            if not glued and random.random() < 0.7:
                words.append(random.choice(WORDS))
        elif kind < 0.7:
            words += ["--set", random.choice(SETTINGS)]
        elif kind < 0.75:
            words += [random.choice(("--help", "-h", "--version", "--json", "--quiet"))]
        else:
            words.append(random.choice(WORDS))
    return words


def test_every_command_line_ends_with_an_exit_code_and_in_words(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = {name: [one for one in options_of(name) if one.startswith("-")] for name in COMMANDS}
    options = {name: found or ["--help"] for name, found in options.items()}
    codes: dict[int, int] = {}
    for case in range(int(CASES * FACTOR)):
        words = line(Random(f"{SEED} {case}"), options)
        try:
            code = main(words)
        except BaseException as error:
            raise AssertionError(f"seed {SEED}, case {case}: {words!r:.400}") from error
        captured = capsys.readouterr()
        assert code in (0, 1, 2, 130), words
        assert "Traceback" not in captured.err, words
        assert code == 0 or captured.err or "--json" in words, words  # `check --json` says it there
        codes[code] = codes.get(code, 0) + 1
    # All three happened, or the lines are no fuzz at all.
    assert set(codes) >= {0, 1, 2}


def test_what_a_shell_asks_is_answered_or_passed_over(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {name: [one for one in options_of(name) if one.startswith("-")] for name in COMMANDS}
    options = {name: found or ["--help"] for name, found in options.items()}
    for case in range(int(600 * FACTOR)):
        random = Random(f"{SEED} {case}")
        words = [word.replace("\x00", "") for word in line(random, options)]
        shell = random.choice(("bash", "zsh", "fish", "bsh"))
        monkeypatch.setenv("_BASELOAD_COMPLETE", f"{shell}_{random.choice(('complete', 'x', ''))}")
        monkeypatch.setenv("COMP_WORDS", " ".join(["baseload", *words]))
        monkeypatch.setenv("COMP_CWORD", random.choice(("1", "2", "9", "-1", "many")))
        assert main([]) in (0, 1), words
        assert capsys.readouterr().err == "", words
