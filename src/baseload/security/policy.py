"""A miner's strategy as a table: what he does in each state of the race between two branches.

A state is (a, h, fork): `a` blocks of his own branch and `h` of the public one since they parted, and
the fork is *irrelevant* after a block of his own, *relevant* after one of the public, *active* where he has
published as many blocks as the public has and the network is split. The actions are those of
Sapirshtein, Sompolinsky and Zohar, arXiv 1507.06183.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from baseload.security.strategy_arguments import fault

ADOPT, OVERRIDE, MATCH, WAIT = 0, 1, 2, 3
IRRELEVANT, RELEVANT, ACTIVE = 0, 1, 2
ACTIONS = ("adopt", "override", "match", "wait")
FORKS = ("irrelevant", "relevant", "active")

Actions = npt.NDArray[np.int8]


@dataclass(frozen=True, eq=False, repr=False)
class MiningPolicy:
    """What a miner does in each state: 0 adopt, 1 override, 2 match, 3 wait.

    *Adopt* gives his branch up for the public one. *Override* publishes one block more than the
    public has. *Match* publishes as many, so that the network is split. *Wait* mines on; where the
    network is split already, it stays so.

    Parameters
    ----------
    actions : ndarray (A, H, 3)
        Action by a, h and fork (0 irrelevant, 1 relevant, 2 active). In the last row and column he
        overrides where he is ahead and adopts elsewhere, whatever is stated, so that the table is
        closed.
    match_any_tie : bool
        Whether a match may answer a block that is not new: miners choose among equal branches at
        random, whichever came first.

    Raises
    ------
    InputError
        If the table has another shape or holds an action that its state does not allow.
    """

    actions: Actions
    match_any_tie: bool = False

    def __post_init__(self) -> None:
        given = np.asarray(self.actions)
        if given.ndim != 3 or given.shape[2] != 3 or min(given.shape) < 3:
            raise fault("actions", f"shape {given.shape}", "shape (A, H, 3), A and H of 3 or more")
        if given.dtype.kind not in "iu" or not np.isin(given, range(4)).all():
            raise fault("actions", "other values", "whole numbers from 0 to 3")
        actions = given.astype(np.int8)
        a, h = _counts(*actions.shape[:2])
        ahead = a > h
        border = (a == actions.shape[0] - 1) | (h == actions.shape[1] - 1)
        actions[border] = np.where(ahead, OVERRIDE, ADOPT)[border][:, None]
        _refuse(actions, OVERRIDE, ~ahead, "override only where a > h")
        level = (a >= h) & (h >= 1)
        _refuse(actions, MATCH, ~level, "match only where a >= h >= 1")
        if not self.match_any_tie:
            _refuse_fork(actions, IRRELEVANT)
        actions.setflags(write=False)
        object.__setattr__(self, "actions", actions)

    def __repr__(self) -> str:
        rows, columns, _ = self.actions.shape
        late = ", match_any_tie=True" if self.match_any_tie else ""
        return f"MiningPolicy(<{rows} x {columns} x 3 actions>{late})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MiningPolicy):
            return NotImplemented
        return self.match_any_tie == other.match_any_tie and np.array_equal(
            self.actions, other.actions
        )

    __hash__ = None  # type: ignore[assignment]

    def text(self, size: int = 9) -> str:
        """The corner of the table as text, `a` downwards and `h` to the right.

        Each cell has the first letters of the actions for irrelevant, relevant and active, and a
        dot where a state does not occur.

        Examples
        --------
        >>> print(selfish_policy(4).text(3))
        a\\h   0   1   2
          0 a.. aa. aa.
          1 w.. wmw aa.
          2 w.. ooo wmw
        """
        rows, columns = (min(size, n) for n in self.actions.shape[:2])
        width = max(3, len(str(max(rows, columns))))
        lines = [" ".join(["a\\h", *(f"{h:>{width}}" for h in range(columns))])]
        for a in range(rows):
            cells = []
            for h in range(columns):
                occurs = (True, h >= 1, a >= h >= 1)
                letters = (ACTIONS[action][0] for action in self.actions[a, h])
                cells.append("".join(x if y else "." for x, y in zip(letters, occurs, strict=True)))
            lines.append(" ".join([f"{a:>3}", *(f"{cell:>{width}}" for cell in cells)]))
        return "\n".join(lines)


def selfish_policy(size: int = 64) -> MiningPolicy:
    """The strategy of Eyal and Sirer as a table of `size` rows and columns.

    He keeps what he finds, matches the public at a tie, overrides where his lead falls to one and
    where he breaks a tie, and adopts once he is behind. At larger leads he matches: that he
    publishes a block for each of the public's changes nothing there.

    Parameters
    ----------
    size : int
        Branches of either side are told apart up to one block less. [blocks]

    References
    ----------
    .. [1] I. Eyal, E. G. Sirer, Majority Is Not Enough: Bitcoin Mining Is Vulnerable, 2014,
       arXiv:1311.0243.
    """
    a, h = _counts(size, size)
    actions = np.full((size, size, 3), WAIT, np.int8)
    actions[..., RELEVANT][(a >= h) & (h >= 1)] = MATCH
    actions[(a == h + 1) & (h >= 1)] = OVERRIDE
    actions[h > a] = ADOPT
    actions[0, 0] = ADOPT
    return MiningPolicy(actions)


def _refuse(actions: Actions, action: int, where: npt.NDArray[np.bool_], allowed: str) -> None:
    wrong = (actions == action) & where[..., None]
    if wrong.any():
        raise _wrong(actions, wrong, allowed)


def _refuse_fork(actions: Actions, fork: int) -> None:
    wrong = np.zeros(actions.shape, bool)
    wrong[..., fork] = actions[..., fork] == MATCH
    if wrong.any():
        raise _wrong(actions, wrong, "match only a block that is new, unless match_any_tie")


def _wrong(actions: Actions, wrong: npt.NDArray[np.bool_], allowed: str) -> Exception:
    a, h, fork = (int(i) for i in np.argwhere(wrong)[0])
    found = ACTIONS[int(actions[a, h, fork])]
    return fault(f"actions[{a}, {h}, {fork}]", f"{found}, fork {FORKS[fork]}", allowed)


def _counts(rows: int, columns: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The blocks of both branches in each cell of a table."""
    a, h = np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij")
    return a, h
