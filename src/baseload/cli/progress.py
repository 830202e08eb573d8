"""How far a run has come, on standard error: a line that renews itself, or one now and then."""

from __future__ import annotations

import sys
import time
from typing import Final

from baseload.cli.terminal import columns_of, is_terminal

_ON_TERMINAL_SECONDS: Final = 0.1
_ELSEWHERE_SECONDS: Final = 5.0
_BAR: Final = 24
_NARROW: Final = 60
_TELLING_S: Final = 0.5
_MINUTE: Final = 60
_HOUR: Final = 3600


class Progress:
    """What a run calls to say how far it has come.

    Parameters
    ----------
    only_on_terminal : bool
        Say nothing where standard error is no terminal.
    quiet : bool
        Say nothing at all.
    """

    def __init__(self, only_on_terminal: bool = False, quiet: bool = False) -> None:
        self._terminal = is_terminal(sys.stderr)
        self._silent = quiet or (only_on_terminal and not self._terminal)
        self._words = ""
        self._began = self._last = time.monotonic()
        self._shown = False

    def __call__(self, done: int, paths: int, words: str) -> None:
        """Take note of so many paths done of all, and of what is going on."""
        if self._silent:
            return
        now = time.monotonic()
        changed = words != self._words
        if changed:
            self._words, self._began = words, now
        least = _ON_TERMINAL_SECONDS if self._terminal else _ELSEWHERE_SECONDS
        if not changed and done < paths and now - self._last < least:
            return
        self._last = now
        text = self._text(done, paths, now - self._began)
        if self._terminal:
            # The last columns stay free: some terminals begin a new line when they are taken.
            self._write(f"\r\x1b[2K{text[: columns_of(sys.stderr) - 2]}")
            self._shown = True
        elif changed or now - self._began >= _ELSEWHERE_SECONDS:
            self._write(text + "\n")

    def clear(self) -> None:
        """Remove the line from the terminal."""
        if self._shown:
            self._write("\r\x1b[2K")
            self._shown = False

    def _text(self, done: int, paths: int, seconds: float) -> str:
        if not done or not paths:
            return f"{self._words} …"
        rest = seconds * (paths - done) / done
        bar = "#" * (_BAR * done // paths)
        wide = columns_of(sys.stderr) >= _NARROW
        drawn = f"[{bar.ljust(_BAR, '.')}] " if self._terminal and wide else ""
        # The first instants say nothing about the speed.
        to_go = f", {_duration(rest)} to go" if seconds >= _TELLING_S else ""
        if self._terminal and not wide:
            return f"{100 * done // paths} %{to_go}, {self._words}"
        return f"{self._words} {drawn}{done:,} of {paths:,} paths{to_go}"

    def _write(self, text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except OSError:  # nobody is there to read it: no reason to lose the run
            self._silent = True


def _duration(seconds: float) -> str:
    """A time in words that are read at a glance.

    Examples
    --------
    >>> [_duration(value) for value in (0.2, 61, 150, 3599, 90_000)]
    ['0 s', '61 s', '2 min', '60 min', '25 h']
    """
    if seconds < 2 * _MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / _MINUTE:.0f} min" if seconds < 2 * _HOUR else f"{seconds / _HOUR:.0f} h"
