"""What an operating system says in numbers is told in words, with the path that it is about."""

from __future__ import annotations

import errno
from pathlib import Path

from upheld.server.environment import in_words


def test_an_error_of_a_file_names_it() -> None:
    """The file, or where none is told, the folder of the server; words of our own stand as they are."""
    folder = Path("/srv/upheld")
    there = FileExistsError(errno.EEXIST, "there is something there already", "/backups/june")
    assert in_words(there, folder) == "/backups/june: there is something there already"
    full = OSError(errno.ENOSPC, "No space left on device")
    assert in_words(full, folder) == "/srv/upheld: no space left on device"
    assert in_words(OSError("port 8000 is taken"), folder) == "port 8000 is taken"
