"""The words of the command line, and what each of them calls. Everything is imported when it is needed."""

from __future__ import annotations

import argparse
import atexit
import gc
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from upheld.cli.output import DONE, OUR_FAULT, WRONG_USE, Stop
from upheld.render.words import visible

COMMANDS: dict[str, str] = {
    "check": "whether agreements and contracts say what they should",
    "evaluate": "what was promised, kept and broken",
    "explain": "why a verdict is what it is",
    "due": "what is due next",
    "forecast": "where running periods are going, and which open deadlines may be missed",
    "backtest": "the same facts under another version, plan, reading or level",
    "words": "an agreement in plain words, in English or Dutch",
    "plans": "a provider's plans side by side, as a customer compares them",
    "diff": "what a version changes against another, in meaning and in its text",
    "amend": "from when a new version holds for whom",
    "calendar": "elapsed time, deadlines and opening hours of a calendar",
    "import": "a table of events turned into facts",
    "lake": "observations sealed into day files, and checked",
    "lock": "freeze the holidays and zone changes that agreements rest on",
    "demo": "the shipped agreements on the shipped month of facts",
}
"""Each has a module of its name here; commands that other parts bring are found by entry point."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command. 0 done; 1 what was asked does not hold; 2 wrong use or input; 3 our fault."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    # What a command makes lives as long as it does: looking for garbage in it every 700 objects finds none,
    # and neither does looking through all that is left when Python ends.
    gc.set_threshold(50_000)
    atexit.register(gc.freeze)
    try:
        return _run(words)
    except Stop as stop:
        print(stop.message, file=sys.stderr)
        return stop.code
    except BrokenPipeError:
        # Whoever reads has had enough; Python would complain once more when it flushes at exit.
        sys.stderr.close()
        return DONE
    except OSError as fault:  # a folder where a file was meant, no permission, a name too long
        print(visible(f"upheld: {fault.filename or 'a file'}: {fault.strerror or fault}"), file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        return WRONG_USE
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else WRONG_USE
    except Exception as fault:  # a traceback is for us; the user gets one line and the exit code that says so
        return _our_fault(fault)


class _Help(argparse.HelpFormatter):
    """The same lines on every terminal. Asking how wide one is would also import compression libraries."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=100)


def _run(words: list[str]) -> int:
    asked = next((word for word in words if not word.startswith("-")), "")
    parser = argparse.ArgumentParser(
        prog="upheld",
        description="Runs service level agreements.",
        allow_abbrev=False,
        formatter_class=_Help,
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    parser.add_argument("--debug", action="store_true", help="show the traceback of a fault of ours")
    commands = parser.add_subparsers(metavar="COMMAND", dest="command")
    # A start should cost little: no parser is made that is not asked for, unless the list may be shown.
    for name in words[:1] if words[:1] == [asked] and asked in COMMANDS else COMMANDS:
        purpose = COMMANDS[name]
        command = commands.add_parser(
            name, help=purpose, description=purpose.capitalize() + ".", formatter_class=_Help
        )
        if name == asked:
            _module(name).add_arguments(command)
    if asked and asked not in COMMANDS and (run := _brought(asked)):
        return run(words[words.index(asked) + 1 :])
    options = parser.parse_args(words)
    if options.version:
        from importlib.metadata import version

        print(f"upheld {version('upheld')}")
        return DONE
    if not options.command:
        parser.print_help()
        return WRONG_USE
    code = _module(options.command).run(options)
    assert isinstance(code, int)
    return code


def _module(name: str) -> Command:
    return import_module(f"upheld.cli.{name}_command")  # type: ignore[return-value]  # each has both functions


class Command:
    """What the module of a command has."""

    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def _brought(name: str) -> Callable[[list[str]], int] | None:
    """A command that an installed part brings (group `upheld.commands`)."""
    from importlib.metadata import entry_points

    for entry in entry_points(group="upheld.commands", name=name):
        run: Callable[[list[str]], int] = entry.load()
        return run
    return None


def _our_fault(fault: Exception) -> int:
    if "--debug" in sys.argv:
        raise fault
    print(
        f"upheld: a fault of ours: {type(fault).__name__}: {fault}\n"
        "  way out: run again with `upheld --debug ...` and report what it prints",
        file=sys.stderr,
    )
    return OUR_FAULT
