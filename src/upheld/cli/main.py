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
    "statement": "the statement of a contract for a month, a quarter or a year: frozen, hashed, explained",
    "claim": "what is claimed and can be; file, assess, decide, dispute or withdraw a claim",
    "words": "an agreement in plain words, in English or Dutch",
    "plans": "a provider's plans side by side, as a customer compares them",
    "diff": "what a version changes against another, in meaning and in its text",
    "amend": "from when a new version holds for whom",
    "apply": "the agreements and contracts of a folder, applied on a server",
    "calendar": "elapsed time, deadlines and opening hours of a calendar",
    "import": "a table of events turned into facts",
    "lake": "observations sealed into day files, and checked",
    "credit": "credit memos: what is granted, issued, applied, exported, and what is to come",
    "lock": "freeze the holidays and zone changes that agreements rest on",
    "demo": "the shipped agreements on the shipped month of facts",
}
"""Each has a module of its name here; commands that other parts bring are found by entry point."""

EXAMPLES: dict[str, tuple[str, ...]] = {
    "check": ("agreements/", "acme.yaml --strict --format sarif", "acme.yaml --resolved --plan gold"),
    "evaluate": ("acme/ --at 2026-06-30T22:00:00Z", "acme/ --summary --fail-on breach"),
    "explain": ("acme/ 12 --at 2026-06-30T22:00:00Z", "acme/ 2026-06 --commitment uptime --readings"),
    "due": ("acme/", "acme/ --horizon 8h --format json"),
    "forecast": ("acme/ --at 2026-06-15T00:00:00Z", "acme/ --draws 10000 --seed 7"),
    "backtest": ("draft.yaml acme/ --at 2026-06-30T22:00:00Z", "acme.yaml acme/ --level uptime=99.95%"),
    "statement": (
        "acme/ c1 --period 2026-06 --at 2026-07-01T00:00:00Z",
        "acme/ c1 --period 2026-06 --format pdf --language nl --output june.pdf",
        "acme/ --verify june.json",
    ),
    "claim": (
        "list acme/ --at 2026-07-01T00:00:00Z",
        "draft acme/ c1 2026-06 --language nl",
        "file acme/ c1 2026-06 --channel email --impact 'no calls' --into acme/claims.jsonl",
        "show acme/ c1-2026-06",
        "supplement acme/ c1-2026-06 --evidence calls.csv --into acme/claims.jsonl",
        "assess acme/ c1-2026-06 admissible --actor dora --into acme/claims.jsonl",
        "determine acme/ c1-2026-06 accepted --actor dora --into acme/claims.jsonl",
        "approve acme/ c1-2026-06 --actor emil --into acme/claims.jsonl",
        "dispute acme/ c1-2026-06 --reason 'the outage was longer' --into acme/claims.jsonl",
        "withdraw acme/ c1-2026-06 --into acme/claims.jsonl",
    ),
    "words": ("acme.yaml", "acme.yaml --lang nl"),
    "plans": ("acme.yaml", "acme.yaml --lang nl"),
    "diff": ("acme-2026-01.yaml acme-2026-07.yaml", "old.yaml new.yaml --plan gold --fail-on worse"),
    "amend": ("new.yaml --against old.yaml --contracts acme/ --published 2026-05-04",),
    "apply": ("texts/ --dry-run --fail-on worse", "texts/ --server https://upheld.example.com"),
    "calendar": (
        "elapsed acme.yaml support 2026-06-05T14:30:00Z 2026-06-08T09:00:00Z",
        "deadline acme.yaml support 2026-06-05T14:30:00Z '1 business day'",
        "show acme.yaml support --from 2026-06-01T00:00:00Z --days 7",
        "batch questions.jsonl --agreement acme.yaml",
    ),
    "import": ("csv tickets.csv --mapping mapping.yaml --out tickets.jsonl",),
    "lake": ("seal probes/ acme.yaml --out lake", "verify lake"),
    "credit": (
        "list acme/ --at 2026-07-31T00:00:00Z",
        "show acme/ NW-CN-000001",
        "issue acme/ --into acme/credits.jsonl",
        "apply acme/ NW-CN-000001 --invoice NW-2026-08 --into acme/credits.jsonl",
        "void acme/ NW-CN-000001 --reason 'sent to the wrong address'",
        "export acme/ --format ubl --out credit-notes",
        "accrual acme/ --month 2026-06",
        "ageing acme/",
        "close acme/ --entity northwind-nl --month 2026-06 --into acme/credits.jsonl",
    ),
    "lock": ("acme.yaml --years 2020-2040 --dry-run",),
    "demo": ("",),
}
"""How each is asked; of commands with forms, the first word is the form."""


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


class _Help(argparse.RawDescriptionHelpFormatter):
    """The same lines on every terminal. Asking how wide one is would also import compression libraries."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=100)


def parser_of(words: Sequence[str], asked: str) -> argparse.ArgumentParser:
    """The parser of the whole, or as much of it as the words of one command need."""
    parser = argparse.ArgumentParser(
        prog="upheld",
        description="Runs service level agreements.",
        allow_abbrev=False,
        formatter_class=_Help,
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    parser.add_argument("--debug", action="store_true", help="show the traceback of a fault of ours")
    if not asked and "--version" not in words:
        parser.epilog = _others()
    commands = parser.add_subparsers(metavar="COMMAND", dest="command")
    # A start should cost little: no parser is made that is not asked for, unless the list may be shown.
    for name in words[:1] if words[:1] == [asked] and asked in COMMANDS else COMMANDS:
        purpose = COMMANDS[name]
        command = commands.add_parser(
            name, help=purpose, description=_sentence(purpose), formatter_class=_Help
        )
        if name == asked:
            _module(name).add_arguments(command)
            _exemplify(command, name)
    return parser


def _exemplify(command: argparse.ArgumentParser, name: str) -> None:
    """Says how a command is asked, and each of its forms beside what that is for."""
    command.epilog = _epilog(name, EXAMPLES[name])
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction):
            purposes = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for form, parser in action.choices.items():
                examples = [one for one in EXAMPLES[name] if one.split(" ")[0] == form]
                parser.formatter_class = _Help
                parser.description = _sentence(purposes[form])
                parser.epilog = _epilog(name, examples) if examples else None


def _sentence(purpose: str) -> str:
    return f"{purpose[:1].upper()}{purpose[1:]}."


def _epilog(name: str, examples: Sequence[str]) -> str:
    head = "example:" if len(examples) == 1 else "examples:"
    return "\n".join([head, *(f"  upheld {name} {one}".rstrip() for one in examples)])


def _run(words: list[str]) -> int:
    asked = next((word for word in words if not word.startswith("-")), "")
    parser = parser_of(words, asked)
    if asked and asked not in COMMANDS:
        try:
            if run := _brought(asked):
                return run(words[words.index(asked) + 1 :])
        except ModuleNotFoundError as fault:
            if (fault.name or "upheld").partition(".")[0] == "upheld":
                raise
            message = f"upheld: {asked} needs {fault.name}, which is not installed"
            raise Stop(f"{message}\n  way out: pip install 'upheld[server]'", WRONG_USE) from None
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


def _others() -> str | None:
    """What the list of commands says of those that installed parts bring."""
    from importlib.metadata import entry_points

    names = sorted({entry.name for entry in entry_points(group="upheld.commands")})
    return f"with the server: {', '.join(names)} (upheld COMMAND --help tells of each)" if names else None


def _our_fault(fault: Exception) -> int:
    if "--debug" in sys.argv:
        raise fault
    print(
        f"upheld: a fault of ours: {type(fault).__name__}: {fault}\n"
        "  way out: run again with `upheld --debug ...` and report what it prints",
        file=sys.stderr,
    )
    return OUR_FAULT
