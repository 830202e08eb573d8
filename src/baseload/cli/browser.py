"""The browser of this machine: to show a page, and to print one into a PDF without a window."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from baseload.errors import MachineFault

VARIABLE: Final = "BASELOAD_BROWSER"
"""Variable that names the program that prints, before any other is looked for."""
PROGRAMS: Final = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
    "brave",
    "brave-browser",
)
"""Browsers that print without a window, as they are called on PATH."""
LONGEST_SECONDS: Final = 120.0

_OF_MAC: Final = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "Brave Browser.app/Contents/MacOS/Brave Browser",
)
_OF_WINDOWS: Final = (
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
    "Chromium/Application/chrome.exe",
    "BraveSoftware/Brave-Browser/Application/brave.exe",
)
_FOLDERS_OF_WINDOWS: Final = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
_OPTIONS: Final = (
    "--headless",
    "--disable-gpu",
    # Nothing of the page comes from elsewhere, and nothing of the browser may either.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-extensions",
    "--disable-breakpad",
    "--no-first-run",
    "--no-default-browser-check",
    # Its name in versions until 2022, and since; each ignores the other.
    "--print-to-pdf-no-header",
    "--no-pdf-header-footer",
)
_BEGIN, _END = b"%PDF-", b"%%EOF"


def open_page(page: Path) -> bool:
    """Show a page in the user's browser, and say whether one could be asked to."""
    import webbrowser

    try:
        return webbrowser.open(page.absolute().as_uri())
    except (webbrowser.Error, OSError):
        return False


def find_browser() -> str | None:
    """The program that prints: the one that `BASELOAD_BROWSER` names, or the first that is found.

    Raises
    ------
    MachineFault
        Where the variable names a program that is not there.
    """
    named = os.environ.get(VARIABLE)
    if named:
        found = shutil.which(named)
        if found is None:
            raise MachineFault(
                f"the browser that {VARIABLE} names was not found",
                where=named,
                what_to_do="let it name a Chromium, Chrome, Edge or Brave, or nothing",
            )
        return found
    on_path = (shutil.which(name) for name in PROGRAMS)
    return next(filter(None, on_path), None) or next(
        filter(None, map(shutil.which, _usual())), None
    )


def _usual() -> Iterator[str]:
    """Places outside PATH where installers put browsers."""
    platform = str(sys.platform)
    if platform == "darwin":
        for folder in ("/Applications", os.path.expanduser("~/Applications")):
            yield from (os.path.join(folder, name) for name in _OF_MAC)
    elif platform == "win32":
        for variable in _FOLDERS_OF_WINDOWS:
            if os.environ.get(variable):
                yield from (os.path.join(os.environ[variable], name) for name in _OF_WINDOWS)


def print_page(page: Path, pdf: Path) -> Path:
    """Print a page into a PDF, whole or not at all.

    Parameters
    ----------
    page : Path
        A page that needs nothing beside itself.
    pdf : Path
        The file to write or to replace.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    MachineFault
        Where there is no browser that prints, it does not print, or the file cannot be written.
    """
    browser = find_browser()
    if browser is None:
        raise MachineFault(
            "no browser that prints into a PDF was found",
            where=f"looked for {', '.join(PROGRAMS)}, on PATH and in the usual places",
            what_to_do=f"open {page} in any browser and print it, or let {VARIABLE} name one",
        )
    # Beside the file: a browser in a box of its own may not see the folder for temporary files.
    folder = None
    try:
        folder = Path(tempfile.mkdtemp(prefix=f"{pdf.stem}-printing-", dir=pdf.parent))
        source, made = folder / "page.html", folder / "page.pdf"
        shutil.copyfile(page, source)
        said = _printed(browser, source, made, folder / "profile")
        if not _is_whole(made):
            raise MachineFault(
                "the browser did not print the page",
                where=browser,
                why=said,
                what_to_do=f"open {page} in a browser and print it, or let {VARIABLE} name another",
            )
        os.replace(made, pdf)
    except OSError as error:
        raise MachineFault(
            "the PDF could not be written",
            where=str(pdf),
            why=error.strerror or str(error),
            what_to_do="name a file in a folder that exists and may be written to",
        ) from error
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
    return pdf


def _printed(browser: str, source: Path, made: Path, profile: Path) -> str:
    """Let the browser print, and give what it complained of where it did not."""
    command = [
        browser,
        *_OPTIONS,
        f"--user-data-dir={profile.absolute()}",
        f"--print-to-pdf={made.absolute()}",
    ]
    # A browser that is run by root refuses to shut itself in, as in a container.
    if getattr(os, "geteuid", lambda: 1)() == 0:
        command.append("--no-sandbox")
    said = _run([*command, source.absolute().as_uri()], profile)
    if not _is_whole(made) and "sandbox" in said and "--no-sandbox" not in command:
        said = _run([*command, "--no-sandbox", source.absolute().as_uri()], profile)
    return next((line for line in reversed(said.splitlines()) if line.strip()), "it said nothing")


def _run(command: list[str], home: Path) -> str:
    """What a program said on standard error; it and what it started have ended by then."""
    own = {name: str(home.absolute()) for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME")}
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, **own},
        start_new_session=True,
    )
    try:
        said = process.communicate(timeout=LONGEST_SECONDS)[1]
        return said.decode("utf-8", "replace")
    except subprocess.TimeoutExpired:
        return f"no page after {LONGEST_SECONDS:.0f} seconds"
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program and whatever it started in its own session."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    if process.stderr is not None:
        process.stderr.close()
    process.wait()


def _is_whole(made: Path) -> bool:
    try:
        content = made.read_bytes()
    except OSError:
        return False
    return content.startswith(_BEGIN) and _END in content[-1024:]
