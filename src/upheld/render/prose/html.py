"""Words as one self-contained HTML page: no script, nothing loaded, light and dark, fit to be printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Final, NamedTuple

from upheld.render.pages.page import shell
from upheld.render.pages.style import text_style
from upheld.render.prose.document import Grid, Prose, Section
from upheld.render.prose.layout import Cited, Part, Table, anchor, citation, cited_by, passages
from upheld.render.prose.left_open import anchor_of
from upheld.render.prose.tongue import Tongue

_DEEPEST = 6
_MAIN: Final = "text"
_STYLE: Final = """\
header,nav,main{max-width:46rem;margin:0 auto;padding-left:16px;padding-right:16px;overflow-wrap:break-word}
h2{font-size:24px}h3{font-size:19px}h4{font-size:16px}h5,h6{font-size:15px}
article>h2{font-size:28px;border-top:3px solid var(--rule)}
nav ul{columns:2 16rem;padding-left:1.2rem}
.cited{color:var(--soft);font-size:.9em}
.example{background:var(--band);border-left:4px solid var(--rule);padding:8px 12px}
caption{color:var(--ink);font-weight:600}
@media (max-width:34rem){.scrolls{overflow:visible}table,caption,tbody,tr,tbody th,td{display:block}
thead{position:absolute;left:-100rem}tbody tr{border-bottom:1px solid var(--rule);padding:6px 0}
tbody th,td{border:0;padding:1px 0}tbody th{font-weight:600}
td::before{content:attr(data-label) ": ";color:var(--soft)}td:empty{display:none}
dl.facts{display:block}dl.facts dd{margin:0 0 6px}}
@media print{nav{display:none}header,main{max-width:none}h2,h3,caption{break-after:avoid}
.example{break-inside:avoid}a{color:inherit;text-decoration:none}}
"""
"""What these pages have besides the style of every page: a table is a list of its rows where it is narrow."""


def page(texts: Sequence[Prose]) -> str:
    """One page of one text, or of several of one agreement, each an article of its own."""
    tongue, title = Tongue(texts[0].language), texts[0].title
    several = len(texts) > 1
    names = ", ".join(prose.name for prose in texts if prose.name)
    lines = ["<header>", f"<h1>{escape(title)}</h1>"]
    if not several:
        lines += _heads(texts[0])
    articles = _articles(texts, tongue)
    lines += ["</header>", *_contents(articles), f'<main id="{_MAIN}">']
    for one in articles:
        lines += _article(one, several)
    named = f"{title}: {names}" if names else title
    skip = tongue.say("Skip to the text")
    return shell(named, tongue.language, f"{text_style()}\n{_STYLE}", skip, [*lines, "</main>"], main=_MAIN)


class _Article(NamedTuple):
    """A text with its language and its ids: its own, and those of its sections by their names."""

    prose: Prose
    tongue: Tongue
    id_: str
    ids: Mapping[str, str]


def _articles(texts: Sequence[Prose], tongue: Tongue) -> list[_Article]:
    """The texts of a page. No id is there twice, whatever letters the names are written in."""
    used = {_MAIN}

    def own(text: str) -> str:
        base = found = anchor(text)
        number = 2
        while found in used:
            found, number = f"{base}-{number}", number + 1
        used.add(found)
        return found

    found = []
    for prose in texts:
        id_ = own(prose.name) if len(texts) > 1 else ""
        names = (section.name for top in prose.sections for section in _all(top))
        ids = {name: own(f"{id_}-{name}" if id_ else name) for name in names}
        found.append(_Article(prose, tongue, id_, ids))
    return found


def _all(section: Section) -> Iterator[Section]:
    yield section
    for inner in section.sections:
        yield from _all(inner)


def _contents(articles: Sequence[_Article]) -> Iterator[str]:
    label = articles[0].tongue.say("Contents")
    yield f'<nav aria-label="{escape(label, quote=True)}">'
    yield "<ul>"
    for one in articles:
        if len(articles) > 1:
            yield f'<li><a href="#{one.id_}">{escape(one.prose.name)}</a></li>'
            continue
        for section in one.prose.sections:
            yield f'<li><a href="#{one.ids[section.name]}">{escape(section.title)}</a></li>'
    yield "</ul>"
    yield "</nav>"


def _article(one: _Article, several: bool) -> Iterator[str]:
    if several:
        yield "<article>"
        yield f'<h2 id="{one.id_}">{escape(one.prose.name)}</h2>'
        yield from _heads(one.prose)
    for section in one.prose.sections:
        yield from _section(section, one, 3 if several else 2)
    if several:
        yield "</article>"


def _heads(prose: Prose) -> Iterator[str]:
    yield '<dl class="facts">'
    for label, value in prose.heads:
        yield f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>"
    yield "</dl>"


def _section(section: Section, one: _Article, level: int) -> Iterator[str]:
    tag, id_ = f"h{min(level, _DEEPEST)}", one.ids[section.name]
    yield "<section>"
    yield f'<{tag} id="{id_}">{escape(section.title)}</{tag}>'
    for number, part in enumerate(passages(section.blocks), 1):
        # A point stands in no id of a section: none is that of a table.
        yield from _part(part, one, f"{id_}.{number}", id_)
    for inner in section.sections:
        yield from _section(inner, one, level + 1)
    yield "</section>"


def _part(part: Part, one: _Article, id_: str, heading: str) -> Iterator[str]:
    cited = _cited(cited_by(part.cited, one.prose), one)
    if isinstance(part, Table):
        yield from _table(part.grid, id_, heading)
        if cited:
            yield f"<p>{cited}</p>"
        return
    text = escape(part.text)
    if part.is_example:
        label = escape(one.tongue.say("Example."))
        yield f'<p class="example"><strong>{label}</strong> {text}{" " if cited else ""}{cited}</p>'
    else:
        yield f"<p>{text}{' ' if cited else ''}{cited}</p>"


def _cited(cited: Cited, one: _Article) -> str:
    """What is cited; a reading leads to the section that tells it."""
    shown = Cited(
        tuple(escape(number) for number in cited.clauses),
        tuple(
            (name, f'<a href="#{one.ids[anchor_of(name)]}">{escape(reference)}</a>')
            for name, reference in cited.readings
        ),
    )
    text = citation(shown, one.tongue)
    return f'<span class="cited">{text}</span>' if text else ""


def _table(grid: Grid, id_: str, heading: str) -> Iterator[str]:
    """A table with its caption; one without goes by the heading above it."""
    named = id_ if grid.caption else heading
    yield f'<div class="scrolls" role="group" tabindex="0" aria-labelledby="{named}">'
    # Where the table is stacked for a narrow screen, browsers forget what its parts are: the roles say it.
    if grid.caption:
        yield '<table role="table">'
        yield f'<caption id="{id_}">{escape(grid.caption)}</caption>'
    else:
        yield f'<table role="table" aria-labelledby="{heading}">'
    heads = "".join(f'<th scope="col" role="columnheader">{escape(header)}</th>' for header in grid.headers)
    yield f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
    yield '<tbody role="rowgroup">'
    labels = [escape(header, quote=True) for header in grid.headers[1:]]
    for name, *cells in grid.rows:
        row = "".join(
            f'<td role="cell" data-label="{label}">{escape(cell)}</td>'
            for label, cell in zip(labels, cells, strict=True)
        )
        yield f'<tr role="row"><th scope="row" role="rowheader">{escape(name)}</th>{row}</tr>'
    yield "</tbody>"
    yield "</table>"
    yield "</div>"
