"""Codes to scan, as SVG that stands by itself: on paper, or drawn in place on a page."""

import re

import zxingcpp


def qr(text: str) -> str:
    """The QR code of a text with its quiet zone; still read when a seventh of it is dirty."""
    # Twenty times as fast as the pages' own maker, which counts when a community's cards are printed at once.
    return _drawn(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M"))


def code128(text: str) -> str:
    """The bar code of a text, for the cheap barcode guns that read lines only."""
    return _drawn(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128))


def _drawn(barcode: zxingcpp.Barcode) -> str:
    svg = zxingcpp.write_barcode_to_svg(barcode)
    svg = re.sub(r"\s*<desc>.*?</desc>", "", svg[svg.index("<svg") :])  # Neither pages nor paper want the XML head.
    # With a box instead of a size, whoever shows it says how big it is; bars may be stretched.
    return re.sub(r'width="(\d+)" height="(\d+)"', r'viewBox="0 0 \1 \2" preserveAspectRatio="none"', svg, count=1)
