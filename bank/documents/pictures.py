"""Pictures from anybody: looked at within limits, made small, and written anew, so that nothing but the picture remains."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import zxingcpp
from PIL import Image, ImageOps, UnidentifiedImageError

from bank.errors import Invalid

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
PIXELS_MAX = 40_000_000  # A phone's largest photograph; what is bigger only wants to fill the memory.
SIDE_MAX = 800
CODES_SIDE = 1600
QUALITY = 82
MEDIA_TYPE = "image/jpeg"


class PictureUnreadable(Invalid):
    """The file is no picture of a known kind, or it is broken or far too large."""


def shrunk(content: bytes) -> bytes:
    """A picture as JPEG, upright, on white, at most 800 pixels wide and high, without what cameras write beside it.

    Raises PictureUnreadable.
    """
    with _readable():
        return _written(_opened(content))


def codes(content: bytes) -> list[str]:
    """The texts of all QR and bar codes on a photograph. Raises PictureUnreadable."""
    with _readable():
        # Half a phone's resolution still shows a code that fills a tenth of the picture.
        picture = _opened(content, side=CODES_SIDE).convert("L")
        return [each.text for each in zxingcpp.read_barcodes(picture) if each.valid and each.text]


@contextmanager
def _readable() -> Iterator[None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # What a camera wrote beside the picture may be broken; it stays behind anyway.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombWarning,
        Image.DecompressionBombError,
    ):
        raise PictureUnreadable() from None


def _opened(content: bytes, side: int = SIDE_MAX) -> Image.Image:
    picture = Image.open(io.BytesIO(content), formats=FORMATS)
    if picture.width * picture.height > PIXELS_MAX:
        raise PictureUnreadable()
    picture.draft("RGB", (side, side))  # A large photograph is read at a fraction of its size, in a fraction of the time.
    return ImageOps.exif_transpose(picture)


def _written(picture: Image.Image) -> bytes:
    picture.thumbnail((SIDE_MAX, SIDE_MAX))
    solid = picture.convert("RGBA")
    paper = Image.new("RGB", solid.size, "white")
    paper.paste(solid, mask=solid)
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()
