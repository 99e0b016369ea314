"""HTTP/1.1 as far as one request and its answer need it, with limits on all that the other side may send.

One request a connection. An answer is read strictly: what can be read in two ways is broken.
Source: RFC 9112.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from upheld.net.outcome import Ended
from upheld.net.policy import Limits
from upheld.net.url import Url
from upheld.net.wire import Reader

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
AGENT: Final = "upheld"
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_VALUE = re.compile(r"[\x20-\x7e\t]*", re.ASCII)
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-9][0-9]{2})(?: .*)?", re.DOTALL)
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*?)[ \t]*")
_LENGTH = re.compile(r"[0-9]{1,18}", re.ASCII)
_AT_ONCE: Final = 64 << 10
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?", re.DOTALL)
_OURS: Final = frozenset(
    {"host", "connection", "content-length", "transfer-encoding", "te", "upgrade", "expect"}
)


class Head(NamedTuple):
    """The first part of an answer."""

    status: int
    headers: tuple[tuple[str, str], ...]

    def all(self, name: str) -> list[str]:
        """The values of every header of this name (in lower case)."""
        return [value for known, value in self.headers if known.lower() == name]


class Body(NamedTuple):
    """The rest of an answer: what was kept of it, and how long it is unpacked."""

    kept: bytes
    size: int


def header_fault(headers: Mapping[str, str]) -> str | None:
    """What is wrong with headers that a caller gives; None if nothing is."""
    for name, value in headers.items():
        if not _TOKEN.fullmatch(name):
            return "the name of a header holds a character that has no place there"
        if name.lower() in _OURS:
            return f"the header {name} is not the caller's to say"
        if not _VALUE.fullmatch(value):
            return f"the header {name} holds a character that has no place there"
    return None


def request_bytes(method: str, url: Url, headers: Mapping[str, str], body: bytes) -> bytes:
    """The request. The headers were found without fault."""
    own = {"Host": url.authority, "User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "gzip"}
    given = {name.lower() for name in headers}
    lines = [f"{method} {url.target} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in own.items() if name.lower() not in given]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body or method in ("POST", "PUT", "PATCH"):
        lines.append(f"Content-Length: {len(body)}")
    lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


def read_head(reader: Reader, limits: Limits) -> Head:
    """The status and the headers, after interim ones (100, 103), within what the reader is allowed."""
    while True:
        found = _STATUS.fullmatch(reader.line())
        if found is None:
            raise Ended("protocol", "status line", "the answer does not begin as HTTP does")
        head = Head(int(found[1]), tuple(_fields(reader, limits)))
        if head.status >= 200 or head.status == 101:
            return head


def _fields(reader: Reader, limits: Limits) -> Iterator[tuple[str, str]]:
    count = 0
    while line := reader.line():
        count += 1
        if count > limits.headers:
            raise Ended("too large", "header count", f"the answer has more than {limits.headers} headers")
        field = _FIELD.fullmatch(line)
        if field is None:
            raise Ended("protocol", "header", "the answer has a line among its headers that is none")
        yield field[1].decode("ascii"), field[2].decode("latin-1")


def read_body(reader: Reader, head: Head, method: str, limits: Limits) -> Body:
    """The body, unpacked. Ended when it is longer than the limit, or not as its headers say."""
    if method == "HEAD" or head.status in (204, 304) or head.status < 200:
        return Body(b"", 0)
    reader.allow(limits.body + limits.head, "body")  # chunks of one byte would cost seconds otherwise
    kept = bytearray()
    size = 0
    for data in _unpacked(_framed(reader, head, limits), head):
        size += len(data)
        if size > limits.body:
            raise Ended("too large", "body", f"the answer has more than {limits.body} bytes")
        kept += data[: limits.kept - len(kept)]
    return Body(bytes(kept), size)


def _framed(reader: Reader, head: Head, limits: Limits) -> Iterator[bytes]:
    """The bytes of the body as they came, without what frames them."""
    codings = head.all("transfer-encoding")
    lengths = {value.strip() for one in head.all("content-length") for value in one.split(",")}
    if codings:
        if [coding.strip().lower() for coding in codings] != ["chunked"]:
            raise Ended("protocol", "transfer", "the answer is framed in a way that was not asked for")
        yield from _chunks(reader, limits)
    elif lengths:
        if len(lengths) > 1 or not _LENGTH.fullmatch(text := next(iter(lengths))):
            raise Ended("protocol", "length", "the answer does not say clearly how long it is")
        left = int(text)
        while left:
            data = reader.needed(left)
            left -= len(data)
            yield data
    else:
        while data := reader.some(limits.body):
            yield data


def _chunks(reader: Reader, limits: Limits) -> Iterator[bytes]:
    while True:
        found = _SIZE.fullmatch(reader.line())
        if found is None:
            raise Ended("protocol", "chunk", "the answer has a chunk that does not say how long it is")
        left = int(found[1], 16)
        if not left:
            for _ in _fields(reader, limits):
                pass
            return
        while left:
            data = reader.needed(left)
            left -= len(data)
            yield data
        if reader.line():
            raise Ended("protocol", "chunk", "the answer has a chunk that is longer than it says")


def _unpacked(parts: Iterator[bytes], head: Head) -> Iterator[bytes]:
    """The body without gzip or deflate. What is packed otherwise stays as it came: nobody asked for it."""
    codings = [coding.strip().lower() for one in head.all("content-encoding") for coding in one.split(",")]
    if codings not in (["gzip"], ["x-gzip"], ["deflate"]):
        yield from parts
        return
    packed = zlib.decompressobj(15 + 32)  # gzip or zlib, as the first bytes say
    begun = False
    try:
        for packed_part in parts:
            part, begun, more = packed_part, True, True
            while more and not packed.eof:  # what follows the first member is not read
                data = packed.decompress(part, _AT_ONCE)
                yield data
                part = packed.unconsumed_tail
                more = bool(part) or len(data) == _AT_ONCE
    except zlib.error:
        raise Ended("protocol", "encoding", "the answer is not packed as it says") from None
    if begun and not packed.eof:
        raise Ended("protocol", "encoding", "the answer is cut off within what is packed")
