"""The command line from a cold start: a new process each time, beside the least that Python itself can do."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure, Side, Sizes, race, time_text

AGREEMENTS = Path(__file__).parent.parent / "agreements"


def check_figure(sizes: Sizes) -> Figure:
    """`upheld check` of the shipped agreement that is nearest to 200 lines.

    Its bytecode is there, as after any first run or installation; of its memory nothing is.
    """
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in sorted(AGREEMENTS.glob("*.yaml"))}
    path = min(lines, key=lambda each: abs(lines[each] - 200))
    start = "from upheld.cli import main; raise SystemExit(main())"
    with TemporaryDirectory() as bytecode:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode, "PYTHONDONTWRITEBYTECODE": ""}

        def run(*words: str) -> None:
            subprocess.run(
                [sys.executable, "-c", *words], env=environment, stdout=subprocess.DEVNULL, check=True
            )

        run(start, "check", str(path))
        check_s, nothing_s = race(
            sizes.starts,
            Side(lambda: run(start, "check", str(path))),
            Side(lambda: run("pass")),
        )
    return Figure(
        f"upheld check of an agreement of {lines[path]} lines ({path.name}), cold",
        "at most",
        12,
        check_s / nothing_s,
        "python -c pass",
        f"{time_text(check_s)} beside {time_text(nothing_s)}",
    )
