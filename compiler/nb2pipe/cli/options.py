"""What several commands share: the parser, reading notebooks, printing findings."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from nb2pipe.diagnostics.model import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nb2pipe.api import Checked
    from nb2pipe.ir.pipeline import Pipeline


def parser(command: str, formats: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Make the parser of a command, with `--format` when it has several."""
    from nb2pipe.cli import COMMANDS

    def formatter(prog: str) -> argparse.HelpFormatter:
        return argparse.HelpFormatter(prog, width=100)  # asking the terminal for its width loads shutil

    made = argparse.ArgumentParser(
        prog=f"nb2pipe {command}", description=COMMANDS[command][1], allow_abbrev=False, formatter_class=formatter
    )
    if formats:
        made.add_argument("--format", choices=formats, default=formats[0], help=f"how to print the result (default: {formats[0]})")
    return made


def add_parameters(options: argparse.ArgumentParser) -> None:
    """Add ``-p NAME=VALUE``, read by `parameter_values`."""
    options.add_argument(
        "-p", "--parameter", action="append", default=[], metavar="NAME=VALUE", help="value of a pipeline parameter (JSON, else text)"
    )


def checked(path: str, *, backend: str | None = None, runtime: str | None = None, allow_errors: bool = False) -> Checked:
    """Check a notebook and print its findings to standard error, notes left out."""
    from nb2pipe.api import check_file
    from nb2pipe.diagnostics.as_text import as_text

    result = check_file(path, backend=backend, runtime=runtime, allow_errors=allow_errors)
    shown = tuple(each for each in result.diagnostics if each.severity != Severity.NOTE)
    if shown:
        sys.stderr.write(as_text(shown, result.file, colour=sys.stderr.isatty()))
    return result


def write_json(value: object) -> None:
    """Print a value as JSON to standard output."""
    import json

    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def parameter_values(pairs: Sequence[str], pipeline: Pipeline) -> dict[str, object]:
    """Read ``name=value`` pairs: for a text parameter the text as it is, else JSON when it can be read as such.

    Raises
    ------
    Nb2PipeError
        When a pair has no ``=`` or no name.
    """
    import json

    from nb2pipe.errors import Nb2PipeError

    values: dict[str, object] = {}
    texts = {parameter.name for parameter in pipeline.parameters if parameter.type.value == "str"}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name:
            raise Nb2PipeError(f"`{pair}` is not of the form name=value", hint="-p depth=6")
        try:
            values[name] = text if name in texts else json.loads(text)
        except ValueError:
            values[name] = text
    return values


def write_file(path: str, text: str) -> None:
    """Write a file so that a reader sees the old content or the new, never a part.

    Raises
    ------
    Nb2PipeError
        When the file cannot be written.
    """
    import os

    from nb2pipe.errors import Nb2PipeError

    folder, name = os.path.split(path)
    temporary = os.path.join(folder, f".{name}.{os.getpid()}.part")  # noqa: PTH118 - pathlib costs start-up
    try:
        if folder:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        with open(temporary, "w", encoding="utf-8", newline="\n") as file:  # noqa: PTH123
            file.write(text)
        os.replace(temporary, path)  # noqa: PTH105
    except OSError as error:
        raise Nb2PipeError(
            f"cannot write `{path}`: {(error.strerror or str(error)).lower()}", hint="choose another file with -o"
        ) from error
