"""Measures every figure and prints the table: `python -m benchmarks [--strict] [NAME ...]`."""

import argparse
import platform
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from os import cpu_count
from pathlib import Path

from benchmarks.arrays import elapsed_rows_figures, tickets_figure
from benchmarks.business_time import compile_figure, deadline_figure, elapsed_figures
from benchmarks.command import check_figure
from benchmarks.contracts import contracts_figures
from benchmarks.figure import Figure, Sizes
from benchmarks.forecast import forecast_figures
from benchmarks.hostile import hostile_figures
from benchmarks.live_server import live_server_figures
from benchmarks.live_store import live_store_figures
from benchmarks.measurement import measurement_figures
from benchmarks.pages import pages_figures
from benchmarks.readings import readings_figures
from benchmarks.statements import statements_figures

# Processes are started first: afterwards this one is large, and starting others from it takes longer.
BENCHMARKS: dict[str, Callable[[Sizes], Figure | Iterable[Figure]]] = {
    "check": check_figure,
    "hostile": hostile_figures,
    "measurement": measurement_figures,
    "contracts": contracts_figures,
    "readings": readings_figures,
    "pages": pages_figures,
    "statements": statements_figures,
    "elapsed": elapsed_figures,
    "deadline": deadline_figure,
    "compile": compile_figure,
    "rows": elapsed_rows_figures,
    "tickets": tickets_figure,
    "forecast": forecast_figures,
    "live-store": live_store_figures,
    "live-server": live_server_figures,
}
PEERS = {
    "businesstimedelta": "businesstimedelta",
    "business_duration": "business-duration",
    "pandas": "pandas",
}
_HEADINGS = ("work", "reach", "measured", "beside", "", "detail")


def main(arguments: Sequence[str] | None = None) -> int:
    """0, also if a figure is not reached: speed is no test. With `--strict` that is a 1."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; all if none")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if a figure is not reached")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.names if name not in BENCHMARKS]:
        parser.error(f"no benchmark is called {', '.join(unknown)}")
    if missing := [name for module, name in PEERS.items() if find_spec(module) is None]:
        print(f"{', '.join(missing)} not installed: run `make bench`", file=sys.stderr)
        return 2
    print(machine())
    found: list[Figure] = []
    for name in options.names or BENCHMARKS:
        print(f"  measuring {name} …", file=sys.stderr, flush=True)
        figures = BENCHMARKS[name](Sizes())
        found += [figures] if isinstance(figures, Figure) else figures
    print(table(found))
    return 1 if options.strict and not all(figure.is_reached for figure in found) else 0


def machine() -> str:
    """What the figures were measured on, and beside which versions."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text("utf-8").splitlines() if cpuinfo.exists() else []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    processor = next(models, platform.processor() or platform.machine())
    peers = ", ".join(f"{name} {_version(name)}" for name in ("numpy", *PEERS.values()))
    return f"{cpu_count()} × {processor}, Python {platform.python_version()}; {peers}"


def table(figures: Sequence[Figure]) -> str:
    """The figures as the rows of a Markdown table, in columns."""
    rows = [_HEADINGS, *(figure.cells() for figure in figures)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_HEADINGS))]
    lines = [" | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) for row in rows]
    lines.insert(1, " | ".join("-" * width for width in widths))
    return "\n".join(f"| {line} |" for line in lines)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


if __name__ == "__main__":
    sys.exit(main())
