"""Find a Chromium for the browser tests; `python -m tests.chromium` also installs one where it may.

Standard library only: `run.py` calls it before the tests.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NPM_PACKAGE = "@sparticuz/chromium@147.0.0"
NPM_FOLDER = Path(__file__).resolve().parents[1] / ".venv" / "chromium"
NPM_UNPACK = 'import("@sparticuz/chromium").then(async m => console.log(await m.default.executablePath()))'

FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NOT_FOUND = (
    "Browser tests cannot run: no Chromium, and it cannot be installed from here (Debian's package needs root, "
    "@sparticuz/chromium needs npm)."
)


def find() -> str | None:
    """Return the Chromium of this machine, if there is one."""
    return next(filter(None, map(shutil.which, NAMES)), None) or unpacked_from_npm()


def flags() -> list[str]:
    """Return the switches for a quiet browser; root has no sandbox."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*FLAGS, *(["--no-sandbox"] if as_root else [])]


def install() -> str | None:
    """Install Chromium with the means there are: Debian's package as root, else the one on npm."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium from the system's packages …", flush=True)
        succeeds(["apt-get", "update", "-q"])
        succeeds(["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"])
        if found := find():
            return found
    if shutil.which("npm"):
        print("Installing Chromium from npm …", flush=True)
        NPM_FOLDER.mkdir(parents=True, exist_ok=True)
        succeeds(["npm", "install", "--no-save", "--no-audit", "--no-fund", "--prefix", str(NPM_FOLDER), NPM_PACKAGE])
    return find()


def succeeds(command: Sequence[str]) -> bool:
    """Run a step of the installation; show what it says only when it fails."""
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=env, check=False)
    if done.returncode:
        print(done.stdout[-2000:], done.stderr[-2000:], file=sys.stderr)
    return done.returncode == 0


def unpacked_from_npm() -> str | None:
    """Return the executable that the npm package unpacks into the temporary folder."""
    if not (NPM_FOLDER / "node_modules").is_dir() or not shutil.which("node"):
        return None
    command = ["node", "--eval", NPM_UNPACK]
    done = subprocess.run(command, cwd=NPM_FOLDER, capture_output=True, text=True, check=False)
    return done.stdout.strip() or None


if __name__ == "__main__":
    sys.exit(None if find() or install() else NOT_FOUND)
