"""Paper: a typst template and plain data make a PDF, the same bytes each time, also without the internet."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

from bank.config import setting
from bank.errors import Conflict

TEMPLATES = Path(__file__).parent
# In this order; all have the rare characters of names that lie beyond the first 65,536.
FAMILIES = ("Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Microsoft YaHei", "PingFang SC")


class FontMissing(Conflict):
    """There is no Chinese font on this computer, so nothing can be printed to PDF."""


def pdf(name: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The template `name` filled with data that JSON can hold; the same data and instant give the same bytes.

    A text in the data is printed and never run, whatever it says. `language` in the data is "zh" or "en". Raises FontMissing.
    """
    try:
        return _compile(name, data, at, is_archive=True)
    except typst.TypstError as error:
        # An archive refuses a character that no font has; a sheet with an empty box is better than none.
        if "could not be displayed" not in str(error):
            raise
        return _compile(name, data, at, is_archive=False)


def _compile(name: str, data: Mapping[str, Any], at: datetime, is_archive: bool) -> bytes:
    fonts, family = _fonts(setting("FONTS"))
    # A compiler of its own for each call: two threads in one break it. Its root keeps `read` inside our templates.
    compiler = typst.Compiler(font_paths=fonts, root=str(TEMPLATES))
    made = compiler.compile(
        input=str(TEMPLATES / f"{name}.typ"),
        format="pdf",
        sys_inputs={"font": family, "data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["a-2b"] if is_archive else [],  # Readable as long as records are kept; needs nothing outside the file.
        timestamp=at.replace(microsecond=0),
    )
    assert isinstance(made, bytes), "one PDF is one file"
    return made


@cache
def _fonts(folder: str) -> tuple[typst.Fonts, str]:
    """The first place that has a Chinese font: the folder of the setting, the installed package, the system."""
    places: list[dict[str, Any]] = [{"font_paths": [folder], "include_system_fonts": False}] if folder else []
    if found := find_spec("justmytype_intl_cjk"):
        places.append({"font_paths": list(found.submodule_search_locations or ()), "include_system_fonts": False})
    for place in [*places, {"include_system_fonts": True}]:
        fonts = typst.Fonts(**place)
        families = set(fonts.families())
        if family := next((each for each in FAMILIES if each in families), None):
            return fonts, family
    raise FontMissing()
