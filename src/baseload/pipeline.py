"""How a kernel becomes machine code: alone where Python calls it, together with its caller elsewhere.

numba compiles each function, with all that it calls, into a library of its own, and each of its callers
optimises that anew: a kernel ten calls down was optimised ten times and kept ten times. Here a kernel that
another one calls is only translated; what is reached from Python is optimised once, as a whole.
"""

# numba's own classes are not typed.
# mypy: allow-untyped-calls

from __future__ import annotations

from itertools import islice
from typing import Any

from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder, Flags
from numba.core.compiler_machinery import register_pass
from numba.core.typed_passes import NativeLowering, NopythonRewrites
from numba.core.untyped_passes import InlineClosureLikes

# Stretches of code without a branch above which a function stays one, and above which one is not optimised.
LARGE_BLOCKS, HUGE_BLOCKS = 60, 500


class QuickFlags(Flags):
    """Flags of which looking up an operator need not make a sorted list each time."""

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        if type(other) is QuickFlags:
            return bool(self._values == other._values)
        return bool(super().__eq__(other))


def _has_blocks(function: Any, count: int) -> bool:
    """Whether a function of the compiler's has at least so many stretches without a branch."""
    return sum(1 for _ in islice(function.blocks, count)) == count


class _Library(JITCodeLibrary):
    """Code that is not optimised function by function before it is optimised as a whole."""

    def _optimize_functions(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout


class _PartLibrary(_Library):
    """The code of a kernel as other kernels take it: as written, neither optimised nor made runnable."""

    def finalize(self) -> None:
        self._finalized = True


class _WholeLibrary(_Library):
    """The code of a kernel that Python calls, and of all that it calls, optimised together and once.

    By itself numba optimises every kernel with all that it calls, and again in each of its callers.
    """

    def finalize(self) -> None:
        found: list[Any] = []
        waiting = list(self._linking_libraries)
        while waiting:
            library = waiting.pop(0)
            if library not in found:
                found.append(library)
                if isinstance(library, _PartLibrary):
                    waiting += library._linking_libraries
        self._linking_libraries = found
        self._own = {function.name for function in self.get_defined_functions()}
        super().finalize()

    def _optimize_final_module(self) -> None:
        for function in self.get_defined_functions():
            attributes = b" ".join(function.attributes)
            if function.name in self._own:
                if _has_blocks(function, HUGE_BLOCKS) and b"noinline" in attributes:
                    # What takes hundreds of arguments from Python does so once for many paths.
                    function.add_function_attribute("optnone")
                continue
            # What nobody outside calls may lose arguments and results that nobody needs.
            function.linkage = "internal"
            if _has_blocks(function, LARGE_BLOCKS) and b"alwaysinline" not in attributes:
                # Called once, it would become a part of its caller, which takes the compiler longer.
                function.add_function_attribute("noinline")
        manager, builder = self._codegen._module_pass_manager()
        manager.run(self._final_module, builder)


@register_pass(mutates_CFG=True, analysis_only=False)
class _LowerWhole(NativeLowering):
    """Turn a kernel into what Python calls."""

    _name = "baseload_lower_whole"

    def run_pass(self, state: Any) -> bool:
        state.library = _WholeLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return bool(super().run_pass(state))


@register_pass(mutates_CFG=True, analysis_only=False)
class _LowerPart(NativeLowering):
    """Turn a kernel into what kernels call, which nothing but its key stands for until then."""

    _name = "baseload_lower_part"

    def run_pass(self, state: Any) -> bool:
        state.library = _PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        super().run_pass(state)
        result = state["cr"]
        key = object()
        state.targetctx.insert_user_function(key, result.fndesc, [state.library])
        state["cr"] = result._replace(cfunc=key)
        return True


# Closures and whole-array expressions, which a kernel that makes no array has none of.
_LEFT_OUT = (InlineClosureLikes, NopythonRewrites)


def _pipeline(lowering: Any, left_out: tuple[Any, ...]) -> Any:
    """numba's own compiler with another last step, and without some of the others."""

    class Pipeline(CompilerBase):
        def define_pipelines(self) -> list[Any]:
            manager = DefaultPassBuilder.define_nopython_pipeline(self.state)
            manager.passes[:] = [
                (lowering if one is NativeLowering else one, what)
                for one, what in manager.passes
                if one not in left_out
            ]
            manager.finalize()
            return [manager]

    return Pipeline


WHOLE, ALLOCATING_PART = _pipeline(_LowerWhole, ()), _pipeline(_LowerPart, ())
PART = _pipeline(_LowerPart, _LEFT_OUT)


def call_as_part(whole: Any, part: Any) -> None:
    """Let kernels that call `whole` take `part`, the same function as they need it."""
    of_part = part.get_call_template

    def get_call_template(arguments: Any, by_name: Any) -> Any:
        # A number that is known is a number: not a kernel of its own for each.
        return of_part(
            [types.unliteral(one) for one in arguments],
            {name: types.unliteral(one) for name, one in by_name.items()},
        )

    def add_overload(result: Any) -> None:
        part.overloads[tuple(result.signature.args)] = result

    part.add_overload = add_overload
    whole.get_call_template = get_call_template
    whole.get_overload = part.get_overload
