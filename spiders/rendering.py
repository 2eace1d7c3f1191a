"""What ``render = true`` needs on this machine: the optional extra and a Chromium."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def missing_for_rendering() -> str:
    """What is missing and how to get it, empty if nothing is."""
    if find_spec("scrapy_playwright") is None:
        return "render = true needs the render extra: pip install 'aidwire[render]'"
    if not chromium_path():
        return "render = true needs Chromium: install it, or set AIDWIRE_CHROMIUM to its path"
    return ""


def chromium_path() -> str:
    """The Chromium of AIDWIRE_CHROMIUM or of the system, empty if there is none."""
    return os.environ.get("AIDWIRE_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), "") or ""
