"""Texts made to crash, stall or fill the memory of their reader: how long the worst one holds it up."""

import subprocess
import sys
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from tests.language.hostile.corpus import hostile_texts

from benchmarks.figure import Figure, Side, Sizes, race
from upheld.language.reader import read

# The peak is asked of a process that does nothing else: tracemalloc would not see what the C parser takes. On
# Linux `ru_maxrss` survives exec, so a child would tell the peak of its large parent; VmHWM does not.
_CHILD = """
import sys
from pathlib import Path
from tests.language.hostile.corpus import hostile_texts
from upheld.language.reader import read

text = hostile_texts()[sys.argv[1]]
assert read(text, "hostile.yaml").findings
status = Path("/proc/self/status")
if status.exists():
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    print(int(line.split()[1]) * 1024)
else:
    import resource

    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)  # bytes, where there is no /proc (macOS)
"""


def hostile_figures(sizes: Sizes) -> Iterable[Figure]:
    """The longest and the largest reading of all hostile texts; each of them is refused."""
    texts = dict(islice(hostile_texts().items(), sizes.texts))
    for name, text in texts.items():
        assert read(text, "hostile.yaml").findings, f"{name} is not refused"
    sides = [Side(lambda text=text: read(text, "hostile.yaml")) for text in texts.values()]  # type: ignore[misc]
    longest_s, slowest = max(zip(race(min(3, sizes.rounds), *sides), texts, strict=True))
    yield Figure(
        f"each of {len(texts)} hostile texts refused",
        "at most",
        100,
        longest_s * 1000,
        "the longest of all",
        slowest,
        "ms",
    )
    most, largest = max((_peak_bytes(name), name) for name in texts)
    yield Figure(
        "the same, peak memory of the whole process",
        "at most",
        64,
        most / 1_000_000,
        "the largest of all",
        largest,
        "MB",
    )


def _peak_bytes(name: str) -> int:
    """The peak of a process that makes and reads one hostile text, with the interpreter and its imports."""
    root = Path(__file__).parent.parent
    command = [sys.executable, "-c", _CHILD, name]
    return int(subprocess.run(command, cwd=root, stdout=subprocess.PIPE, check=True).stdout)
