"""Texts made to crash, stall or fill the memory of their reader, each under the name of its trick."""

from __future__ import annotations

from upheld.language.reader import MAX_BYTES

FULL = MAX_BYTES - 64
"""Nearly all that a text may have: what is refused by size alone proves nothing about the rest."""


def hostile_texts() -> dict[str, bytes | str]:
    """Every one must be refused, quickly and in little memory."""
    return {
        "ten megabytes": b"x" * 10_000_000,
        "one byte too many": b"#" * (MAX_BYTES + 1),
        "one character, two bytes too many": "é" * (MAX_BYTES // 2) + "#",
        "brackets that kill the composing C parser": "[" * 100_000,
        "braces in each other": "{a: " * 60_000,
        "lists in each other": "- " * 100_000,
        "complex keys in each other": "? " * 100_000,
        "maps indented ever deeper": "".join(" " * depth + "a:\n" for depth in range(700)),
        "a very long flat list": "[" + "a," * (FULL // 2),
        "a very long list of empty lists": "[" + "[]," * (FULL // 3),
        "a very long list of empty maps": "[" + "{}," * (FULL // 3),
        "a block list of nothing": "-\n" * (FULL // 2),
        "a block map of nothing": "".join(f"{number}:\n" for number in range(32_000)),
        "a billion laughs": "a: &a [x, x]\n" + "".join(f"{k}: &{k} [*a, *a]\n" for k in "bcdefghij"),
        "an anchor on every item": "- &a x\n" * (FULL // 7),
        "an alias on every item": "- *a\n" * (FULL // 5),
        "a tag on every item": "- !!str x\n" * (FULL // 10),
        "one key for ever": "a: 1\n" * (FULL // 5),
        "one very long anchor": "&" + "a" * FULL,
        "one very long tag": "!" + "a" * FULL + " x",
        "one very long key": "? " + "a" * FULL + "\n: 1",
        "a quote that never closes": '"' + "a" * FULL,
        "a quote over very many lines": '"' + "\n" * FULL,
        "escaped control characters": '"' + "\\x01" * (FULL // 4) + '"',
        "control characters": "\x01" * FULL,
        "only line ends": "\n" * FULL,
        "only carriage returns": "\r" * FULL,
        "only blanks": " " * FULL,
        "only tabs": "\t" * FULL,
        "only colons": ":" * FULL,
        "only stars": "*" * FULL,
        "only bangs": "!" * FULL,
        "only percent signs": "%" * FULL,
        "only question marks and colons": "? : " * (FULL // 4),
        "documents for ever": "---\n" * (FULL // 4),
        "directives for ever": "%FOO bar\n" * (FULL // 9),
        "ten thousand broken bytes": b"\xff" * 10_000,
        "another encoding": "a: 1\n".encode("utf-16"),
    }
