"""`nb2pipe`: a table of commands. `--help` and `--version` load nothing but this module; a command loads what it needs."""

from __future__ import annotations

import sys

COMMANDS = {
    "check": ("nb2pipe.cli.check", "report everything that is wrong with notebooks"),
    "analyze": ("nb2pipe.cli.analyze", "print what each cell reads, writes and changes, as JSON"),
    "tag": ("nb2pipe.cli.tag", "propose tags for an untagged notebook, and write them"),
    "graph": ("nb2pipe.cli.graph", "print the pipeline: text, JSON or Mermaid"),
    "compile": ("nb2pipe.cli.compile", "write the pipeline for Kubeflow or another backend"),
    "export": ("nb2pipe.cli.export", "write a plain Python project: a module and a test per step"),
    "run": ("nb2pipe.cli.run", "run the compiled pipeline here, step by step"),
    "verify": ("nb2pipe.cli.verify", "run whole and step by step, and compare"),
    "reproduce": ("nb2pipe.cli.reproduce", "make a tracked run again, and compare"),
    "submit": ("nb2pipe.cli.submit", "upload and run on Kubeflow, and follow the run"),
    "explain": ("nb2pipe.cli.explain", "print the page of a diagnostic, such as NB201"),
    "backends": ("nb2pipe.cli.backends", "list the backends and what they can do"),
}

CLEAN, FINDINGS, USAGE, BUG = 0, 1, 2, 3


def main(arguments: list[str] | None = None) -> int:
    """Run one command.

    Returns
    -------
    int
        0 clean, 1 findings or a failed run, 2 usage or environment, 3 our bug, 128 + n when signal n stopped it.
    """
    words = sys.argv[1:] if arguments is None else arguments
    if not words or words[0] in ("-h", "--help", "help"):
        sys.stdout.write(help_text())
        return CLEAN if words else USAGE
    if words[0] in ("-V", "--version"):
        from nb2pipe._version import __version__

        sys.stdout.write(f"nb2pipe {__version__}\n")
        return CLEAN
    if words[0] not in COMMANDS:
        import difflib

        near = difflib.get_close_matches(words[0], COMMANDS, n=1)
        sys.stderr.write(f"error: there is no command `{words[0]}`" + (f"; did you mean `{near[0]}`?\n" if near else "\n"))
        sys.stderr.write("  hint: nb2pipe --help\n")
        return USAGE
    return _run(words[0], words[1:])


def help_text() -> str:
    """Return the help of the whole program."""
    width = max(len(name) for name in COMMANDS)
    lines = [f"  {name:{width}}  {what}\n" for name, (_, what) in COMMANDS.items()]
    return (
        "nb2pipe turns a tagged notebook into a pipeline, by static analysis alone.\n\nusage: nb2pipe COMMAND …\n\n"
        + "".join(lines)
        + "\nnb2pipe COMMAND --help says more. Exit status: 0 clean, 1 findings, 2 usage or environment, 3 a bug of nb2pipe.\n"
    )


def _run(name: str, words: list[str]) -> int:
    import gc
    from importlib import import_module

    from nb2pipe.errors import InternalError, Nb2PipeError

    gc.disable()  # a short process: what it makes lives as long as itself
    command = import_module(COMMANDS[name][0])
    try:
        code: int = command.run(words)
        sys.stdout.flush()
    except Nb2PipeError as error:
        sys.stderr.write(f"error: {error}\n" + (f"  hint: {error.hint}\n" if error.hint else ""))
        return USAGE
    except BrokenPipeError:  # the reader has gone (`nb2pipe check … | head`): nothing more to say
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLEAN
    except KeyboardInterrupt:
        return 130
    except InternalError as error:
        sys.stderr.write(f"error[NB901] broken-invariant: {error}\n  this is a bug of nb2pipe: nb2pipe explain NB901\n")
        return BUG
    except SystemExit as stop:  # argparse: --help or wrong usage
        return int(stop.code or 0) if isinstance(stop.code, int | None) else USAGE
    except Exception as error:
        import traceback

        traceback.print_exc()
        sys.stderr.write(f"error[NB901] broken-invariant: {error}\n  this is a bug of nb2pipe: nb2pipe explain NB901\n")
        return BUG
    return code
