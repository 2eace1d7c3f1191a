"""The base of every error that is a user's to mend."""

from __future__ import annotations


class AidwireError(Exception):
    """One line that names what is wrong and how to mend it; the command line prints it.

    It exits with ``code``: 2 where the command has to be given otherwise, 1 where it was right and
    could not be done (a file locked or damaged, a full disk, a server that does not answer). Any other
    exception is a defect of ours and shows its traceback.
    """

    def __init__(self, message: str, *, code: int = 2) -> None:
        super().__init__(message)
        self.code = code
