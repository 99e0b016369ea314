"""The catalogues of messages: `python -m scripts.messages` brings each up to what the code says.

New messages come in untranslated (a test fails until they are translated); what no code says any more goes.
Messages are what `say`, `plural` and `N_` are given. Trap: a name of these inside the parentheses of such a
call ends the search in it, so nothing that is passed there may be called so. Another: what is said within the
braces of an f-string is found by Python 3.12 and later only, so it is said before.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "upheld" / "render"
CATALOGUES = SOURCE / "prose" / "catalogues"
HEAD = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""
KEYWORDS: dict[str, tuple[int, ...] | None] = {"say": None, "plural": (2, 3), "N_": None}


def messages() -> Catalog:
    """Every message that the code says, in the order of files and lines."""
    found = Catalog(fuzzy=False)
    for file, _, message, comments, _ in extract_from_dir(
        SOURCE,
        [(f"**/{folder}/**.py", "python") for folder in ("prose", "pages", "statement")],
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
    ):
        found.add(message, locations=[(file, 0)], auto_comments=comments)
    return found


def updated(path: Path) -> Catalog:
    """The catalogue in a file with the messages of today; what is no longer said is gone."""
    language = path.stem
    with path.open("rb") as source:
        catalogue = read_po(source, locale=language)
    catalogue.update(messages(), no_fuzzy_matching=True, keep_user_comments=True)
    catalogue.obsolete.clear()
    return catalogue


def text(path: Path) -> bytes:
    """The file of a catalogue as it should be: the same bytes for the same messages."""
    catalogue = updated(path)
    rest = BytesIO()
    write_po(rest, catalogue, width=110, sort_output=True, omit_header=True, no_location=True)
    return HEAD.format(language=path.stem, plural=catalogue.plural_forms).encode() + rest.getvalue()


def main() -> int:
    """Brings every catalogue up to date."""
    for path in sorted(CATALOGUES.glob("*.po")):
        path.write_bytes(text(path))
    return 0


if __name__ == "__main__":
    sys.exit(main())
