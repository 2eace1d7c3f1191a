"""The command line: ``aidwire VERB``. Each verb is a module of ``flows.verbs``."""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module

import click

from storage.errors import AidwireError
from storage.sqlite_file import FULL

# The module of each verb, in the order of --help.
VERBS = {
    "demo": "demo",
    "crawl": "crawl",
    "load": "load",
    "schedule": "schedule",
    "deploy": "deploy",
    "maintain": "maintain",
    "sources": "sources",
    "check": "check",
    "try": "try_url",
    "add": "add",
    "extract": "extract",
    "search": "search",
    "status": "status",
    "export": "export",
    "snapshot": "snapshot",
    "backup": "backup",
    "forget": "forget",
    "reextract": "reextract",
    "rescore": "reextract",
    "browse": "browse",
}


class _Verbs(click.Group):
    """Imports a verb when it is asked for: Scrapy, trafilatura and Prefect take seconds to import."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"flows.verbs.{VERBS[cmd_name]}").command
        return command


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="aidwire", prog_name="aidwire")
def aidwire() -> None:
    """Collect aid-related news from news sites into a SQLite database that you query directly.

    Try it without a network: aidwire demo. Then: aidwire sources, aidwire crawl SOURCE,
    aidwire search WORDS, or open data/aid.db with sqlite3, Datasette or pandas.
    """


# The verbs that may be interrupted and go on later, and what to say then.
_KEPT = "what was fetched is kept, run the same command again to go on"
_GO_ON = dict.fromkeys(("crawl", "schedule", "reextract", "rescore"), _KEPT) | {
    "load": "what was loaded is kept, run the same command again to go on",
    "maintain": "what was done stays, run the same command again for the rest",
}


def main() -> None:
    """Run the command line: exit 0 all well, 1 something failed, 2 wrong usage."""
    try:
        code = _run()
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (head, less) has what it wanted.
        _silence()
        code = 0
    except OSError as error:
        # Files are explained where they are opened; what is left is standard output.
        if error.filename is not None or error.errno not in (*FULL, errno.EIO, errno.EFBIG, errno.EBADF):
            raise
        code = _complain(f"standard output cannot be written: {error.strerror}", 1)
        _silence()
    sys.exit(code)


def _run() -> int:
    try:
        return aidwire(standalone_mode=False) or 0
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _complain("; ".join(filter(None, ("interrupted", _GO_ON.get(_verb(), "")))), 1)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2
    except click.ClickException as error:
        return _complain(error.format_message(), 2 if isinstance(error, click.UsageError) else 1)
    except AidwireError as error:
        return _complain(str(error), error.code)


def _verb() -> str:
    return next((word for word in sys.argv[1:] if not word.startswith("-")), "")


def _silence() -> None:
    """What is still to be written goes nowhere, or Python would fail once more as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(message: str, code: int) -> int:
    click.echo(f"aidwire: {' '.join(message.split())}", err=True)
    return code
