"""Named tuples that kernels pass on by their place in memory, not by their hundreds of numbers.

A stage's setup has some hundred numbers and arrays, of seven numbers each. Handed on by value every one
of them is an argument of every kernel on the way, which cost most of the compilation. `by_reference` lays
a named tuple down in the caller's frame; a field is read when it is asked for.
"""

# numba's own classes are not typed.
# mypy: allow-untyped-calls, allow-untyped-decorators

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.imputils import impl_ret_borrowed, lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import intrinsic, register_model

_known: dict[types.Type, Reference] = {}


class Reference(types.Type):  # type: ignore[misc, unused-ignore]
    """A place at which a named tuple of type `dtype` lies."""

    def __init__(self, dtype: Any, number: int) -> None:
        self.dtype = dtype
        # The tuple's own name has some thousand letters, and would be part of each kernel's.
        super().__init__(name=f"reference_{dtype.instance_class.__name__}_{number}")


def _reference_to(dtype: Any) -> Any:
    if dtype not in _known:
        _known[dtype] = Reference(dtype, len(_known))
    return _known[dtype]


def _seen(dtype: Any) -> Any:
    """What a field of a tuple is to who has the tuple's place."""
    return _reference_to(dtype) if isinstance(dtype, types.BaseNamedTuple) else dtype


@register_model(Reference)
class _ReferenceModel(models.PointerModel):  # type: ignore[misc, unused-ignore]
    pass


@infer_getattr
class _ReferenceFields(AttributeTemplate):  # type: ignore[misc, unused-ignore]
    key = Reference

    def generic_resolve(self, value: Any, name: str) -> Any:  # type: ignore[override]
        if name in value.dtype.fields:
            return _seen(value.dtype.types[value.dtype.fields.index(name)])
        return None


@lower_getattr_generic(Reference)
def _load_field(context: Any, builder: Any, kind: Any, pointer: Any, name: str) -> Any:
    number = kind.dtype.fields.index(name)
    field = kind.dtype.types[number]
    place = cgutils.gep_inbounds(builder, pointer, 0, number)
    if isinstance(field, types.BaseNamedTuple):
        return place
    found = context.data_model_manager[field].load_from_data_pointer(builder, place)
    return impl_ret_borrowed(context, builder, field, found)


def _store(builder: Any, model: Any, value: Any, pointer: Any) -> None:
    """Store number by number: whole structures would be taken apart by the compiler one at a time."""
    if isinstance(model, models.StructModel):
        parts = list(model._models)
    elif isinstance(model, models.UniTupleModel):
        parts = [model._elem_model] * model._count
    else:
        builder.store(model.as_data(builder, value), pointer)
        return
    for i, part in enumerate(parts):
        place = cgutils.gep_inbounds(builder, pointer, 0, i)
        _store(builder, part, builder.extract_value(value, i), place)


def _by_reference(typing_context: Any, value: Any) -> Any:
    """The place of a named tuple, for as long as the kernel that asks for it runs."""
    if not isinstance(value, types.BaseNamedTuple):
        return None

    def lay_down(context: Any, builder: Any, signature: Any, arguments: Any) -> ir.Value:
        model = context.data_model_manager[value]
        pointer = cgutils.alloca_once(builder, model.get_data_type())
        _store(builder, model, arguments[0], pointer)
        return pointer

    return _reference_to(value)(value), lay_down


by_reference: Any = intrinsic(_by_reference)
