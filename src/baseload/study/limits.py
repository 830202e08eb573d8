"""The largest counts that a study may be asked for."""

from __future__ import annotations

from typing import Final

MOST_PATHS: Final = 10_000_000
LARGEST_SEED: Final = 2**63 - 1
MOST_THREADS: Final = 1024
MOST_CHUNK_PATHS: Final = 4096
"""Paths that a thread takes at a time."""

MOST_CERTIFICATE_WEEKS: Final = 10_000
MOST_ACCORD_PATHS: Final = 10_000
"""Paths of each configuration that parties could run."""
