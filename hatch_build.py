"""A wheel that brings compiled code is one for its platform and its Python alone."""

from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMPILED = "src/trucewatch/fuse/acoustic/compiled"


class CompiledHook(BuildHookInterface):
    """Marks the wheel if `tools/compile.py --shipped` has run."""

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        """The tag of the wheel is that of this interpreter."""
        del version
        if (Path(self.root) / COMPILED).is_dir():
            build_data["pure_python"] = False
            build_data["infer_tag"] = True
