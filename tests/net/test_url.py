"""URLs put together of what confuses parsers: read as a third parser reads them, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url as judge

from upheld.net.address import address_of
from upheld.net.url import Url, UrlError, joined, parse_host, parse_url

PIECES = st.sampled_from(
    [
        "http", "https", "HTTP", ":", "//", "/", "\\", "@", "#", "?", "[", "]", "%", ".", "..", ":80",
        ":0443", "::1", "127.0.0.1", "127.1", "0x7f", "2130706433", "www.example.com", "WWW.Example.com",
        "localhost", "xn--", "_", "\u3002", "\u2460", "\u00df", "\u00e9", "\u200d", "\uff0e", "\uff0f",
        "\u2100", "\u0661", "\x00", "\t", "\n", " ", "%00", "%2f", "%40", "&", ";", "=", "-", "a", "\ud800",
        "user:pass", "ffff:", "fe80::1%25lo", "v1.x",
    ]
)  # fmt: skip
URLS = st.one_of(
    st.lists(PIECES, max_size=8).map("".join),
    st.lists(PIECES, max_size=6).map(lambda pieces: "http://" + "".join(pieces)),
    st.tuples(st.lists(PIECES, min_size=1, max_size=4), st.lists(PIECES, max_size=3)).map(
        lambda both: f"https://{''.join(both[0])}/{''.join(both[1])}"
    ),
    st.text(max_size=30).map(lambda text: "http://" + text),
)


def _read(text: str) -> Url | None:
    """The URL, or None where it is refused; nothing else may happen."""
    try:
        return parse_url(text)
    except UrlError:
        return None


@given(URLS)
@example("http://www.example.com\\@127.0.0.1/")
@example("http://\u0661.com/")
def test_what_is_read_is_what_another_parser_reads(text: str) -> None:
    """A URL is refused, or its host and port are those that a parser without common code reads."""
    url = _read(text)
    if url is None:
        return
    assert url.host.isascii()
    assert url.host == url.host.lower()
    assert not set(url.host) & set("@/\\#?%[] ")
    assert (":" in url.host) == (address_of(url.host) is not None and ":" in url.host)
    assert url.target.startswith(("/", "?"))
    assert url.target.isascii()
    assert url.target.isprintable()
    assert " " not in url.target
    again = parse_url(str(url))
    assert again == url
    assert parse_host(url.host) == url.host
    try:
        other = judge(text)
    except LocationParseError:
        return
    assert other.scheme == url.scheme
    assert (other.port or {"http": 80, "https": 443}[url.scheme]) == url.port
    assert other.host is not None
    assert parse_host(other.host) == url.host


@given(URLS)
def test_a_redirect_is_read_as_strictly(location: str) -> None:
    """Wherever it leads, it is a URL that would have been read by itself, or it is refused."""
    base = Url("https", "www.example.com", 443, "/a/b?c")
    try:
        found = joined(base, location)
    except UrlError:
        return
    assert parse_url(str(found)) == found


@pytest.mark.parametrize(
    ("location", "found"),
    [
        ("/x", "https://www.example.com/x"),
        ("x?y", "https://www.example.com/a/x?y"),
        ("?y", "https://www.example.com/a/b?y"),
        ("../../../x", "https://www.example.com/x"),
        ("//www.example.org:8443", "https://www.example.org:8443/"),
        ("http://www.example.org#z", "http://www.example.org/"),
        ("", "https://www.example.com/a/b?c"),
        ("/\u00fc".encode().decode("latin-1"), "https://www.example.com/%C3%BC"),
        ("/\u00fc", "https://www.example.com/%C3%BC"),
    ],
)
def test_where_a_redirect_leads(location: str, found: str) -> None:
    """Relative to the URL before, as RFC 3986 joins them; text beyond ASCII in either encoding."""
    assert str(joined(parse_url("https://www.example.com/a/b?c#d"), location)) == found
