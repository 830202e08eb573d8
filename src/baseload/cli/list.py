"""`baseload list`: the scenarios that come with the program."""

from __future__ import annotations

import click

from baseload.cli.options import json_option
from baseload.cli.text import hanging, say, say_json


@click.command(epilog="Example: baseload list --json")
@json_option
def command(as_json: bool) -> None:
    """List the scenarios that come with the program."""
    import tomllib

    from baseload.gallery import scenario_names, scenario_path

    rows = []
    for name in scenario_names():
        document = tomllib.loads(scenario_path(name).read_text(encoding="utf-8"))
        rows.append(
            {"name": name, "title": document["title"], "summary": document.get("summary", "")}
        )
    if as_json:
        say_json(rows)
        return
    width = max((len(row["name"]) for row in rows), default=0) + 2
    for row in rows:
        say(hanging(row["name"], row["title"], width))
        if row["summary"]:
            say(hanging("", row["summary"], width))
