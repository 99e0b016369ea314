"""The complaints of the two YAML parsers (C and Python) in words that an author understands."""

from __future__ import annotations

from typing import Literal, NamedTuple

ToldBy = Literal["here", "both", "opening"]
"""What shows a fault: the place of the problem, that and where its construct began, or the latter first."""


class SyntaxFault(NamedTuple):
    """One complaint in our words, its way out, and the places that tell it."""

    message: str
    way_out: str
    told_by: ToldBy = "here"


_QUOTE = "put the text in quotes"
_COLON = "write `key: value`, or indent the line as part of the text above"
_ALIGN = "begin the keys of one map in the same column, and quote a text that goes on behind its quote"
_ESCAPE = SyntaxFault(
    "an escape that YAML does not know", "write two backslashes for one, or use single quotes"
)
_OPEN = SyntaxFault("the quote that opens here is never closed", "close the quote", "opening")
_NO_START = "cannot start any token"

# What the context and the problem of the parser hold, and what that means; the first match counts.
_FAULTS = {
    ("", "mapping values are not allowed"): SyntaxFault(
        "a `: ` in a text, or a line indented too far", _QUOTE
    ),
    ("", "sequence entries are not allowed"): SyntaxFault(
        "a list cannot begin here", "begin `-` on a new line"
    ),
    ("", "mapping keys are not allowed"): SyntaxFault("a `? ` cannot stand here", _QUOTE),
    ("quoted scalar", "end of stream"): _OPEN,
    ("quoted scalar", "document"): _OPEN,
    ("quoted scalar", ""): _ESCAPE,
    ("", "':'"): SyntaxFault("a line without a colon", _COLON, "both"),
    ("flow sequence", ""): SyntaxFault(
        "the list opened by `[` does not close or go on here", "add `,` or `]`", "both"
    ),
    ("flow mapping", ""): SyntaxFault(
        "the map opened by `{` does not close or go on here", "add `,` or `}`", "both"
    ),
    ("flow node", ""): SyntaxFault(
        "a value is missing inside the brackets", "write it, or close the bracket"
    ),
    ("block mapping", ""): SyntaxFault("this does not continue the map that it stands in", _ALIGN, "both"),
    ("block collection", ""): SyntaxFault(
        "this is no item of the list that it stands in", "begin it with `- `", "both"
    ),
    ("block scalar", ""): SyntaxFault(
        "a block of text (`|` or `>`) is not written as YAML asks", _QUOTE, "both"
    ),
    ("an anchor", ""): SyntaxFault("`&` cannot begin a text", _QUOTE),
    ("an alias", ""): SyntaxFault("`*` cannot begin a text", _QUOTE),
    ("tag", ""): SyntaxFault("`!` cannot begin a text", _QUOTE),
    ("", "tag handle"): SyntaxFault("`!` cannot begin a text", _QUOTE),
    ("directive", ""): SyntaxFault("`%` cannot begin a line", _QUOTE),
    ("block node", ""): SyntaxFault("a value is missing here", "write it"),
    ("", "document start"): SyntaxFault("this stands outside the document", "remove it, or indent it"),
}


def syntax_fault(context: str, problem: str, character: str) -> SyntaxFault:
    """The fault behind a parser's complaint; `character` is what stands at its place."""
    if _NO_START in problem and character == "\t":
        return SyntaxFault("a tab cannot indent", "indent with blanks")
    if _NO_START in problem:
        return SyntaxFault(f"a text cannot begin with `{character}`", _QUOTE)
    for (in_context, in_problem), fault in _FAULTS.items():
        if in_context in context and in_problem in problem:
            return fault
    return SyntaxFault(f"this is not YAML: {problem or context}", "", "both" if context else "here")
