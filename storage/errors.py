"""The base of every error that is a user's to mend."""

from __future__ import annotations


class AidwireError(Exception):
    """One line that names what is wrong and how to mend it. The command line prints it and exits 2;
    any other exception is a defect of ours and shows its traceback."""
