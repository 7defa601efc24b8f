"""What a build needs beyond the package itself: compiled texts, which are not in git, and in a wheel the migrations."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Build(BuildHookInterface[Any]):
    """Runs before the files of a wheel are collected, also for an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        for path in Path(self.root, "bank/web/translations").rglob("*.po"):
            with path.open("rb") as source, path.with_suffix(".mo").open("wb") as target:
                write_mo(target, read_po(source))
        if version == "standard":
            build_data["force_include"][str(Path(self.root, "migrations"))] = "bank/_migrations"
