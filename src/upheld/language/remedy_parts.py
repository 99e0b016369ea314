"""The rows inside a remedy: its base, its steps, how it is paid."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final, NamedTuple

from upheld.core.terms.agreement import ALWAYS
from upheld.core.terms.remedy import Base, Exercise, Pay
from upheld.core.values.amount import Amount
from upheld.core.values.finding import Place
from upheld.language.concepts import Field, part
from upheld.language.node import Node, Scalar
from upheld.language.report import inside
from upheld.language.rows import Row, read_row, read_values
from upheld.language.trees import Counted
from upheld.language.vocabulary import Context

MOST_INSTALMENTS: Final = 1_200
"""A century of months: more is a slip, and every one of them would be listed."""


class BaseText(NamedTuple):
    """A base, and where its fees are named."""

    base: Base
    fees: tuple[tuple[str, Place], ...]


class StepsText(NamedTuple):
    """Steps as their row says them."""

    row: Row
    values: dict[str, Any]


def steps(known: Field, node: Node, cx: Context) -> StepsText:
    """The row of `steps`; its units depend on what is cut into steps."""
    row = read_row(part("steps"), Scalar(known.name, node.place), node, cx.report)
    return StepsText(row, read_values(row, cx.readers, cx.report))


def base(known: Field, node: Node, cx: Context) -> BaseText | None:
    """What shares are taken of."""
    row = read_row(part("base"), Scalar(known.name, node.place), node, cx.report)
    values = read_values(row, cx.readers, cx.report)
    has_fee = "fee" in row.nodes or "yearly" in row.nodes
    if has_fee and "invoice" in row.nodes:
        way_out = "keep one of them"
        message = "a share is taken of fees or of the invoice"
        cx.report.error("too-many-forms", message, row.place_of("invoice"), way_out)
    if "invoice" in row.nodes and "in part" in row.nodes and not has_fee:
        message = "what was invoiced is the base of every period, in part or not"
        cx.report.error("too-many-forms", message, row.place_of("in part"), "leave it out")
    if row.broken:
        return None
    if not has_fee and "invoice" not in row.nodes:
        way_out = "write {fee: NAME}, or {invoice: month}"
        cx.report.error("missing-field", "the base names neither fee nor invoice", node.place, way_out)
        return None
    if "invoice" in row.nodes:
        return BaseText(Base("invoice"), ())
    yearly: tuple[str, ...] = values.get("yearly") or ()
    fees = tuple(dict.fromkeys((*(values.get("fee") or ()), *yearly)))
    places = tuple(_places(row.node("fee"))) + tuple(_places(row.node("yearly")))
    twelfths = tuple(fee for fee in fees if fee == "year" or fee in yearly)
    return BaseText(Base("fee", fees, twelfths, values.get("in part") == "invoice"), places)


def _places(node: Node | None) -> Iterator[tuple[str, Place]]:
    for item in getattr(node, "items", (node,)):
        if isinstance(item, Scalar):
            yield item.text, inside(item, 0)


def pay(known: Field, node: Node, cx: Context) -> Pay:
    """How a credit is paid."""
    row = read_row(part("pay"), Scalar(known.name, node.place), node, cx.report)
    values = read_values(row, cx.readers, cx.report)
    if values.get("instalments") == 0 and "instalments" not in row.broken:
        place = row.place_of("instalments")
        cx.report.error("bad-number", "nothing is paid in 0 instalments", place, "write 1 or more")
    if (values.get("instalments") or 0) > MOST_INSTALMENTS:
        place = row.place_of("instalments")
        message = f"nobody pays in more than {MOST_INSTALMENTS:,} instalments"
        cx.report.error("bad-number", message, place, "write how many invoices it is spread over")
    if (values.get("floor") or 0) > 1:
        message = "no invoice can stay above the whole of itself"
        cx.report.error("bad-number", message, row.place_of("floor"), "write a ratio up to 100 %")
    return Pay(
        instalments=values.get("instalments") or 1,
        starts=values.get("starts") or "next invoice",
        of_each=values.get("of") == "each invoice",
        floor=values.get("floor") or Fraction(0),
        one_at_a_time=values.get("several") == "one at a time",
        after_end=values.get("after end") or "paid out",
    )


def exercise(known: Field, node: Node, cx: Context) -> Exercise:
    """How a right to terminate is used."""
    row = read_row(part("exercise"), Scalar(known.name, node.place), node, cx.report)
    values = read_values(row, cx.readers, cx.report)
    found: dict[str, tuple[Amount | None, str]] = {}
    for name in ("within", "notice"):
        counted: Counted | None = values.get(name)
        amount, on = (None, None) if counted is None else counted
        if amount is not None and amount.kind == "business days":
            cx.business_days(amount, on or ALWAYS, row.place_of(name))
        found[name] = amount, on or ALWAYS
    (within, within_on), (notice, notice_on) = found["within"], found["notice"]
    return Exercise(within, notice, within_on, notice_on, values.get("ends") or "day")
