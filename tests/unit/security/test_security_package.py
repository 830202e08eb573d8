"""The package: its names, what it loads, and checks of arguments that all functions share."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from baseload import security
from baseload.errors import InputError
from baseload.security.arguments import numbers, whole_numbers


def test_every_public_name_is_there() -> None:
    for name in security.__all__:
        assert getattr(security, name) is not None
    assert set(security.__all__) <= set(dir(security))
    with pytest.raises(AttributeError, match="no attribute 'free_lunch'"):
        security.free_lunch  # noqa: B018


def test_importing_the_package_loads_no_scipy_and_no_compiler() -> None:
    code = (
        "import sys, baseload.security;"
        "assert not {'scipy', 'numba', 'numpy'} & set(sys.modules), 'loaded'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_numbers_keep_shape_and_value_and_are_copies() -> None:
    given = np.array([[0.0, 0.5], [1.0, -0.0]])
    taken = numbers("share", given, 0.0, 1.0)
    assert taken.shape == (2, 2)
    assert not np.signbit(taken).any()
    taken[0, 0] = 9.0
    assert given[0, 0] == 0.0


def test_bounds_are_told_as_they_are_checked() -> None:
    with pytest.raises(InputError, match="above 0 to below 1"):
        numbers("share", 1.0, 0.0, 1.0, above_least=True, below_most=True)
    with pytest.raises(InputError, match=r"of at least 2 \[s\]"):
        numbers("delay_s", 1.0, 2.0, unit="s")
    with pytest.raises(InputError, match=r"share\[1, 0\]\n  found    2"):
        numbers("share", [[0.0, 0.1], [2.0, 3.0]], 0.0, 1.0)


def test_whole_numbers_may_be_written_as_floats() -> None:
    assert whole_numbers("blocks", [1.0, 2.0], 0).tolist() == [1, 2]
    assert whole_numbers("blocks", np.uint8(7), 0).dtype == np.int64
    with pytest.raises(InputError, match="blocks"):
        whole_numbers("blocks", [1.0, np.inf], 0)


def test_the_parts_of_the_program_are_its_attributes_without_the_compiler() -> None:
    asked = (
        "import sys, baseload\n"
        "print(baseload.security.hhi([0.5, 0.5]), baseload.accord.shapley_value.__name__)\n"
        "print('numba' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["5000.0", "shapley_value", "False"]
