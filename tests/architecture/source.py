"""What the guardian tests read: the code and the templates of the portal."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PORTAL = ROOT / "portal"
TEMPLATES = ROOT / "templates"


def modules() -> Iterator[tuple[str, Path]]:
    """Yield (dotted name, path) of each module of the portal but the migrations."""
    for path in sorted(PORTAL.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "migrations" not in parts:
            yield ".".join(part for part in parts if part != "__init__"), path


def imports(path: Path) -> Iterator[str]:
    """Yield the dotted name of everything of the portal that a module imports, wherever it stands."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("portal"):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("portal"))


def templates() -> list[Path]:
    """Return all templates."""
    return sorted(TEMPLATES.rglob("*.html"))


def name_of(path: Path) -> str:
    """Return a template's name, also as the identifier of its test."""
    return str(path.relative_to(TEMPLATES))
