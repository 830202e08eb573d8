"""Strategic mining: time of certified policies beside generic libraries, and blocks a second of races.

    python benchmarks/security.py [--longest 40] [--blocks 400000000] [--judge] [--json FILE]

The libraries, where they are installed, solve the same decision process (share 0.35, gamma 0) cut at
`longest` blocks, again and again for the reward at the last policy's revenue (Dinkelbach): mdpsolver by
the average criterion, quantecon by modified policy iteration with a discount of 0.9999. Only
their solver calls are timed, not what prepares the arrays. Ours is one call that gives both
certified bounds at 1e-5. With --judge a billion blocks are set beside each formula.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
import scipy.sparse.linalg

from baseload.security.optimal import optimal_selfish_mining, optimal_selfish_mining_revenue
from baseload.security.race import simulate_double_spend, simulate_policy, simulate_selfish_mining
from baseload.security.selfish import selfish_mining_revenue
from baseload.security.stubborn import stubborn_mining_revenue, stubborn_policy

SHARE, GAMMA = 0.35, 0.0
State = tuple[int, int, int]
Move = tuple[float, State, int, int]


def seconds_of(task: Callable[[], object], repeats: int) -> float:
    """The shortest of some runs: what disturbs a run only ever lengthens it. [s]"""
    found = []
    for _ in range(repeats):
        begin = time.perf_counter()
        task()
        found.append(time.perf_counter() - begin)
    return min(found)


def options(state: State, longest: int) -> list[list[Move]]:
    """For each action of a state: chance, next state, blocks paid and added."""
    a, h, fork = state
    p, q = SHARE, 1.0 - SHARE
    found: list[list[Move]] = [[(p, (1, 0, 0), 0, h), (q, (0, 1, 0), 0, h)]]
    if a == longest or h == longest:
        return found
    if a > h:
        found.append([(p, (a - h, 0, 0), h + 1, h + 1), (q, (a - h - 1, 1, 1), h + 1, h + 1)])
    if fork < 2:
        found.append([(p, (a + 1, h, 0), 0, 0), (q, (a, h + 1, 1), 0, 0)])
    if fork >= 1 and a >= h >= 1:
        race: list[Move] = [
            (p, (a + 1, h, 2), 0, 0),
            (q * GAMMA, (a - h, 1, 1), h, h),
            (q * (1.0 - GAMMA), (a, h + 1, 1), 0, 0),
        ]
        found.append([move for move in race if move[0] > 0.0])
    return found


class Process:
    """The decision process as lists: pairs of state and action, and where they lead."""

    def __init__(self, longest: int) -> None:
        numbers: dict[State, int] = {(1, 0, 0): 0}
        waiting: list[State] = [(1, 0, 0)]
        self.pairs: list[tuple[int, int, list[Move]]] = []
        while waiting:
            state = waiting.pop()
            for action, moves in enumerate(options(state, longest)):
                for _, following, _, _ in moves:
                    if following not in numbers:
                        numbers[following] = len(numbers)
                        waiting.append(following)
                self.pairs.append((numbers[state], action, moves))
        self.pairs.sort(key=lambda pair: pair[:2])
        self.states = len(numbers)
        self.numbers = numbers
        self.paid = np.array([sum(m[0] * m[2] for m in pair[2]) for pair in self.pairs])
        self.added = np.array([sum(m[0] * m[3] for m in pair[2]) for pair in self.pairs])
        rows = [i for i, pair in enumerate(self.pairs) for _ in pair[2]]
        columns = [numbers[m[1]] for pair in self.pairs for m in pair[2]]
        chances = [m[0] for pair in self.pairs for m in pair[2]]
        shape = (len(self.pairs), self.states)
        self.matrix = scipy.sparse.csr_matrix((chances, (rows, columns)), shape)
        self.first = np.searchsorted([pair[0] for pair in self.pairs], np.arange(self.states))

    def revenue(self, policy: np.ndarray) -> float:
        """Long-run revenue of an action a state."""
        chosen = self.first + policy
        chain = self.matrix[chosen].T.tolil()
        system = (scipy.sparse.identity(self.states) - chain).tolil()
        system[0] = 1.0  # the weights of all states add up to one
        right = np.zeros(self.states)
        right[0] = 1.0
        weight = scipy.sparse.linalg.spsolve(system.tocsc(), right)
        return float(weight @ self.paid[chosen] / (weight @ self.added[chosen]))


def improved(
    process: Process, solve: Callable[[np.ndarray], tuple[np.ndarray, float]]
) -> tuple[float, float]:
    """Revenue and solver's time until a policy does not change the revenue any more."""
    rate, seconds = float(selfish_mining_revenue(SHARE, GAMMA)), 0.0
    for _ in range(20):
        policy, more = solve(process.paid - rate * process.added)
        seconds += more
        before, rate = rate, process.revenue(policy)
        if abs(rate - before) < 1e-9:
            break
    return rate, seconds


def by_mdpsolver(process: Process) -> tuple[float, float]:
    """Average criterion, C++."""
    import mdpsolver

    def solve(reward: np.ndarray) -> tuple[np.ndarray, float]:
        rewards: list[list[float]] = [[] for _ in range(process.states)]
        chances: list[list[list[float]]] = [[] for _ in range(process.states)]
        columns: list[list[list[int]]] = [[] for _ in range(process.states)]
        for value, (state, _, moves) in zip(reward, process.pairs, strict=True):
            rewards[state].append(float(value))
            chances[state].append([m[0] for m in moves])
            columns[state].append([process.numbers[m[1]] for m in moves])
        model = mdpsolver.model()
        model.mdp(rewards=rewards, tranMatProbs=chances, tranMatColumns=columns)
        begin = time.perf_counter()
        model.solve(criterion="average", tolerance=1e-7, parallel=False)
        seconds = time.perf_counter() - begin
        return np.array(model.getPolicy()), seconds

    return improved(process, solve)


def by_quantecon(process: Process) -> tuple[float, float]:
    """Modified policy iteration, numba; discounted, since it knows no average."""
    from quantecon.markov import DiscreteDP

    states = [pair[0] for pair in process.pairs]
    actions = [pair[1] for pair in process.pairs]

    def solve(reward: np.ndarray) -> tuple[np.ndarray, float]:
        problem = DiscreteDP(reward, process.matrix, 0.9999, states, actions)
        begin = time.perf_counter()
        found = problem.solve(method="modified_policy_iteration", epsilon=1e-4, max_iter=100_000)
        seconds = time.perf_counter() - begin
        return np.array(found.sigma), seconds

    solve(process.paid)  # compiles
    return improved(process, solve)


def policies(longest: int) -> dict[str, Any]:
    """Time of single policies and of a grid, and that of the libraries over it."""
    one = optimal_selfish_mining(SHARE, GAMMA)
    mine = seconds_of(lambda: optimal_selfish_mining_revenue(SHARE, GAMMA, threads=1), 20)
    print(f"share {SHARE}, gamma {GAMMA}: {1e3 * mine:.2f} ms, both bounds, gap {gap(one):.1e}")
    found: dict[str, Any] = {"seconds": mine, "gap": gap(one)}
    for share in (0.4, 0.45):
        times = [
            seconds_of(lambda s=share, g=gamma: optimal_selfish_mining(s, g), 5)
            for gamma in (0.0, 0.5, 0.9)
        ]
        print(f"share {share}, slowest of three gammas, with policy: {1e3 * max(times):.1f} ms")
        found[f"policy_seconds_{share}"] = max(times)
    grid = np.linspace(0.01, 0.45, 50)[:, None], np.linspace(0.0, 1.0, 11)
    seconds = seconds_of(lambda: optimal_selfish_mining_revenue(*grid), 2)
    bounds = optimal_selfish_mining_revenue(*grid)
    widest = float((bounds.upper - bounds.lower).max())
    print(f"grid of 50 x 11: {seconds:.2f} s, widest gap {widest:.1e}")
    found |= {"grid_seconds": seconds, "grid_gap": widest}
    libraries = {"mdpsolver": by_mdpsolver, "quantecon": by_quantecon}
    process = None
    for name, solve in libraries.items():
        if importlib.util.find_spec(name) is None:
            print(f"{name}: not installed")
            continue
        process = process or Process(longest)
        revenue, taken = solve(process)
        print(
            f"{name}: {taken:.3f} s at {longest} blocks, {taken / mine:,.0f} times as long;"
            f" its revenue {revenue:.6f}, ours {one.lower:.6f} to {one.upper:.6f}"
        )
        found[name] = {"seconds": taken, "ratio": taken / mine, "revenue": revenue}
    return found


def gap(one: Any) -> float:
    """Distance of the bounds."""
    return float(one.upper - one.lower)


def races(blocks: int) -> dict[str, float]:
    """Millions of blocks a second on all processors."""
    best = optimal_selfish_mining(0.4, 0.5)
    tasks: dict[str, Callable[[], Any]] = {
        "Eyal and Sirer": lambda: simulate_selfish_mining(0.35, 0.5, blocks),
        "best policy": lambda: simulate_policy(best.policy, 0.4, 0.5, blocks),
        "double spend": lambda: simulate_double_spend(0.1, 6, blocks=blocks),
    }
    found = {}
    for name, task in tasks.items():
        task()
        rate = blocks / seconds_of(task, 3) / 1e6
        print(f"{name}: {rate:,.0f} million blocks/s")
        found[name] = rate
    return found


def judged() -> dict[str, float]:
    """Standard errors between simulation and formula, at a billion blocks each."""
    billion = 1_000_000_000
    best = optimal_selfish_mining(0.4, 0.5, 1e-7)
    cases = {
        "Eyal and Sirer": (
            simulate_selfish_mining(0.35, 0.0, billion, seed=101),
            float(selfish_mining_revenue(0.35, 0.0)),
        ),
        "lead stubborn": (
            simulate_policy(stubborn_policy("lead", 300), 0.33, 0.4, billion, seed=102),
            float(stubborn_mining_revenue(0.33, 0.4, "lead")),
        ),
        "best policy": (
            simulate_policy(best.policy, 0.4, 0.5, billion, seed=103),
            best.revenue,
        ),
    }
    found = {}
    for name, (race, value) in cases.items():
        found[name] = (race.value - value) / race.standard_error
        print(f"{name}: {race.value:.7f} +- {race.standard_error:.7f}, formula {value:.7f}")
    return found


def main() -> None:
    """Measure and print."""
    reader = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    reader.add_argument("--longest", type=int, default=40)
    reader.add_argument("--blocks", type=int, default=400_000_000)
    reader.add_argument("--judge", action="store_true", help="a billion blocks beside each formula")
    reader.add_argument("--json", metavar="FILE", help="write the figures to this file too")
    given = reader.parse_args()
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors, load {load}")
    found: dict[str, Any] = {"load": load, "policies": policies(given.longest)}
    found["races_million_blocks_per_second"] = races(given.blocks)
    if given.judge:
        found["standard_errors_apart"] = judged()
    if given.json:
        Path(given.json).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
