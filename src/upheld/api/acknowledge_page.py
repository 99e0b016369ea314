"""The page behind the link of a message: one button, by which somebody who was woken acknowledges.

Whoever follows a link has done nothing yet: programs that look into mails follow them, too. The code in the
address is what lets somebody in; it is for one page and one person.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from html import escape
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt

from upheld.api.ports import Ports
from upheld.app.acknowledge import acknowledge
from upheld.app.composing import reader_of
from upheld.app.paging import PATH, Linked, heading_of, linked
from upheld.core.alerting.template import Reader, moment
from upheld.core.alerting.texts import Language
from upheld.store.walls import between

_WORDS: Final[dict[Language, dict[str, str]]] = {
    "en": {
        "title": "Acknowledge a page",
        "button": "I take care of it",
        "done": "{by} takes care of it since {at}. Nobody else is woken for it.",
        "none": "This link leads nowhere: it is not whole, or who was sent it is not told any more.",
    },
    "nl": {
        "title": "Een oproep bevestigen",
        "button": "Ik pak het op",
        "done": "{by} heeft het opgepakt op {at}. Niemand anders wordt ervoor gewekt.",
        "none": "Deze link leidt nergens heen: hij is niet heel, of wie hem kreeg wordt niet meer bericht.",
    },
}
_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 18px/1.5 system-ui, sans-serif; max-width: 36rem; margin: 3rem auto; padding: 0 1rem; }
button { font: inherit; padding: .8rem 1.6rem; }
"""
_HASH: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def link_urls(ports: Ports) -> list[URLPattern]:
    """Where the links of messages lead, with the time and the dice of whoever serves it."""
    return [path(f"{PATH}/<str:code>", _view(ports))]


def _view(ports: Ports) -> Callable[[HttpRequest, str], HttpResponse]:
    @csrf_exempt  # nobody is let in by a cookie here
    def view(request: HttpRequest, code: str) -> HttpResponse:
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        found = linked(code)
        if found is None:
            told = [f'<p lang="{language}">{words["none"]}</p>' for language, words in _WORDS.items()]
            return _answer("en", "".join(told), 404)
        with between(found.page.provider_id):
            if request.method == "POST":
                page, person = found
                at = ports.clock.now()
                done = acknowledge(
                    page.provider_id, page.pk, person.name, f"person/{person.pk}", "link", at, ports.salt
                )
                assert done is not None, "a page is never taken away"
                found = Linked(done, person)
            reader = reader_of(found.person)
            return _answer(reader.language, _body(found, reader))

    return view


def _body(found: Linked, reader: Reader) -> str:
    words, page = _WORDS[reader.language], found.page
    told = f"<p>{escape(heading_of(page, found.person))}</p>"
    if page.acknowledged_at is None:
        return f'{told}<form method="post"><button>{words["button"]}</button></form>'
    done = words["done"].replace("{at}", moment(page.acknowledged_at, reader))
    return f"{told}<p>{escape(done.replace('{by}', page.acknowledged_by))}</p>"


def _answer(language: Language, body: str, status: int = 200) -> HttpResponse:
    title = _WORDS[language]["title"]
    whole = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{title}</h1>{body}</main></body></html>\n"
    )
    return HttpResponse(whole.encode(), "text/html; charset=utf-8", status, headers=_HEADERS)
