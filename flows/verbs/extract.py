"""``aidwire extract``: HTML in, one JSON object per page out."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click


@click.command("extract")
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option("--url", default="", help="Address of the page (one FILE only).")
@click.option(
    "--manifest",
    type=click.Path(path_type=Path, dir_okay=False),
    help='JSON lines of {"file": …, "url": …}; lines that repeat across a site\'s pages are taken out.',
)
def command(files: tuple[str, ...], url: str, manifest: Path | None) -> None:
    """Extract the articles of HTML files, as JSON.

    FILEs (- for standard input) give one JSON object each, in order.

    Bytes are read as they are, gzip included; the encoding is found in them. "outcome" is "article"
    or why the page is none; "removed" lists every line taken out, with its rule.
    """
    from flows.extract_files import InputFile, extract_files, read_manifest

    if bool(files) == bool(manifest):
        raise click.UsageError("name FILEs (- for standard input), or a --manifest, not both")
    if url and len(files) != 1:
        raise click.UsageError("--url goes with exactly one FILE; use --manifest for several pages")
    inputs = read_manifest(manifest) if manifest else [InputFile(f, url) for f in files]
    for row in extract_files(inputs, learn=manifest is not None):
        sys.stdout.buffer.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()
