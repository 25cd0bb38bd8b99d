"""The fence around templates: what a template may use, and how much.

Templates belong to those who own the configuration; what people write is only ever a value. The fence is there so that
a template copied from elsewhere cannot read the machine, and so that a slip cannot fill its memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from jinja2 import BaseLoader, StrictUndefined
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

# Jinja's own filters that have a use in a paper; those that can blow a text up (center, indent, format) have none.
_FILTERS = [
    "abs",
    "batch",
    "capitalize",
    "d",
    "default",
    "dictsort",
    "first",
    "float",
    "groupby",
    "int",
    "items",
    "join",
    "last",
    "length",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "select",
    "selectattr",
    "slice",
    "sort",
    "string",
    "sum",
    "trim",
    "unique",
    "upper",
    "count",
]
_STRING_METHODS = {"startswith", "endswith", "lower", "upper", "capitalize", "strip", "removeprefix", "removesuffix"}
_LARGEST = 10**15


@lru_cache(maxsize=256)
def _fields(kind: type) -> frozenset[str]:
    """The public fields of a frozen dataclass; nothing for any other type."""
    parameters = getattr(kind, "__dataclass_params__", None)
    if parameters is None or not parameters.frozen:
        return frozenset()
    return frozenset(field.name for field in fields(kind) if not field.name.startswith("_"))


class _Sandbox(ImmutableSandboxedEnvironment):
    """No attributes that lead out, no text methods that multiply, no arithmetic beyond plain numbers."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, str) and attr not in _STRING_METHODS:
            return False
        return super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """No str.format at all: its widths can fill the memory."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if attribute in _fields(type(obj)):  # type: ignore[arg-type]  # a paper's own data, by far the most common: nothing to be wary of
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if operator == "**" or not numbers or abs(left) > _LARGEST or abs(right) > _LARGEST:
            raise SecurityError(f"räkningen {operator} går bara med vanliga tal i en mall")
        return super().call_binop(context, operator, left, right)


def link(url: object) -> str:
    """An address that a paper may lead to, with what would end a link encoded. Raises SecurityError for another."""
    address = str(url)
    if not address.startswith(("https://", "http://", "mailto:", "tel:")):
        raise SecurityError(f"länken {address[:60]!r} behöver börja med https:, http:, mailto: eller tel:")
    return quote(address, safe="!#$%&'()*+,/:;=?@[]~-._")


def sandbox(loader: BaseLoader, finalize: Callable[..., Any]) -> ImmutableSandboxedEnvironment:
    """An environment for one target. Values are escaped by `finalize`; an unknown name is an error."""
    environment = _Sandbox(
        loader=loader,
        finalize=finalize,
        undefined=StrictUndefined,
        autoescape=True,
        auto_reload=False,
        keep_trailing_newline=True,
    )
    environment.filters = {name: environment.filters[name] for name in _FILTERS}
    environment.globals = {"_link": link}
    return environment
