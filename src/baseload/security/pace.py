"""How fast blocks come while the hash rate stays what it is: ten minutes each."""

from __future__ import annotations

from typing import Final

from baseload.clock import DAYS_PER_YEAR
from baseload.network.protocol import TARGET_SECONDS_PER_BLOCK, TARGET_SECONDS_PER_PERIOD
from baseload.units import SECONDS_PER_DAY

SECONDS_PER_BLOCK: Final = float(TARGET_SECONDS_PER_BLOCK)
MINUTES_PER_BLOCK: Final = SECONDS_PER_BLOCK / 60.0
BLOCKS_PER_HOUR: Final = 3_600.0 / SECONDS_PER_BLOCK
BLOCKS_PER_DAY: Final = SECONDS_PER_DAY / SECONDS_PER_BLOCK
BLOCKS_PER_YEAR: Final = DAYS_PER_YEAR * BLOCKS_PER_DAY
DAYS_PER_PERIOD: Final = TARGET_SECONDS_PER_PERIOD / SECONDS_PER_DAY
WEEKS_PER_PERIOD: Final = DAYS_PER_PERIOD / 7.0
