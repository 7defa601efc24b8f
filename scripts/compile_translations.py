"""Compiles the texts of every language for the build, also of an editable install; they are not in git."""

from pathlib import Path
from typing import Any

from babel.messages.frontend import CompileCatalog
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTranslations(BuildHookInterface[Any]):
    """Runs before the files of a wheel are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if any((folder := Path(self.root, "bank/web/translations")).rglob("*.po")):
            command = CompileCatalog()
            command.directory, command.quiet = str(folder), True
            command.run()
