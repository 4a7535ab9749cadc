"""Static files: one style sheet joined from many, and addresses that change with the content, to be kept for ever (SE-29)."""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Callable
from pathlib import Path

import click
from flask import Flask, current_app, request
from flask.cli import with_appcontext
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.core import security

LAYERS = ("reset", "tokens", "base", "components", "print")
SHEETS = {
    "reset": ("reset.css",),
    "tokens": ("tokens.css",),
    "base": ("base.css", "layout.css"),
    "components": ("components/*.css", "features/*.css"),
    "print": ("print.css",),
}
# What everybody outside gets: the same pieces, fewer of them.
PUBLIC_COMPONENTS = [
    "button", "date_chip", "empty", "field", "form_errors", "icon", "lines", "note", "promise", "section", "table", "tag",
]  # fmt: skip
PUBLIC_SHEETS = {
    **SHEETS,
    "components": (*(f"components/{name}.css" for name in PUBLIC_COMPONENTS), "public.css", "public/*.css"),
}
BUNDLES = {"css": SHEETS, "css-public": PUBLIC_SHEETS}
HASH_LENGTH = 12
TEXT_TYPES = {"text/css", "text/javascript", "application/javascript", "image/svg+xml"}
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
URL = re.compile(r'url\("\.\./([^"]+)"\)')
TOKEN = re.compile(r"^\s*--([\w-]+):\s*([^;]+);", re.MULTILINE)
LIGHT_DARK = re.compile(r"light-dark\(([^,]+),[^)]+\)")
VARIABLE = re.compile(r"var\(--([\w-]+)\)")
KEEP = "public, max-age=31536000, immutable"
CHECK = "public, max-age=300"


class Assets:
    """The files of one folder, read once; with `watch`, again whenever one changed."""

    def __init__(self, folder: Path, prefix: str, watch: bool) -> None:
        self.folder, self.prefix, self.watch = folder, prefix, watch
        self.read()

    def read(self) -> None:
        """Read all files, join the style sheets, and give everything its address."""
        self.stamp = self.newest()
        files = (path for path in self.folder.rglob("*") if path.is_file() and path.parent.name != "build")
        self.bodies = {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in files}
        scripts = digest(b"".join(body for name, body in sorted(self.bodies.items()) if name.startswith("js/")))
        # Scripts share one version: app.js passes it on to what it imports.
        self.versions = {name: scripts if name.startswith("js/") else digest(body) for name, body in self.bodies.items()}
        sheets = {name: self.joined(name).encode() for name in BUNDLES}
        self.bundles = {name: f"build/{digest(sheet)}.css" for name, sheet in sheets.items()}
        self.bodies |= {self.bundles[name]: sheet for name, sheet in sheets.items()}
        self.packed = {name: gzip.compress(body, 9, mtime=0) for name, body in self.bodies.items() if mime(name) in TEXT_TYPES}

    def newest(self) -> float:
        """Return when a file last changed; 0 where nobody watches."""
        return max((path.stat().st_mtime for path in self.folder.rglob("*")), default=0.0) if self.watch else 0.0

    def joined(self, bundle: str) -> str:
        """Return the style sheets of a bundle as one, each in its layer."""
        layers = [f"@layer {','.join(LAYERS)};"]
        for layer in LAYERS:
            layers.append(f"@layer {layer} {{\n{''.join(self.sheet(path) for path in self.paths(bundle, layer))}}}")
        return "\n".join(layers)

    def paths(self, bundle: str, layer: str) -> list[Path]:
        """Return the files of a layer, in order."""
        return [path for pattern in BUNDLES[bundle][layer] for path in sorted((self.folder / "css").glob(pattern))]

    def sheet(self, path: Path) -> str:
        """Return one style sheet without comments and indentation, with the addresses of fonts and pictures versioned."""
        text = COMMENT.sub("", path.read_text(encoding="utf-8"))
        text = URL.sub(lambda found: f'url("../{found[1]}?v={self.versions[found[1]]}")', text)
        return "".join(f"{line.strip()}\n" for line in text.splitlines() if line.strip())

    def url(self, name: str) -> str:
        """Return the address of a file; `css` and `css-public` are the joined style sheets."""
        if self.watch and self.newest() != self.stamp:
            self.read()
        if name in BUNDLES:
            return f"{self.prefix}/{self.bundles[name]}"
        return f"{self.prefix}/{name}?v={self.versions[name]}"

    def answer(self, filename: str) -> Response:
        """Serve a file, packed where that helps; what bears its version may be kept for ever."""
        if filename not in self.bodies:
            raise NotFound
        packed = filename in self.packed and request.accept_encodings["gzip"] > 0
        response = Response(self.packed[filename] if packed else self.bodies[filename], mimetype=mime(filename))
        fresh = filename in self.bundles.values() or request.args.get("v") == self.versions.get(filename)
        response.headers["Cache-Control"] = KEEP if fresh else CHECK
        if filename in self.packed:
            response.headers["Vary"] = "Accept-Encoding"
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        response.set_etag(digest(self.bodies[filename]) + ("-gz" if packed else ""))
        return response.make_conditional(request.environ)

    def write(self) -> list[Path]:
        """Write the joined style sheets, and the same packed, for a web server in front."""
        return [self._write(name) for name in self.bundles.values()]

    def _write(self, name: str) -> Path:
        target = self.folder / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(self.bodies[name])
        target.with_name(f"{target.name}.gz").write_bytes(self.packed[name])
        return target


def install(app: Flask) -> None:
    """Offer `asset()` to templates, serve the files, add the command `assets`."""
    assets = Assets(Path(str(app.static_folder)), str(app.static_url_path), watch=app.debug)
    app.extensions["assets"] = assets
    app.jinja_env.globals["asset"] = assets.url
    app.view_functions["static"] = served_by(assets)
    app.cli.add_command(write_assets)


def served_by(assets: Assets) -> Callable[..., Response]:
    """Return the view of static files."""

    def static(filename: str) -> Response:
        security.answer_as("public")
        return assets.answer(filename)

    return static


@click.command("assets")
@with_appcontext
def write_assets() -> None:
    """Write the joined style sheets for a web server in front."""
    for path in current_app.extensions["assets"].write():
        click.echo(path)


def mail_css(folder: Path) -> str:
    """Return the style sheet of mails, in which no mail program has to know a variable: the light values stand in their place."""
    first = reversed(TOKEN.findall((folder / "css" / "tokens.css").read_text(encoding="utf-8")))
    values = {name: LIGHT_DARK.sub(r"\1", value) for name, value in dict(first).items()}
    sheet = COMMENT.sub("", (folder / "css" / "mail.css").read_text(encoding="utf-8"))
    return VARIABLE.sub(lambda found: values[found[1]], sheet)


def digest(body: bytes) -> str:
    """Return the short hash that stands in addresses."""
    return hashlib.sha256(body).hexdigest()[:HASH_LENGTH]


def mime(name: str) -> str:
    """Return the media type of a file by its name."""
    known = {".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}
    return known.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
