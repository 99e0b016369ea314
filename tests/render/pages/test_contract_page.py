"""The page of a contract and month, from the shipped month and from a small folder."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from benchmarks.pages import write_troubled
from benchmarks.readings import AT as TROUBLED_AT
from scripts.browser import browser

from tests.browser import DESK, TELEPHONE, faults_of_access, overflow_px, shown
from tests.cli.measured_month import AGREEMENT, CONTRACT, write_month
from tests.render.drawings.pictures import HOSTILE
from tests.render.pages.test_markup import read
from upheld.book.evaluate import Report, evaluate
from upheld.book.pages import pages
from upheld.cli import main
from upheld.cli.book_arguments import book_of
from upheld.cli.page_files import HEAD
from upheld.core.book import Book
from upheld.core.timeline.instant import parse_instant
from upheld.core.values.frozen import replace
from upheld.render.drawings.days import trouble_us
from upheld.render.pages.contract import contract_page, entry_of
from upheld.render.pages.index import index_page, read_entry
from upheld.render.pages.month import ContractPage
from upheld.render.pages.page import NARROW_PX

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
AT = "2026-07-20T00:00:00Z"
PROVIDERS = ("sivo", "crm", "engage", "integrations", "just")
LOOKED_AT = ("index.html", *(f"acme-{name}-2026-06.html" for name in PROVIDERS))


@cache
def reported() -> tuple[Book, Report]:
    """The shipped month evaluated."""
    book = book_of([ROOT / "agreements", ROOT / "demo"])
    return book, evaluate(book, parse_instant(AT))


@cache
def shipped() -> dict[str, str]:
    """The pages of the shipped month by contract and month."""
    found = list(pages(*reported()))
    names = [f"{one.terms.contract.id}-{one.month.label}.html" for one in found if one.terms.contract]
    told = {name: contract_page(one) for name, one in zip(names, found, strict=True)}
    return {
        **told,
        "index.html": index_page("Service levels", list(zip(names, map(entry_of, found), strict=True))),
    }


@pytest.mark.slow
def test_a_page_tells_the_month() -> None:
    """What was kept and what not, values with bounds, what is owed, each with its number."""
    html = shipped()["acme-sivo-2026-06.html"]
    told = " ".join("".join(read(html).texts).split())
    assert "Service levels of June 2026 for Acme" in told
    assert "As ofMon 2026-07-20 00:00 UTC" in told
    assert "19 of 22 promises kept, 1 breached, 2 missed, 1 undetermined." in told
    assert "undetermined 99.91898 %, at least 99.83796, promised >= 99.9 %" in told
    assert "maintenance notice" in told
    assert "Owed: nothing. Undetermined: at most 49.90 EUR" in told


def test_every_page_of_the_shipped_month_is_whole() -> None:
    """Read to its end, and in all of them nothing that is active or loaded."""
    assert len(shipped()) > 20
    for html in shipped().values():
        read(html)
        ids = [part.split('"')[0] for part in html.split(' id="')[1:]]
        assert len(ids) == len(set(ids))


def test_a_page_tells_what_was_claimed_and_what_can_be() -> None:
    """SIVO in June: one claim too late, one in time, and June itself until 30 days after its end."""
    told = section("acme-sivo-2026-06.html", "claims")
    assert (
        "What can still be claimed for remedy why amount until "
        "2026-06 credit nobody can tell whether it is owed until Thu 2026-07-30 24:00" in told
    )
    assert (
        "SC-11 2026-04 filed Mon 2026-06-01 15:40 inadmissible: filed after the end of claim filing; "
        "does not say: account, metrics, impact rejected customer: dispute it, or leave it" in told
    )
    assert "SC-13 2026-05 filed Fri 2026-06-12 16:45 admissible rejected" in told
    assert "SC-13 claim answer met due Fri 2026-07-03 24:00 done Mon 2026-06-29 12:30 (6.3)" in told
    accepted = section("acme-just-2026-05.html", "claims")
    assert (
        "JC-1 2026-05 filed Thu 2026-05-14 10:20 admissible accepted provider: issue the credit" in accepted
    )


def test_a_page_without_claims_has_no_section_of_them() -> None:
    """The agreement of the integrations has no remedy that anybody claims."""
    assert section("acme-integrations-2026-06.html", "claims") == ""


def section(name: str, of: str) -> str:
    """The text of one section of a shipped page; empty if it has none."""
    html = shipped()[name]
    start = html.find(f'id="{of}"')
    found = html[html.index(">", start) + 1 : html.index("</section>", start)] if start >= 0 else ""
    return " ".join(re.sub(r"<[^>]*>", "", re.sub(r"</(td|th|caption|h2|summary)>", " ", found)).split())


def test_no_page_is_too_large_to_mail() -> None:
    """500 KB at most, in the month with the most components as well."""
    assert max(len(html.encode()) for html in shipped().values()) <= 500_000


def told_of(name: str, month: str) -> ContractPage:
    """What the page of a contract of the shipped month is made of."""
    found = pages(*reported(), name)
    return next(one for one in found if one.month.label == month)


def test_of_many_components_those_with_trouble_are_drawn() -> None:
    """Four at most; of each of the others a row tells how its days were."""
    told = told_of("acme-engage", "2026-06")
    drawn = [one for one in told.days if one.drawing is not None]
    calm = [one for one in told.days if one.drawing is None]
    assert len(drawn) <= 4 < len(told.days)
    assert min(trouble_us(one.days) for one in drawn) >= max(trouble_us(one.days) for one in calm)
    html = contract_page(told)
    for one in calm:
        assert f'<tr role="row"><th role="rowheader" scope="row">{one.of}</th>' in html
        assert f'aria-label="{one.of}, day by day"' not in html


def test_of_what_was_not_kept_the_gravest_are_listed() -> None:
    """100 of them, then how many more there are and where; each once."""
    told = told_of("acme-sivo", "2026-06")
    late = next(one for one in told.verdicts if one.verdict.kind == "deadline" and one.verdict.is_late)
    many = [late._replace(number=10_000 + n) for n in range(600)]
    html = contract_page(replace(told, verdicts=many, drawings={}, days=[]))
    assert "600 promises not kept, the gravest first" in html
    assert "500 more promises not kept are not listed here; upheld evaluate prints them all" in html
    assert html.count("#10099<") == 1
    assert "#10100<" not in html
    assert "Not listed here: 600 not kept; upheld evaluate prints them all" in html


@cache
def troubled() -> tuple[ContractPage, ...]:
    """The pages of a contract under which forty components failed often and nearly every ticket was late."""
    with TemporaryDirectory() as folder:
        write_troubled(Path(folder), tickets=600)
        book = book_of([Path(folder)])
        return tuple(pages(book, evaluate(book, TROUBLED_AT)))


@pytest.mark.slow
def test_a_month_of_trouble_is_folded() -> None:
    """Some pictures, and rows up to a number; of all else how many there are, and how to see them."""
    told = next(one for one in troubled() if one.month.label == "2026-06")
    measured = [one for one in told.verdicts if one.verdict.measurement is not None]
    assert len(measured) == 40
    assert 1 <= len(told.drawings) < 16
    assert sum(one.drawing is not None for one in told.days) == 2
    (credits_,) = (one for one in told.overview if one.name == "credits-by-month")
    assert (credits_.title, len(credits_.table.rows)) == ("The 24 largest credits", 24)
    html = contract_page(told)
    assert html.count("<article>") == 16
    assert "24 more measured commitments" in html
    for one in measured:
        assert f"#{one.number}" in html
    assert "promises not kept are not listed here; upheld evaluate prints them all" in html
    assert "more rows are not listed here: upheld explain tells them." in html
    assert re.search(r"How \d+ more amounts came about is not told here: upheld explain #number does\.", html)
    many = [measured[0]._replace(number=10_000 + n) for n in range(150)]
    html = contract_page(replace(told, verdicts=many, drawings={}))
    assert "134 more measured commitments" in html
    assert "Not listed here: 34 more; upheld evaluate prints them all, each with its number." in html
    assert ("#10115<" in html, "#10116<" in html) == (True, False)


@pytest.mark.slow
def test_a_month_of_trouble_can_be_mailed() -> None:
    """500 KB at most, with ninety days of trouble behind it."""
    assert max(len(contract_page(one).encode()) for one in troubled()) <= 500_000


def test_nothing_that_is_ours_is_cut_in_the_pictures_of_a_telephone() -> None:
    """Titles, amounts and budgets of the shipped month are written in as many lines as they take."""
    for provider in PROVIDERS:
        told = told_of(f"acme-{provider}", "2026-06")
        drawn = [*told.overview, *(one for each in told.drawings.values() for one in each)]
        drawn += [one.drawing for one in told.days if one.drawing is not None]
        cut = [label.text for one in drawn for label in one.labels(NARROW_PX) if "…" in label.text]
        assert cut == []


def test_what_is_told_is_there() -> None:
    """A plan where there is one, and observations where there are some."""
    told = told_of("acme-sivo", "2026-06")
    assert "and the observations. Every" in contract_page(told)
    assert "and the observations" not in contract_page(replace(told, is_observed=False))
    assert ">What the plan gives<" in contract_page(told)
    without = replace(told, now=replace(told.now, plan=""))
    assert ">What else is agreed<" in contract_page(without)


@pytest.mark.slow
@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_browser_shows_it_to_everybody(name: str) -> None:
    """On a telephone and a desk, light and dark: axe finds nothing, and nothing is wider than the window."""
    with browser() as opened:
        for width in (TELEPHONE, DESK):
            for theme in ("light", "dark"):
                with shown(opened, shipped()[name], width, theme) as page:
                    assert faults_of_access(page) == []
                    assert overflow_px(page) == 0


@pytest.mark.slow
def test_no_cell_is_off_the_screen_of_a_telephone() -> None:
    """Every cell of every open table ends inside the window, and says which column it is of."""
    ends = """() => [...document.querySelectorAll('th, td')].filter(cell => cell.getClientRects().length
        && cell.closest('tbody')).map(cell => cell.getBoundingClientRect().right)"""
    label = "() => getComputedStyle(document.querySelector('#credits td'), '::before').content"
    with browser() as opened, shown(opened, shipped()["acme-sivo-2026-06.html"], TELEPHONE) as page:
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        found = page.evaluate(ends)
        assert len(found) > 100
        assert max(found) <= TELEPHONE
        assert page.evaluate(label) == '"remedy: "'
        assert faults_of_access(page) == []


@pytest.mark.slow
def test_the_browser_would_find_faults() -> None:
    """A picture without a text and grey on grey: axe is awake."""
    html = '<!doctype html><html><body><img src="data:,"><p style="color:#aaa;background:#bbb">grey</p>'
    with browser() as opened, shown(opened, html, DESK) as page:
        told = " ".join(faults_of_access(page))
    assert "image-alt" in told
    assert "color-contrast" in told


def test_names_of_strangers_stay_texts(tmp_path: Path) -> None:
    """Customers, subjects and causes are shown as they were written, and do nothing."""
    for n, text in enumerate(one for one in HOSTILE if one.isprintable() and one.strip()):
        home = tmp_path / str(n)
        home.mkdir()
        quoted = "'" + text[:200].replace("'", "''") + "'"
        contract = CONTRACT.replace("customer: Zenith", f"customer: {quoted}")
        write_month(home, down={"web": ("2026-03-05T00:00:00Z", "2026-03-06T00:00:00Z")}, contract=contract)
        book = book_of([home])
        report = evaluate(book, parse_instant("2026-04-01T00:00:00Z"))
        for one in pages(book, report):
            assert "script" not in read(contract_page(one)).names


def test_what_a_limit_takes_off_a_credit_is_drawn(tmp_path: Path) -> None:
    """A quarter of 1,000 under a limit of 150: the bar goes on to where it would have ended."""
    agreement = AGREEMENT.replace("year: 30 % of base", "month: 15 % of base")
    down = {"web": ("2026-03-05T00:00:00Z", "2026-03-06T00:00:00Z")}
    book = book_of([write_month(tmp_path, down=down, agreement=agreement)])
    march, _ = pages(book, evaluate(book, parse_instant("2026-04-01T00:00:00Z")))
    (drawing,) = (one for one in march.overview if one.name == "credits-by-month")
    assert drawing.table.rows[0] == ("2026-03", "150.00 EUR", "owed", "150", "150", "100", "0")
    assert ">over the limit</text>" in drawing.svg(960)


def test_one_page_or_a_folder_of_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file needs one contract and one month; a folder gets an index."""
    home = tmp_path / "book"
    home.mkdir()
    write_month(home)
    out = tmp_path / "out"
    words = ["evaluate", str(home), "--at", "2026-04-10T00:00:00Z"]
    assert main([*words, "--html", str(out)]) == 0
    assert capsys.readouterr().out == f"wrote 2 pages and index.html to {out}\n"
    names = sorted(path.name for path in out.iterdir())
    assert names == ["index.html", "zenith-2026-03.html", "zenith-2026-04.html"]
    one = tmp_path / "page.html"
    assert main([*words, "--html", str(one)]) == 2
    assert "there are 2 pages (zenith 2026-03, zenith 2026-04)" in capsys.readouterr().err
    assert not one.exists()
    assert main([*words, "--html", str(one), "--month", "2026-03"]) == 0
    assert one.read_text(encoding="utf-8") == (out / "zenith-2026-03.html").read_text(encoding="utf-8")
    assert main([*words, "--html", str(one), "--month", "2026-3"]) == 2
    assert main([*words, "--html", str(one), "--month", "2025-03"]) == 2
    assert main([*words, "--month", "2026-03"]) == 2
    assert main([*words, "--html", str(one), "--format", "json"]) == 2
    capsys.readouterr()
    for option in ("--summary", "--readings"):
        assert main([*words, "--html", str(one), option]) == 2
        message = f"upheld: --html writes pages, {option} changes what is printed: give one of them\n"
        assert capsys.readouterr().err == message


def test_an_index_lists_every_page_that_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Those of an earlier run as well, each once and in order; files of others are left as they are."""
    home, out = tmp_path / "book", tmp_path / "out"
    home.mkdir()
    write_month(home)
    words = ["evaluate", str(home), "--at", "2026-04-10T00:00:00Z", "--html", str(out)]
    assert main([*words, "--month", "2026-04"]) == 0
    for name, text in (("own.html", "<p>ours</p>"), ("empty.html", ""), ("torn.html", '<meta name="upheld-')):
        (out / name).write_text(text, encoding="utf-8")
    (out / "odd.html").write_bytes(b"\xff\x00<meta name=upheld-month content=x>")
    (out / "folder.html").mkdir()
    capsys.readouterr()
    assert main([*words, "--month", "2026-03"]) == 0
    assert capsys.readouterr().out == (
        f"wrote 1 page and index.html to {out}, which lists 1 older page, too\n"
    )
    for _ in range(2):
        index = (out / "index.html").read_text(encoding="utf-8")
        assert re.findall(r'href="([^"#]*)"', index) == ["zenith-2026-03.html", "zenith-2026-04.html"]
        assert "Zenith, March 2026" in index
        assert main(words) == 0
    assert (out / "own.html").read_text(encoding="utf-8") == "<p>ours</p>"


def test_a_page_never_takes_the_place_of_another_contract(tmp_path: Path) -> None:
    """Two contracts whose names make the same name of a file, one after the other, and again."""
    out = tmp_path / "out"
    for n, id_ in enumerate(("a/b", "a?b", "a/b")):
        home = tmp_path / str(n)
        home.mkdir()
        write_month(home, contract=CONTRACT.replace("id: zenith", f"id: '{id_}'"))
        words = ["evaluate", str(home), "--at", "2026-04-01T00:00:00Z", "--month", "2026-03"]
        assert main([*words, "--html", str(out)]) == 0
    names = sorted(path.name for path in out.iterdir())
    assert names == ["a-b-2026-03-2.html", "a-b-2026-03.html", "index.html"]


def test_a_page_says_what_it_is() -> None:
    """Whatever stands in the names of strangers, it is read again as it was written."""
    told = told_of("acme-sivo", "2026-06")
    assert told.terms.contract is not None
    for text in HOSTILE:
        contract = replace(told.terms.contract, id=text, customer=text)
        one = replace(told, terms=replace(told.terms, contract=contract, plan=text))
        html = contract_page(replace(one, verdicts=[], drawings={}, days=[], overview=[]))
        found = read_entry(html[:HEAD])
        assert found == entry_of(replace(one, verdicts=[]))
    assert read_entry("<p>no page") is None


def test_a_month_outside_the_contract_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the first and the last day on which it holds; nothing is written."""
    home = tmp_path / "book"
    home.mkdir()
    write_month(home, contract=CONTRACT.rstrip() + "\n  until: 2026-04-01\n")
    one = tmp_path / "page.html"
    words = ["evaluate", str(home), "--at", "2026-04-10T00:00:00Z", "--html", str(one)]
    for month in ("2026-02", "2026-04"):
        assert main([*words, "--month", month]) == 2
        held = "zenith holds from 2026-03-01 to 2026-03-31"
        assert capsys.readouterr().err == f"upheld: --month {month}: no contract holds then: {held}\n"
    assert not one.exists()
    assert main([*words, "--month", "2026-03"]) == 0
    (home / "contract.yaml").write_text(CONTRACT, encoding="utf-8")
    assert main([*words, "--month", "2026-02"]) == 2
    assert capsys.readouterr().err.endswith("zenith holds from 2026-03-01 on\n")
    assert main([*words, "--month", "2026-05"]) == 2
    assert "nothing was judged there" in capsys.readouterr().err


def test_a_condition_and_the_counts_of_tasks_are_said_in_words() -> None:
    """No expression of the agreement, and no task that is up: those were in time or late."""
    html = contract_page(told_of("acme-just", "2026-06"))
    assert (
        "owed only if “own share of tasks” (the share of the tasks that meet the deadline “task start”) is "
        "less than 90\xa0% and at least one complaint was filed in time"
    ) in html
    assert "not so:" not in html
    assert ">45 in time<" in html
    assert ">4 late<" in html
    assert '<th scope="row">in time</th><td class="number">45</td>' in html
    assert '<th scope="row">up</th>' not in html


def test_a_date_in_a_table_stays_on_one_line() -> None:
    """With its time: it has hyphens, at which a browser would break it."""
    told = told_of("acme-crm", "2026-06")
    html = contract_page(told)
    section = html[
        html.index('<section aria-labelledby="not-kept-title"') : html.index('id="measured-title"')
    ]
    dates = re.findall(r"\d{4}-\d\d-\d\d", section)
    assert len(dates) > 5
    whole = re.findall(r'<span class="on">\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?</span>', section)
    assert len(whole) == len(dates)
    assert any(":" in one for one in whole)
