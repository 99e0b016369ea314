"""The hook that other repositories run before a commit does what its page says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from shutil import copytree

import pytest

from tests.docs.pages import ROOT, run_upheld
from upheld.language.node import Mapping, Node, Scalar, Sequence
from upheld.language.reader import read_yaml


def _plain(node: Node | None) -> object:
    if isinstance(node, Mapping):
        return {key.text: _plain(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    return node.text


def _hook() -> dict[str, object]:
    node, findings = read_yaml((ROOT / ".pre-commit-hooks.yaml").read_bytes(), "hooks")
    assert findings == ()
    hooks = _plain(node)
    assert isinstance(hooks, list)
    (hook,) = hooks
    assert isinstance(hook, dict)
    return hook


@pytest.mark.slow
def test_the_hook_checks_the_folder_of_agreements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its command with its arguments checks a folder `agreements`, and fails when an agreement is broken."""
    monkeypatch.chdir(tmp_path)
    copytree(ROOT / "agreements", "agreements")
    hook = _hook()
    words = [*shlex.split(str(hook["entry"])), *(hook["args"] if isinstance(hook["args"], list) else [])]
    assert words[0] == "upheld"
    assert run_upheld(words[1:])[0] == 0
    broken = Path("agreements/rous.yaml")
    broken.write_text(broken.read_text("utf-8").replace("zone: Africa/Johannesburg", "zone: SAST"), "utf-8")
    code, told = run_upheld(words[1:])
    assert code == 1
    assert "error[zone-abbreviation]" in told


def test_the_hook_runs_when_a_file_of_ours_changes() -> None:
    """Agreements, contracts, clause lists and locks are its files; nothing is passed to it."""
    hook = _hook()
    files = re.compile(str(hook["files"]))
    for name in (
        "agreements/a.yaml",
        "contracts/c.yml",
        "agreements/clauses/a.yaml",
        "agreements/a.lock.json",
    ):
        assert files.search(name), name
    assert not files.search("package.json")
    assert hook["pass_filenames"] == "false"
