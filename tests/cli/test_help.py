"""What `--help` tells: every command, form and option, with an example of each that can be asked."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator

import pytest

from upheld.cli.main import COMMANDS, EXAMPLES, main, parser_of


def forms(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """A command with all its forms."""
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from forms(below)


def command(name: str) -> argparse.ArgumentParser:
    """The parser of one command."""
    whole = parser_of([name], name)
    (commands,) = (one for one in whole._actions if isinstance(one, argparse._SubParsersAction))
    found = commands.choices[name]
    assert isinstance(found, argparse.ArgumentParser)
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name: str) -> None:
    """So does every word that is given without one, and every form of a command."""
    for parser in forms(command(name)):
        assert parser.description
        assert parser.description.endswith(".")
        unsaid = [
            action.dest
            for action in parser._actions
            if not action.help and not isinstance(action, argparse._SubParsersAction)
        ]
        assert unsaid == [], parser.prog


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_an_example_that_can_be_asked(name: str) -> None:
    """And every form of it has one of its own."""
    for example in EXAMPLES[name]:
        words = [name, *shlex.split(example)]
        assert parser_of(words, name).parse_args(words).command == name
    for parser in forms(command(name)):
        assert parser.epilog is not None, parser.prog
        assert f"  {parser.prog}" in parser.epilog


def test_the_list_names_the_commands_of_the_server(capsys: pytest.CaptureFixture[str]) -> None:
    """They come with an installed part: who runs a server finds them where all others are."""
    assert main(["--help"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("with the server: admin, ")
    assert "serve (upheld COMMAND --help" in last


@pytest.mark.parametrize(("missing", "code"), [("django.db", 2), ("upheld.gone", 3)])
def test_a_command_whose_extra_is_not_installed_says_which(
    missing: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """That is no fault of ours, and there is a way out; a module of ours that is not there is one."""

    def brought(name: str) -> None:
        raise ModuleNotFoundError(f"No module named '{missing}'", name=missing)

    monkeypatch.setitem(main.__globals__, "_brought", brought)
    assert main(["serve"]) == code
    told = capsys.readouterr().err
    assert ("pip install 'upheld[server]'" in told) == (code == 2)
    assert missing in told
