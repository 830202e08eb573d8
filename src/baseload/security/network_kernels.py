"""Several miners on a block tree, with propagation delay and retargets; see `network_race`.

Everyone but its finder learns of a block when it arrives, a fixed time after it was published, so
that there is one common view, and a finder may know more. Blocks arrive in the order in which they
were published.
"""

import numpy as np
import numpy.typing as npt

from baseload.compiled import kernel, small_kernel
from baseload.numerics import log
from baseload.randomness import GOLDEN, mixed
from baseload.security.policy import ACTIVE, ADOPT, IRRELEVANT, MATCH, OVERRIDE, RELEVANT

_ELEVEN = np.uint64(11)

# Columns of what is known of a miner.
TIP, PUBLISHED, FORK, MATCHED = 0, 1, 2, 3
MINER_COLUMNS = 4
# Columns of the block tree.
PARENT, HEIGHT, FINDER = 0, 1, 2
BLOCK_COLUMNS = 3


@small_kernel
def _uniform(word: np.uint64) -> float:
    return (np.float64(mixed(word) >> _ELEVEN) + 0.5) * 2.0**-53


@kernel
def _at_height(tree: npt.NDArray[np.int32], block: int, height: int) -> int:
    while tree[block, HEIGHT] > height:
        block = tree[block, PARENT]
    return block


@kernel
def _common(tree: npt.NDArray[np.int32], one: int, other: int) -> int:
    while one != other:
        if tree[one, HEIGHT] >= tree[other, HEIGHT]:
            one = tree[one, PARENT]
        else:
            other = tree[other, PARENT]
    return one


@kernel
def _act(
    i: int,
    tree: npt.NDArray[np.int32],
    miners: npt.NDArray[np.int32],
    best: int,
    actions: npt.NDArray[np.int8],
    rows: int,
    columns: int,
    offset: int,
) -> int:
    """Let a strategic miner act; the block that he publishes, or -1."""
    tip = miners[i, TIP]
    view = best
    if tree[miners[i, PUBLISHED], HEIGHT] > tree[best, HEIGHT]:
        view = miners[i, PUBLISHED]
    base = _common(tree, tip, view)
    a = tree[tip, HEIGHT] - tree[base, HEIGHT]
    h = tree[view, HEIGHT] - tree[base, HEIGHT]
    if a < rows and h < columns:
        action = actions[offset + (a * columns + h) * 3 + miners[i, FORK]]
    else:
        action = OVERRIDE if a > h else ADOPT
    if action == ADOPT:
        miners[i, TIP] = view
        miners[i, PUBLISHED] = view
        miners[i, FORK] = IRRELEVANT
        return -1
    if action == OVERRIDE:
        published = _at_height(tree, tip, tree[view, HEIGHT] + 1)
        miners[i, FORK] = IRRELEVANT
    elif action == MATCH:
        published = _at_height(tree, tip, tree[view, HEIGHT])
        miners[i, FORK] = ACTIVE
    else:
        return -1
    miners[i, PUBLISHED] = published
    return published


@kernel
def run_network(
    key: np.uint64,
    below: npt.NDArray[np.float64],
    strategic: npt.NDArray[np.bool_],
    actions: npt.NDArray[np.int8],
    shapes: npt.NDArray[np.int64],
    gamma: float,
    uniform: bool,
    delay_s: float,
    target_s: float,
    period: int,
    blocks: int,
    tree: npt.NDArray[np.int32],
    miners: npt.NDArray[np.int32],
    queue: npt.NDArray[np.int32],
    arrivals_s: npt.NDArray[np.float64],
    chain: npt.NDArray[np.int64],
    found: npt.NDArray[np.int64],
) -> tuple[float, float]:
    """Find `blocks` blocks; the chain's blocks by finder in `chain`; time that passed, last difficulty.

    `below` are running sums of shares, `shapes` rows, columns and offset of each miner's table. Work
    space: `tree` (blocks + 1, 3), `queue` and `arrivals_s` of 2 blocks + 2, `miners` (n, 4).
    """
    count = below.size
    tree[0, PARENT] = -1
    tree[0, HEIGHT] = 0
    tree[0, FINDER] = -1
    for i in range(count):
        miners[i, TIP] = 0
        miners[i, PUBLISHED] = 0
        miners[i, FORK] = IRRELEVANT
        miners[i, MATCHED] = -1
        chain[i] = 0
        found[i] = 0
    several = strategic.sum() > 1
    best = 0
    first = 0
    final = 0
    now_s = 0.0
    begun_s = 0.0
    difficulty = 1.0
    retarget = period
    seed = key
    for block in range(1, blocks + 1):
        seed += GOLDEN
        next_s = now_s - log(_uniform(seed)) * target_s * difficulty
        # What arrives before that, and what it makes others publish.
        while first < final and arrivals_s[first] <= next_s:
            here = queue[first]
            at_s = arrivals_s[first]
            first += 1
            finder = tree[here, FINDER]
            if tree[here, HEIGHT] < tree[best, HEIGHT]:
                continue
            if tree[here, HEIGHT] == tree[best, HEIGHT]:
                if strategic[finder] and here != best:
                    miners[finder, MATCHED] = here
                continue
            best = here
            for i in range(count):
                miners[i, MATCHED] = -1
            if period > 0 and tree[best, HEIGHT] >= retarget:
                ratio = (at_s - begun_s) / (target_s * period)
                difficulty /= min(max(ratio, 0.25), 4.0)
                begun_s = at_s
                retarget += period
            # Nobody is always the first to answer.
            backwards = False
            if several:
                seed += GOLDEN
                backwards = _uniform(seed) < 0.5
            for turn in range(count):
                i = count - 1 - turn if backwards else turn
                if strategic[i] and i != finder:
                    miners[i, FORK] = RELEVANT
                    published = _act(
                        i, tree, miners, best, actions, shapes[i, 0], shapes[i, 1], shapes[i, 2]
                    )
                    if published >= 0:
                        queue[final] = published
                        arrivals_s[final] = at_s + delay_s
                        final += 1
        now_s = next_s
        seed += GOLDEN
        u = _uniform(seed)
        i = 0
        while i < count - 1 and u >= below[i]:
            i += 1
        found[i] += 1
        parent = miners[i, TIP]
        if not strategic[i]:
            if tree[parent, HEIGHT] < tree[best, HEIGHT]:
                parent = best
            if tree[parent, HEIGHT] == tree[best, HEIGHT]:
                matched = 0
                for j in range(count):
                    if miners[j, MATCHED] >= 0:
                        matched += 1
                if matched > 0:
                    seed += GOLDEN
                    u = _uniform(seed)
                    taken = matched / (matched + 1.0) if uniform else gamma
                    if u < taken:
                        chosen = int(u / taken * matched)
                        for j in range(count):
                            if miners[j, MATCHED] >= 0:
                                if chosen == 0:
                                    parent = miners[j, MATCHED]
                                chosen -= 1
        tree[block, PARENT] = parent
        tree[block, HEIGHT] = tree[parent, HEIGHT] + 1
        tree[block, FINDER] = i
        miners[i, TIP] = block
        published = block
        if strategic[i]:
            if miners[i, FORK] != ACTIVE:
                miners[i, FORK] = IRRELEVANT
            published = _act(
                i, tree, miners, best, actions, shapes[i, 0], shapes[i, 1], shapes[i, 2]
            )
        if published >= 0:
            queue[final] = published
            arrivals_s[final] = now_s + delay_s
            final += 1
    while first < final:  # what is on its way when the last block has been found
        if tree[queue[first], HEIGHT] > tree[best, HEIGHT]:
            best = queue[first]
        first += 1
    here = best
    while here > 0:
        chain[tree[here, FINDER]] += 1
        here = tree[here, PARENT]
    return now_s, difficulty
