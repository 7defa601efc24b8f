"""QR codes as SVG in the page itself."""

import qrcode
from flask_babel import gettext
from markupsafe import Markup
from qrcode.image.svg import SvgPathImage


def qr(text: str) -> Markup:
    """The QR code of a text, drawn in place with a quiet zone; its size comes from the style sheet (class `qr`)."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4, image_factory=SvgPathImage)
    code.add_data(text)
    drawn = code.make_image().to_string(encoding="unicode")
    # A length in millimetres would win over the style sheet.
    head, _, rest = drawn.partition(">")
    head = " ".join(part for part in head.split(" ") if not part.startswith(("width=", "height=")))
    name = gettext("二维码")
    return Markup(f'{head} class="qr" role="img" aria-label="{name}">{rest}')  # noqa: S704 - the text is in the pattern only
