"""The command line: ``aidwire VERB``. Each verb is a module of ``flows.verbs``."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from storage.errors import AidwireError

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


def main() -> None:
    """Run the command line: exit 0 all well, 1 something failed, 2 wrong usage."""
    try:
        code = aidwire(standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        code = _complain("interrupted; what was fetched is kept, run the same command again to go on", 1)
    except click.ClickException as error:
        code = _complain(error.format_message(), 2 if isinstance(error, click.UsageError) else 1)
    except BrokenPipeError:
        # The reader (head, less) has what it wanted.
        sys.stderr.close()
        code = 0
    except AidwireError as error:
        code = _complain(str(error), error.code)
    sys.exit(code or 0)


def _complain(message: str, code: int) -> int:
    click.echo(f"aidwire: {' '.join(message.split())}", err=True)
    return code
