"""The web server that the tests put in front of the portal; `python -m tests.nginx` installs one where it may."""

import os
import shutil
import sys

from tests.chromium import succeeds

PLACES = "/usr/sbin:/usr/local/sbin:/opt/homebrew/bin"


def find() -> str | None:
    """Return the path of nginx."""
    return shutil.which("nginx") or shutil.which("nginx", path=PLACES)


def install() -> str | None:
    """Install Debian's nginx as root where there is none; return its path."""
    if find() is None and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        succeeds(["apt-get", "update", "-q"])
        succeeds(["apt-get", "install", "-y", "-q", "--no-install-recommends", "nginx-light"])
    return find()


if __name__ == "__main__":
    sys.exit(0 if install() else 1)
