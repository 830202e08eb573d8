"""A network section made into the arrays of its kernels, on a chain of round numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from baseload.inputs import Inputs
from baseload.network.schema import Network
from baseload.network.setup import AS_GIVEN, ChainStart, NetworkSetup, Replay, network_setup
from baseload.network.work import NetworkWork, network_work

Floats = npt.NDArray[np.float64]

CHAIN = ChainStart(
    absolute_day=20_620,
    height=953_600,
    mantissa=0x024000,
    size=0x17,
    position=float(953_600 % 2016),
    seconds=19_200.0,
    network_eh_per_s=900.0,
    price_usd=65_000.0,
    fees_btc=0.022,
)
EMPTY = np.zeros(0)
NO_PAST = Replay(EMPTY, EMPTY, np.zeros(0, np.int64), EMPTY, EMPTY)


def made(
    price_usd: dict[str, Any],
    *,
    growth_mode: int = AS_GIVEN,
    curve: Floats = EMPTY,
    returns: Floats = EMPTY,
    correlation: Floats | None = None,
    start_day: int = CHAIN.absolute_day,
    **more: Any,
) -> tuple[NetworkSetup, Floats, NetworkWork]:
    """Setup, the one row of fixed inputs, and memory."""
    inputs = Inputs()
    network = Network.model_validate({"price_usd": price_usd, **more})
    setup = network_setup(
        network,
        CHAIN,
        start_day,
        NO_PAST,
        curve,
        returns,
        np.eye(3) if correlation is None else correlation,
        growth_mode,
        1,
        inputs,
    )
    row = np.array([distribution.quantile(0.5) for distribution in inputs.distributions])
    return setup, row, network_work(setup)
