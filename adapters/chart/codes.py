"""Pictures to scan, by segno: what a code on paper opens."""

from __future__ import annotations


def qr_code(text: str) -> str:
    """The text as a QR code: an SVG element to put into a page, as wide as the page says."""
    import segno

    return segno.make_qr(text, error="m").svg_inline(border=4, title=text, omitsize=True)
