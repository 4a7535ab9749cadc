"""Pictures that telephones read, drawn as SVG without inline styles."""

from io import BytesIO

import segno


def svg(text: str, scale: int = 5) -> bytes:
    """Return a text as a QR code on white, `scale` units to a module."""
    body = BytesIO()
    segno.make(text, error="m").save(
        body, kind="svg", scale=scale, border=4, svgclass=None, lineclass=None, light="#fff", xmldecl=False
    )
    return body.getvalue()
