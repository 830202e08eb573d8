"""The register of a scenario's uncertain numbers: an address in, the column of a path's row out.

Stages ask for the numbers they need while they turn their section into arrays. Numbers drawn once
per path become columns of the matrix of inputs (P, C); numbers drawn at each event become rows of
a table of quantiles that the kernels read.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from baseload.distributions import Distribution


@dataclass
class Inputs:
    """Addresses and distributions in the order in which the stages asked for them."""

    addresses: list[str] = field(default_factory=list)
    distributions: list[Distribution] = field(default_factory=list)
    event_addresses: list[str] = field(default_factory=list)
    event_distributions: list[Distribution] = field(default_factory=list)
    _columns: dict[str, int] = field(default_factory=dict)
    _events: dict[str, int] = field(default_factory=dict)

    def column(self, address: str, distribution: Distribution) -> int:
        """Column of the number at `address`, one value per path."""
        if address not in self._columns:
            self._columns[address] = len(self.addresses)
            self.addresses.append(address)
            self.distributions.append(distribution)
        return self._columns[address]

    def event(self, address: str, distribution: Distribution) -> int:
        """Row of the number at `address`, drawn anew at each event."""
        if address not in self._events:
            self._events[address] = len(self.event_addresses)
            self.event_addresses.append(address)
            self.event_distributions.append(distribution)
        return self._events[address]
