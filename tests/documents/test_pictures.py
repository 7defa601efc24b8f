"""Pictures from anybody come out small, upright and without what cameras write beside them."""

import io

import pytest
from PIL import Image

from bank.documents.pictures import PictureUnreadable, shrunk


def made(kind="JPEG", size=(1600, 900), mode="RGB", **saved):
    out = io.BytesIO()
    Image.new(mode, size, saved.pop("colour", 0)).save(out, kind, **saved)
    return out.getvalue()


def opened(content):
    return Image.open(io.BytesIO(shrunk(content)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP"])
def test_every_known_kind_becomes_a_small_jpeg(kind):
    picture = opened(made(kind))
    assert picture.format == "JPEG" and picture.size == (800, 450)


def test_a_small_picture_is_not_blown_up():
    assert opened(made(size=(40, 30))).size == (40, 30)


def test_a_picture_taken_sideways_stands_upright_and_its_place_is_forgotten():
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "a camera"
    picture = opened(made(size=(400, 200), exif=exif))
    assert picture.size == (200, 400) and not picture.getexif()


def test_what_was_transparent_is_white():
    assert opened(made("PNG", (10, 10), "RGBA", colour=(0, 0, 0, 0))).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("content", [b"", b"x", b"\xff\xd8\xff\xe0junk", b"GIF89a", made()[:300], b"<svg/>", b"%PDF-1.7"])
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(PictureUnreadable):
        shrunk(content)


def test_a_bomb_is_not_opened():
    with pytest.raises(PictureUnreadable):
        shrunk(made("PNG", (20_000, 20_000), "1"))
