"""What a build needs beyond the package itself: compiled texts, which are not in git, and in a wheel the migrations."""

from pathlib import Path
from typing import Any

from babel.messages.frontend import CompileCatalog
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Build(BuildHookInterface[Any]):
    """Runs before the files of a wheel are collected, also for an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if any((folder := Path(self.root, "bank/web/translations")).rglob("*.po")):
            command = CompileCatalog()
            command.directory, command.quiet = str(folder), True
            command.run()
        if version == "standard":
            build_data["force_include"][str(Path(self.root, "migrations"))] = "bank/_migrations"
