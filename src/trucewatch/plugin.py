"""A plug-in's file name is its name; there is no registry to keep in step."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType


def names(package: str) -> list[str]:
    """The plug-ins shipped in ``package``, without importing any of them."""
    found = pkgutil.iter_modules(import_module(package).__path__)
    return sorted(module.name for module in found if not module.name.startswith("_"))


def load(package: str, name: str) -> ModuleType:
    """Import one plug-in module.

    Raises:
        LookupError: if ``package`` ships no plug-in of that name.
    """
    if name not in names(package):
        what = package.rsplit(".", 1)[-1]
        msg = f"there are no {what} named {name!r}; known: {', '.join(names(package))}"
        raise LookupError(msg)
    return import_module(f"{package}.{name}")
