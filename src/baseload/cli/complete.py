"""What the shell offers for a word that is being typed: scenarios, settings, studies, figures.

Nothing here may fail: where something cannot be read, nothing is offered.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem

_SUFFIX: Final = ".toml"
_MOST_KEYS: Final = 2_000
_LARGEST_FILE_BYTES: Final = 1_000_000
_LARGEST_PAGE_BYTES: Final = 5_000_000
_PAGE: Final = "report.html"
_LONGEST_VALUE: Final = 24
_UNSAFE: Final = set(" \t\n,\"'`$\\[]{}()<>|&;*?!#~")
"""Signs that some shell would read as its own, and the comma, which parts type from value."""


def scenarios(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Names of the gallery, files that end in .toml, and folders on the way to them."""
    from click.shell_completion import CompletionItem

    from baseload.gallery import scenario_names

    names = [name for name in scenario_names() if name.startswith(incomplete)]
    return [CompletionItem(name) for name in (*names, *_files(incomplete, _SUFFIX))]


def studies(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Folders."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="dir")]


def figures(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Names of the figures of the study that the line names."""
    from click.shell_completion import CompletionItem

    names = names_of_figures(str(context.params.get("study") or ""))
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def names_of_figures(folder: str) -> list[str]:
    """Names of a study's figures, as its page has them.

    Parameters
    ----------
    folder : str
        Of the study.

    Returns
    -------
    list of str
        In their order on the page; without a page the names that most studies have.
    """
    import html
    import re
    from pathlib import Path

    from baseload.report.names import NAMES, told_apart

    page = Path(folder, _PAGE)
    try:
        small = page.is_file() and page.stat().st_size <= _LARGEST_PAGE_BYTES
        text = page.read_text(encoding="utf-8") if small else ""
    except (OSError, ValueError):
        text = ""
    titles = re.findall(r"<svg [^>]*><title[^>]*>(.*?)</title>", text, re.DOTALL)
    return told_apart(map(html.unescape, titles)) or list(NAMES.values())


def designs(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """What `scenarios` offers: a folder of a study is among the folders."""
    return scenarios(context, parameter, incomplete)


def settings(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Keys of the scenario that the line names, each with its value where that is one plain word."""
    from click.shell_completion import CompletionItem

    found = []
    for key, value, named in keys_of_scenario(_scenario_on_the_line()):
        if key.startswith(incomplete):
            found.append(CompletionItem(f"{key}={value}", help=named))
    return found


def sections(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Parts of a scenario that hold keys."""
    from click.shell_completion import CompletionItem

    from baseload.cli.schema import keys_of

    plain = (key.key.replace("[]", "") for key in keys_of("") if "." in key.key)
    parts = dict.fromkeys(address.rpartition(".")[0] for address in plain)
    return [CompletionItem(part) for part in parts if part.startswith(incomplete)]


def keys_of_scenario(name: str) -> list[tuple[str, str, str]]:
    """Keys that a scenario states, as a shell takes them without quotes.

    Parameters
    ----------
    name : str
        Of the gallery, or a file.

    Returns
    -------
    list of (str, str, str)
        Address with items by their number, value as text, and the address as messages write it;
        the value is empty where it has signs that a shell would read as its own. Nothing for a
        file that cannot be read.
    """
    import tomllib
    from pathlib import Path

    from baseload.gallery import scenario_names, scenario_path

    path = scenario_path(name) if name in scenario_names() else Path(name)
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST_FILE_BYTES:
            return []
        document = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return []
    document.pop("sources", None)
    found = []
    for key, value, named in _leaves(document, "", ""):
        if not _UNSAFE & set(key):
            found.append((key, value, named))
        if len(found) == _MOST_KEYS:
            break
    return found


def _scenario_on_the_line() -> str:
    """The first word that names a scenario.

    The line is not finished, so that click may not have told its arguments apart: it stops at an
    option without its value.
    """
    from click.shell_completion import split_arg_string

    from baseload.gallery import scenario_names

    words = split_arg_string(os.environ.get("COMP_WORDS", ""))
    named = (word for word in words if word in scenario_names() or word.endswith(_SUFFIX))
    return next(named, "")


def _leaves(value: Any, key: str, named: str) -> Iterator[tuple[str, str, str]]:
    """Walks tables and lists of tables; a distribution is offered as a whole."""
    from baseload.distributions import KINDS

    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value)) in KINDS:
            yield key, "", named
            return
        for inner, item in value.items():
            if "." in inner:  # a key that needs quotes
                continue
            yield from _leaves(item, f"{key}.{inner}".strip("."), f"{named}.{inner}".strip("."))
    elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        for number, item in enumerate(value):
            name = item.get("name", number)
            yield from _leaves(item, f"{key}.{number}", f"{named}[{name}]")
    elif key:
        yield key, _plain(value), named


def _plain(value: Any) -> str:
    """The value as it is typed after the key, empty where it would need quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if _UNSAFE & set(text) or len(text) > _LONGEST_VALUE:
        return ""
    return "" if isinstance(value, str) and _reads_as_toml(text) else text


def _reads_as_toml(text: str) -> bool:
    """Whether a text without its quotes would be a number or a day."""
    import tomllib

    try:
        tomllib.loads(f"value = {text}")
    except ValueError:
        return False
    return True


def _files(incomplete: str, suffix: str) -> list[str]:
    folder, _, start = incomplete.rpartition("/")
    place = f"{folder}/" if "/" in incomplete else ""
    try:
        entries = sorted(os.scandir(place or "."), key=lambda entry: entry.name)
    except (OSError, ValueError):
        return []
    found = []
    for entry in entries:
        if not entry.name.startswith(start) or (entry.name.startswith(".") and not start):
            continue
        if entry.is_dir():
            found.append(f"{place}{entry.name}/")
        elif entry.name.endswith(suffix):
            found.append(place + entry.name)
    return found
