"""A file that appears whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and swap it in, so that nobody ever reads half of it.

    Parameters
    ----------
    path : Path
        The file to write or to replace, in a folder that exists.
    content : bytes

    Raises
    ------
    OSError
        Where it cannot be written; what stood there before is as it was.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
