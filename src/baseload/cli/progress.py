"""How far a run has come, on standard error: a line that renews itself, or one now and then."""

from __future__ import annotations

import sys
import time
from typing import Final

_ON_TERMINAL_SECONDS: Final = 0.1
_ELSEWHERE_SECONDS: Final = 5.0
_BAR: Final = 24
_TELLING_S: Final = 0.5
_LONGEST: Final = 78


class Progress:
    """What a run calls to say how far it has come.

    Parameters
    ----------
    only_on_terminal : bool
        Say nothing where standard error is no terminal.
    """

    def __init__(self, only_on_terminal: bool = False) -> None:
        self._terminal = sys.stderr.isatty()
        self._silent = only_on_terminal and not self._terminal
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
            self._write(f"\r\x1b[2K{text[:_LONGEST]}")
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
        drawn = f"[{bar.ljust(_BAR, '.')}] " if self._terminal else ""
        # The first instants say nothing about the speed.
        to_go = f", {rest:,.0f} s to go" if seconds >= _TELLING_S else ""
        return f"{self._words} {drawn}{done:,} of {paths:,} paths{to_go}"

    def _write(self, text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except OSError:  # nobody is there to read it: no reason to lose the run
            self._silent = True
