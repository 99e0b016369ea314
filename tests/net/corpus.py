"""Addresses and URLs that lead, or seem to lead, where nobody may go."""

from __future__ import annotations

from typing import Final

FORBIDDEN: Final = (
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254", "168.63.129.16",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.9", "192.0.2.1", "192.31.196.1",
    "192.52.193.1", "192.88.99.1", "192.168.1.1", "192.175.48.1", "198.18.0.1", "198.51.100.7",
    "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1",
    "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2002:a00:1::1", "2001:0:7f00:1::",
    "2001:0:7f00:1::f7f7:f7f7", "2001:0:5db8:d822::80ff:fffe", "2001:2::1", "2001:10::1", "2001:db8::1",
    "2620:4f:8000::1", "3fff::1", "5f00::1", "4000::1", "100::1", "fc00::1", "fd00:ec2::254", "fe80::1",
    "fec0::1", "ff02::1", "2606:2800::5efe:127.0.0.1", "2606:2800::200:5efe:10.0.0.1", "fe80::5efe:8.8.8.8",
    "fc00::200:5efe:8.8.8.8",
)  # fmt: skip
"""Not public: as they are, or for what stands inside of them."""

ALLOWED: Final = (
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "93.184.216.34", "100.63.255.255", "100.128.0.0",
    "126.255.255.255", "128.0.0.0", "168.63.129.15", "172.15.255.255", "172.32.0.0", "192.0.1.0",
    "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2a00:1450:4009::200e",
    "::ffff:8.8.8.8", "::ffff:0:8.8.8.8", "::8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
    "2001:0:808:808::f7f7:f7f7", "2606:2800::5efe:8.8.8.8",
)  # fmt: skip
"""Public, to the edge."""

MARKED: Final = (
    "10.0.0.1", "127.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "::1", "fc00::1",
    "::ffff:127.0.0.1", "64:ff9b::a00:1",
)  # fmt: skip
"""What a caller that is marked for private targets may reach of the forbidden ones."""

NEVER: Final = (
    "169.254.169.254", "100.100.100.200", "168.63.129.16", "fd00:ec2::254", "fe80::1", "224.0.0.1",
    "255.255.255.255", "0.0.0.0", "::", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "192.0.0.192",
)  # fmt: skip
"""What nobody may reach."""

REFUSED_URLS: Final = (
    ("scheme", "ftp://www.example.com/"), ("scheme", "file:///etc/passwd"), ("scheme", "gopher://127.0.0.1:70/"),
    ("scheme", "//www.example.com/"), ("scheme", "javascript:alert(1)"), ("scheme", "www.example.com"),
    ("scheme", ""), ("scheme", "http"), ("scheme", "unix:///run/docker.sock"), ("scheme", "httpx://www.example.com/"),
    ("userinfo", "http://user@www.example.com/"), ("userinfo", "http://www.example.com:80@127.0.0.1/"),
    ("userinfo", "http://user:secret@www.example.com/"), ("userinfo", "http://@127.0.0.1/"),
    ("userinfo", "http://127.0.0.1#@www.example.com@/".replace("#", "%23")),
    ("backslash", "http://127.0.0.1\\@www.example.com/"), ("backslash", "http:\\\\127.0.0.1/"),
    ("backslash", "http://www.example.com/a\\b"),
    ("character", "http://www.example.com/a b"), ("character", " http://www.example.com/"),
    ("character", "http://www.exa\tmple.com/"), ("character", "http://www.example.com/\r\nX: y"),
    ("character", "http://www.example.com\x00.example.org/"), ("character", "http://www.example.com/\x7f"),
    ("character", "http://www.example.com/\x85"), ("character", "http://www.example.com/\ud800"),
    ("trailing dot", "http://www.example.com./"), ("trailing dot", "http://127.0.0.1./"),
    ("trailing dot", "http://localhost./"),
    ("address form", "http://127.1/"), ("address form", "http://2130706433/"),
    ("address form", "http://0x7f000001/"), ("address form", "http://0x7f.0.0.1/"),
    ("address form", "http://0177.0.0.1/"), ("address form", "http://0/"), ("address form", "http://127.0.1/"),
    ("address form", "http://127.0.0.01/"), ("address form", "http://1.2.3.4.5/"),
    ("address form", "http://256.0.0.1/"), ("address form", "http://www.example.0x7f/"),
    ("address form", "http://\u2460\u2461\u2466.0.0.1/"), ("address form", "http://127\u30020\u30020\u30021/"),
    ("address form", "http://0X7F000001/"), ("address form", "http://017700000001/"),
    ("host", "http:///path"), ("host", "http://"), ("host", "http:/127.0.0.1/"), ("host", "http:127.0.0.1"),
    ("host", "http://exa%6dple.com/"), ("host", "http://www..example.com/"), ("host|url", "http://[::1%25lo]/"),
    ("host|url", "http://[127.0.0.1]/"), ("host|url", "http://[v1.fe]/"), ("host", "http://-www.example.com/"),
    ("host", "http://127.0.0.1%00.example.com/"), ("host", "http://" + "a" * 64 + ".com/"),
    ("host", "http://" + "a." * 130 + "com/"), ("host", "http://a,b.com/"), ("host", "http://*.example.com/"),
    ("url", "http://[::1/"), ("url", "http://::1]/"), ("url", "http://www.example.com\u2100.org/"),
    ("port", "http://www.example.com:/"), ("port", "http://www.example.com:080/"),
    ("port", "http://www.example.com:0/"), ("port", "http://www.example.com:65536/"),
    ("port", "http://www.example.com:+80/"), ("port", "http://www.example.com:80:90/"),
    ("port", "http://www.example.com:\u0668\u0660/"), ("port", "http://www.example.com:8_0/"),
    ("parsers", "http://fa\u00df.de/"), ("host", "http://\u200dwww.example.com/"),
    ("host", "http://xn--v1.x\u00df/"),
    ("parsers", "http://\u03c2.gr/"), ("too long", "http://www.example.com/" + "a" * 4096),
)  # fmt: skip
"""The reason (or one of two, where versions of Python differ), and the URL."""

READ_URLS: Final = (
    ("http://www.example.com", "http", "www.example.com", 80, "/"),
    ("HTTPS://WWW.Example.COM/A?b=C#d", "https", "www.example.com", 443, "/A?b=C"),
    ("https://www.example.com:8443/?x=office.com", "https", "www.example.com", 8443, "/?x=office.com"),
    ("http://93.184.216.34:8080", "http", "93.184.216.34", 8080, "/"),
    ("http://[2606:2800:220:0001::1]:80/x", "http", "2606:2800:220:1::1", 80, "/x"),
    ("http://\u65e5\u672c\u8a9e.jp/\u00fc?q=\u00fc", "http", "xn--wgv71a119e.jp", 80, "/%C3%BC?q=%C3%BC"),
    ("http://xn--fa-hia.de/a%20b%2F", "http", "xn--fa-hia.de", 80, "/a%20b%2F"),
    ("http://my_host/../a/./b", "http", "my_host", 80, "/../a/./b"),
    ("http://www.example.com/@x:y", "http", "www.example.com", 80, "/@x:y"),
    ("http://www.example.com?a=//127.0.0.1/@", "http", "www.example.com", 80, "/?a=//127.0.0.1/@"),
)
"""The URL, and how it is read."""

LOOPBACK_HOSTS: Final = (
    "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:0001]",
    "[::127.0.0.1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "[::]", "0.0.0.0", "127.0.0.2", "127.1",
    "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "0", "127.0.0.1.",
    "\u2460\u2461\u2466.0.0.1", "127\u30020\u30020\u30021", "127.0.0.1%00", "user@127.0.0.1",
    "www.example.com\\@127.0.0.1", "www.example.com@127.0.0.1", "[::1%25lo]", "\uff11\uff12\uff17.0.0.1",
    "0x7f.0x0.0x0.0x1", "127.000.000.001",
)  # fmt: skip
"""This machine, in disguise."""
