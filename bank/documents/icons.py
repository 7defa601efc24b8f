"""The bank's sign as a PNG of any size, for home screens that take no SVG."""

from functools import cache
from pathlib import Path

import typst

TEMPLATE = Path(__file__).parent / "icon.typ"
PAGE_POINTS, POINTS_PER_INCH = 64, 72


@cache
def icon(picture: str, size: int, *, is_bleeding: bool = False) -> bytes:
    """An SVG as a square PNG of `size` pixels; bleeding, its ground reaches the edge, and a phone may cut any shape from it."""
    compiler = typst.Compiler(root=str(TEMPLATE.parent))
    made = compiler.compile(
        input=str(TEMPLATE),
        format="png",
        ppi=POINTS_PER_INCH * size / PAGE_POINTS,
        sys_inputs={"picture": picture, "bleed": "yes" if is_bleeding else "no"},
    )
    assert isinstance(made, bytes), "one page is one picture"
    return made
