"""What readings cost: one evaluation, and one that tells what each verdict would be under all of them."""

import json
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Final, TypeAlias

from benchmarks.figure import Figure, Side, Sizes, abreast, race, time_text
from upheld.book.evaluate import evaluate
from upheld.book.readings import Sensitivity, sensitivity
from upheld.core.timeline.instant import format_instant, parse_instant
from upheld.files.folder import Folder, read_book

Row: TypeAlias = tuple[str, float, dict[str, object]]
ROOT: Final = Path(__file__).parents[1]
AT: Final = parse_instant("2026-07-01T00:00:00Z")
READINGS: Final = 8
AGREEMENT: Final = """
document: {agreement: northwind, version: 2026-01, provider: Northwind, zone: UTC}
assume:
  hours: {ref: N1, issue: hours, options: [desk, always], take: desk, because: so}
  robots: {ref: N2, issue: robots, options: [human, anybody], take: human, because: so}
  waits: {ref: N3, issue: waits, options: [pause, count], take: pause, because: so}
  words: {ref: N4, issue: words, options: [shall, aim], take: shall, because: so}
  lunch: {ref: N5, issue: lunch, options: [open, closed], take: open, because: so}
  change: {ref: N6, issue: changes, options: [keep, anew], take: keep, because: so}
  range: {ref: N7, issue: 8 to 16 hours, options: [upper, lower], take: upper, because: so}
  low: {ref: N8, issue: P3, options: [like P2, longer], take: like P2, because: so}
scale:
  priority: {of: ticket, values: {P1: all, P2: some, P3: few}}
calendar:
  desk:
    zone: UTC
    open: Mon-Fri 09:00-17:00
    breaks: {by lunch: {open: none, closed: "Mon-Fri 12:00-13:00"}}
    holidays: none
  phone: {zone: UTC, open: "Mon-Fri 08:00-18:00", holidays: none}
deadline:
  response:
    from: opened
    until: {by robots: {human: answered, anybody: replied}}
    on: {P1: {by hours: {desk: desk, always: always}}, other: phone}
    within: {P1: 2h, P2: 4h, P3: {by low: {like P2: 4h, longer: 12h}}}
    modality: {by words: {shall: guarantee, aim: objective}}
  resolution:
    from: opened
    until: resolved
    on: desk
    within: {P1: {by range: {upper: 16h, lower: 8h}}, other: 40h}
    pause: {by waits: {pause: waiting where for = customer, count: none}}
    change: {by change: {keep: keep start, anew: restart}}
"""
DAYS: Final = "[2026-06-05, 2026-06-12, 2026-06-19, 2026-06-26, 2026-06-11, 2026-06-18, 2026-06-25]"
EVERYWHERE: Final = f"""
document: {{agreement: northwind, version: 2026-01, provider: Northwind, zone: UTC}}
assume:
  hours: {{ref: N1, issue: hours, options: [desk, phone], take: desk, because: so}}
  robots: {{ref: N2, issue: robots, options: [human, anybody], take: human, because: so}}
  waits: {{ref: N3, issue: waits, options: [pause, count], take: pause, because: so}}
  words: {{ref: N4, issue: words, options: [shall, aim], take: shall, because: so}}
  lunch: {{ref: N5, issue: lunch, options: [open, closed], take: open, because: so}}
  change: {{ref: N6, issue: changes, options: [keep, anew], take: keep, because: so}}
  range: {{ref: N7, issue: 8 to 16 hours, options: [upper, lower], take: upper, because: so}}
  eve: {{ref: N8, issue: eve, options: [open, shut], take: open, because: so}}
scale:
  priority: {{of: ticket, values: {{P1: all, P2: some, P3: few}}}}
calendar:
  desk:
    zone: UTC
    open: Mon-Fri 09:00-17:00
    breaks: {{by lunch: {{open: none, closed: "Mon-Fri 12:00-13:00"}}}}
    holidays: {{by eve: {{open: none, shut: {{add: {DAYS}}}}}}}
  phone:
    zone: UTC
    open: "Mon-Fri 08:00-18:00"
    breaks: {{by lunch: {{open: none, closed: "Mon-Fri 12:00-13:00"}}}}
    holidays: {{by eve: {{open: none, shut: {{add: {DAYS}}}}}}}
deadline:
  resolution:
    from: opened
    until: {{by robots: {{human: "replied where by = human", anybody: replied}}}}
    on: {{by hours: {{desk: desk, phone: phone}}}}
    within: {{P1: {{by range: {{upper: 16h, lower: 8h}}}}, P2: {{by range: {{upper: 12h, lower: 6h}}}}}}
    pause: {{by waits: {{pause: waiting where for = customer, count: none}}}}
    change: {{by change: {{keep: keep start, anew: restart}}}}
    modality: {{by words: {{shall: guarantee, aim: objective}}}}
"""
"""One clock that all eight readings are about."""
OWED: Final = """
document: {agreement: northwind, version: 2026-01, provider: Northwind, zone: UTC}
assume:
  grave: {ref: N1, issue: which incidents, options: [grave, all], take: grave, because: so}
  work: {ref: N2, issue: work, options: [out, counted], take: out, because: so}
  notice: {ref: N3, issue: notice, options: [two days, one day], take: two days, because: so}
  words: {ref: N4, issue: words, options: [shall, aim], take: shall, because: so}
  level: {ref: N5, issue: level, options: [three nines, more], take: three nines, because: so}
  band: {ref: N6, issue: bands, options: [low, high], take: low, because: so}
  cap: {ref: N7, issue: limit, options: [half, quarter], take: half, because: so}
  base: {ref: N8, issue: fee, options: [month, other], take: month, because: so}
scale: {severity: {of: incident, values: {S1: all, S2: some}}}
component: {service: {}}
indicator:
  uptime:
    count: incidents of service
    where: {by grave: {grave: severity = S1, all: "severity in [S1, S2]"}}
exclude:
  work:
    of: maintenance
    announced by: {by notice: {two days: starts_at - 48h, one day: starts_at - 24h}}
    effect: {by work: {out: not bad, counted: out of total}}
commit:
  uptime:
    level: {by level: {three nines: ">= 99.9 %", more: ">= 99.99 %"}}
    per: calendar month
    modality: {by words: {shall: guarantee, aim: objective}}
remedy:
  credit:
    of: uptime
    bands:
      by band:
        low: {"< 99 %": 40 %, "[99 %, 99.9 %)": 10 %}
        high: {"< 99 %": 50 %, "[99 %, 99.9 %)": 20 %}
    base: {fee: {by base: {month: month, other: support}}}
    limits: {month: {by cap: {half: 15 % of base, quarter: 9 % of base}}}
"""
"""What a month is measured by, what is excluded, promised and given: every rule has a reading."""
FEES: Final = "fees: {month: 100.00 EUR, support: 300.00 EUR}"
OWN_FEES: Final = "fees: {{month: {}.00 EUR, support: {}.00 EUR}}"
OUTAGES: Final = 8
CONTRACT: Final = "contract: {id: acme, customer: Acme, agreement: northwind, from: 2026-01-01}\n"


def readings_figures(sizes: Sizes) -> Iterable[Figure]:
    """A desk under eight readings that all matter to some ticket; the shipped month with all of its own."""
    tickets = f"{sizes.read_tickets:,} tickets"
    yield _of_tickets(sizes, AGREEMENT, facts_of(sizes.read_tickets), tickets)
    everywhere = _concerned(sizes.read_tickets)
    yield _of_tickets(sizes, EVERYWHERE, everywhere, f"{tickets} that all eight bear on,")
    yield _of_amounts(sizes, "the same fees", lambda n: FEES)
    yield _of_amounts(sizes, "fees of their own", lambda n: OWN_FEES.format(100 + 7 * n, 300 + 11 * n))
    shipped = [ROOT / "agreements", *(ROOT / "demo" / month for month in sizes.months)]
    yield _of_commands(1, "of the shipped month: every reading of five agreements", shipped)
    with TemporaryDirectory() as folder:
        few = max(1, sizes.read_tickets // 50)
        _write(Path(folder), EVERYWHERE, _concerned(few))
        yield _of_commands(min(5, sizes.rounds), f"of {few} tickets that all eight bear on", [Path(folder)])


def _of_tickets(sizes: Sizes, agreement: str, facts: Iterable[str], tickets: str) -> Figure:
    with TemporaryDirectory() as folder:
        path = Path(folder)
        _write(path, agreement, facts)
        found = _sensitivity(read_book([path]))
        live = {reading.name for one in found.verdicts for reading in one.readings}
        assert len(live) == READINGS, live
        one_s, all_s = race(
            min(5, sizes.rounds),
            Side(lambda: _evaluated(path)),
            Side(lambda: _with_readings(path)),
            clock=process_time,
        )
    work = f"{tickets} under {READINGS} live readings: what each verdict would be"
    detail = f"{time_text(all_s)} beside {time_text(one_s)}, of the processor, from files"
    return Figure(work, "at most", 5, all_s / one_s, "one evaluation", detail)


def _of_amounts(sizes: Sizes, alike: str, fees: Callable[[int], str]) -> Figure:
    with TemporaryDirectory() as folder:
        path = Path(folder)
        contracts = min(10, sizes.contracts)
        (path / "agreement.yaml").write_text(OWED)
        (path / "facts.jsonl").write_text("".join(_outages()))
        for n in range(contracts):
            said = f"id: c{n}, customer: C{n}, agreement: northwind, from: 2026-01-01, {fees(n)}"
            (path / f"c{n}.yaml").write_text(f"contract: {{{said}}}\n")
        found = _sensitivity(read_book([path]))
        live = {reading.name for one in found.verdicts for reading in one.readings}
        live |= {reading.name for one in found.credits for reading in one.readings}
        assert len(live) == READINGS, live
        times, one_s, all_s = abreast(
            sizes.short_rounds,
            Side(lambda: _evaluated(path)),
            Side(lambda: _with_readings(path)),
            clock=process_time,
        )
    of = f"{contracts} contracts with {alike}"
    work = f"credits of {of} for half a year under {READINGS} readings: what each would be"
    detail = f"{time_text(all_s)} beside {time_text(one_s)}, of the processor, from files"
    return Figure(work, "at most", 5, times, "one evaluation", detail)


def _outages() -> Iterable[str]:
    """Half a year of outages of two severities, each with work announced two days before, or one.

    Those of the last month are short: it keeps three nines.
    """
    for n in range(6 * OUTAGES):
        month, nth = divmod(n, OUTAGES)
        at = datetime(2026, 1 + month, 1 + 3 * nth, 3 + nth, tzinfo=UTC)
        resolved = at + timedelta(minutes=4 if month == 5 else 50 + 10 * nth)
        begun = at + timedelta(minutes=10)
        told = begun - timedelta(hours=30 if n % 2 else 60)
        of: dict[str, object] = {"components": ["service"]}
        window = {"starts_at": begun.isoformat(), "ends_at": (begun + timedelta(minutes=15)).isoformat()}
        yield _line(f"I-{n}", "incident.declared", at, f"I-{n}", {"severity": f"S{2 - n % 2}", **of})
        yield _line(f"R-{n}", "incident.resolved", resolved, f"I-{n}", {})
        yield _line(f"M-{n}", "maintenance.announced", told, f"M-{n}", {"kind": "scheduled", **window, **of})


def _of_commands(rounds: int, work: str, paths: Sequence[Path]) -> Figure:
    """As a person asks: with the start of the program, and all that is printed."""
    command = [sys.executable, "-c", "from upheld.cli import main; raise SystemExit(main())", "evaluate"]
    command += [*map(str, paths), "--at", format_instant(AT)]

    def run(*words: str) -> None:
        subprocess.run([*command, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)

    one, all_ = Side(run), Side(lambda: run("--readings"))
    one_s, all_s = race(rounds, one, all_, clock=_of_children)
    detail = f"{time_text(all_s)} beside {time_text(one_s)}, of the processor, each a command of its own"
    return Figure(
        f"upheld evaluate --readings {work}", "at most", 5, all_s / one_s, "upheld evaluate", detail
    )


def _of_children() -> float:
    """The seconds of the processor that processes took which this one started."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _write(path: Path, agreement: str, facts: Iterable[str]) -> None:
    (path / "agreement.yaml").write_text(agreement)
    (path / "contract.yaml").write_text(CONTRACT)
    (path / "facts.jsonl").write_text("".join(facts))


def _evaluated(path: Path) -> None:
    evaluate(read_book([path]), AT)


def _with_readings(path: Path) -> None:
    _sensitivity(read_book([path]))


def _sensitivity(book: Folder) -> Sensitivity:
    return sensitivity(book, evaluate(book, AT))


def facts_of(count: int) -> Iterable[str]:
    """Tickets through June: some answered by a robot first, some that wait, some that change."""
    for n in range(count):
        rows: list[Row] = [("opened", 0, {"contract": "acme", "priority": f"P{n % 3 + 1}"})]
        rows += [("replied", 1, {"by": "automatic"})] * (n % 4 == 0)
        rows += [("waiting_started", 100, {"for": "customer"}), ("waiting_ended", 1540, {})] * (n % 5 == 0)
        rows += [("classified", 300, {"priority": "P1", "by": "customer"})] * (n % 7 == 0)
        rows += [("replied", 20 + n % 300, {}), ("resolved", 400 + (n * 37) % 6000, {})]
        yield from _told(n, rows)


def _concerned(count: int) -> Iterable[str]:
    """Tickets of which every one waits, changes, and is answered by a robot, then by a human."""
    for n in range(count):
        yield from _told(
            n,
            [
                ("opened", 0, {"contract": "acme", "priority": f"P{n % 2 + 1}"}),
                ("waiting_started", 100, {"for": "customer"}),
                ("waiting_ended", 400, {}),
                ("classified", 500, {"priority": f"P{2 - n % 2}", "by": "customer"}),
                ("replied", 3000 + n % 300, {"by": "automatic"}),
                ("replied", 5000 + (n * 37) % 3000, {"by": "human"}),
            ],
        )


def _told(n: int, rows: list[Row]) -> Iterable[str]:
    """The facts of one ticket, by verb and minutes after it was opened."""
    at = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=(n * 379) % (28 * 1440))
    for number, (verb, minutes, data) in enumerate(sorted(rows, key=lambda row: row[1])):
        told = at + timedelta(minutes=minutes)
        yield _line(f"{n}-{number}", f"ticket.{verb}", told, f"T-{n}", data)


def _line(fact_id: str, kind: str, told: datetime, subject: str, data: dict[str, object]) -> str:
    fact = {"specversion": "1.0", "id": fact_id, "source": "desk", "data": data}
    return json.dumps(fact | {"type": kind, "subject": subject, "time": told.isoformat()}) + "\n"
