"""Small badges of the page and of components, as SVG and for badge services (status-api.md 2)."""

from xml.etree.ElementTree import Element, SubElement, tostring

from portal.status import public_json
from portal.status.vocabulary import DEGRADED, MAINTENANCE, MAJOR, OPERATIONAL, PARTIAL

COLOURS = {OPERATIONAL: "2a8a52", DEGRADED: "b97700", PARTIAL: "c8372f", MAJOR: "a11d17", MAINTENANCE: "0b5a6e"}
INDICATOR_COLOURS = {"none": "2a8a52", "maintenance": "0b5a6e", "minor": "b97700", "major": "c8372f", "critical": "a11d17"}
LETTER, GAP, HEIGHT = 7, 10, 20


def as_json(label: str, message: str, colour: str) -> str:
    """Return a badge as badge services read it."""
    return public_json.encode({"schemaVersion": 1, "label": label, "message": message, "color": colour})


def as_svg(label: str, message: str, colour: str) -> str:
    """Return a badge as a drawing without script, style attribute or outside reference."""
    left, right = (len(text) * LETTER + 2 * GAP for text in (label, message))
    size = {"width": str(left + right), "height": str(HEIGHT)}
    root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size, "role": "img", "aria-label": f"{label}: {message}"})
    SubElement(root, "title").text = f"{label}: {message}"
    SubElement(root, "rect", {**size, "fill": "#16201c"})
    SubElement(root, "rect", {"x": str(left), "width": str(right), "height": str(HEIGHT), "fill": f"#{colour}"})
    for middle, text in ((left // 2, label), (left + right // 2, message)):
        place = {"x": str(middle), "y": "14", "fill": "#fff", "text-anchor": "middle"}
        SubElement(root, "text", {**place, "font-family": "sans-serif", "font-size": "12"}).text = text
    return tostring(root, encoding="unicode")
