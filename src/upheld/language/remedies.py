"""What is owed where a commitment was not kept, from its row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from upheld.core.terms.agreement import Contract
from upheld.core.terms.indicator import CommitRule, Indicator, Level
from upheld.core.terms.remedy import (
    AmountRule,
    Band,
    Bands,
    Base,
    Days,
    Exercise,
    Formula,
    Give,
    Limit,
    Multiple,
    Pay,
    RemedyRule,
    Share,
    Steps,
    StepsOf,
    Unit,
)
from upheld.core.values.expression import names_in
from upheld.core.values.finding import Place
from upheld.core.values.rule import Citation
from upheld.core.values.value import DURATION, MONEY, NUMBER, RATIO, Money, Type
from upheld.language.names import OWED
from upheld.language.node import Scalar
from upheld.language.quantities import BandText, Given, Part, Quantity, band, gap, overlap, quantity
from upheld.language.remedy_parts import BaseText, StepsText
from upheld.language.report import inside
from upheld.language.rows import Row, scalar
from upheld.language.suggestion import did_you_mean
from upheld.language.vocabulary import Context

_FEE = re.compile(r"\bfee\.\w+(?:[.-]\w+)*")
_FORMS = ("bands", "steps", "formula", "multiple")
_OF_MONEY = ("multiple", "pay", "round", "base")
_OF_AMOUNTS = (*_FORMS, "top", "base", "limits", "least", "pay", "round")


class Owed(NamedTuple):
    """What a remedy is about: the commitment with its level, its indicator, the contract if there is one."""

    commit: CommitRule | None
    indicator: Indicator | None
    contract: Contract | None

    @property
    def level(self) -> Level | None:
        """The level that was not reached."""
        return self.commit.level if self.commit else None

    @property
    def unit(self) -> str:
        """The unit of what was measured."""
        is_duration = self.indicator is not None and self.indicator.basis == "latency"
        return "duration" if is_duration else "ratio"


def names_of_remedy(row: Row, owed: Owed) -> dict[str, Type]:
    """What `when` and `formula` know. Without a contract every fee may be there."""
    found = {name: type_ for name, (type_, _) in OWED.items()}
    if owed.unit == "duration":
        found |= dict.fromkeys(("value", "level", "shortfall"), DURATION)
    if owed.contract is not None:
        return found | {
            f"fee.{name}": Type("money", fee.currency) for name, fee in owed.contract.fees.items()
        }
    texts = (node.text for name in ("when", "formula") if isinstance(node := row.node(name), Scalar))
    return found | dict.fromkeys((fee for text in texts for fee in _FEE.findall(text)), MONEY)


# -- the remedy --------------------------------------------------------------------------------------------


def remedy(row: Row, values: dict[str, Any], cited: Citation, owed: Owed, cx: Context) -> RemedyRule | None:
    """What is owed; units, bands, currencies and fees that do not fit are told."""
    if not _is_about_a_level(row, values, owed, cx):
        return None
    unit: Unit = values.get("unit") or "money"
    _tell_forms(row, unit, cx)
    reading = _Reading(row, values, owed, cx, unit)
    amount = reading.amount()
    reading.tell_gives()
    reading.tell_fees()
    reading.tell_currencies()
    if "combine" in row.nodes and "group" not in row.nodes and "group" not in row.broken:
        way_out = "name the remedies that are combined: `group: …` in each of them"
        cx.report.error(
            "missing-field", "nothing is combined without `group`", row.place_of("combine"), way_out
        )
    after: tuple[int, int] = values.get("after") or (0, 0)
    limits: Mapping[str, Given] = values.get("limits") or {}
    least: Give | None = values.get("least")
    text: BaseText | None = values.get("base")
    return RemedyRule(
        name=row.name,
        of=values.get("of") or "",
        amount=amount,
        when=values.get("when"),
        breaches=after[0],
        of_last=after[1],
        unit=unit,
        base=text.base if text else Base("none"),
        limits=tuple(Limit(per, given.give) for per, given in limits.items()),  # type: ignore[arg-type]
        least=least,
        group=values.get("group") or "",
        combine=values.get("combine") or "sum",
        pay=values.get("pay") or Pay(),
        exercise=values.get("exercise") or Exercise(),
        rounding=values.get("round") or "half up",
        doc=values.get("doc") or "",
        cited=cited,
    )


def _is_about_a_level(row: Row, values: dict[str, Any], owed: Owed, cx: Context) -> bool:
    """Whether the commitment is one that has a level; what else it is, is told."""
    name, node = values.get("of"), row.node("of")
    if not name or not isinstance(node, Scalar):
        return False
    place = inside(node, 0)
    if name in cx.vocabulary.named.get("promise", ()):
        way_out = "promise its outcomes: an indicator `outcomes of NAME`, and a `commit` of it"
        message = f"`{name}` has no level: a remedy follows a row of `commit`"
        cx.report.error("level-missing", message, place, way_out)
        return False
    if not cx.row("commit", name, place) or owed.commit is None:
        return False
    if owed.commit.level is None:
        message = f"`{name}` has no level, so nothing can be owed for missing it"
        way_out = f"give `{name}` a level, or remove the remedy with `none` where there is none"
        also = owed.commit.cited.place
        cx.report.error("level-missing", message, place, way_out, *([also] if also else []))
        return False
    return True


def _tell_forms(row: Row, unit: str, cx: Context) -> None:
    given = [name for name in _FORMS if name in row.nodes]
    if unit != "termination" and "exercise" in row.nodes:
        message = f"`exercise` is about a right to terminate, and `{row.name}` gives {unit}"
        way_out = "leave it out, or say `unit: termination`"
        cx.report.error("too-many-forms", message, row.place_of("exercise"), way_out)
    if unit == "termination":
        for name in _OF_AMOUNTS:
            if name in row.nodes:
                message = f"`{name}` is an amount, and `{row.name}` gives the right to terminate"
                cx.report.error(
                    "too-many-forms", message, row.place_of(name), "leave it out, or change `unit`"
                )
        return
    if not given and not row.broken.intersection(_FORMS):
        way_out = "add `bands`, `steps`, `formula` or `multiple`, or `unit: termination`"
        cx.report.error("missing-field", f"`{row.name}` does not say how much is owed", row.place, way_out)
    if len(given) > 1:
        message = f"`{given[0]}` and `{given[1]}` do not go together in `{row.name}`"
        way_out = "keep one; further amounts are remedies of their own, joined by `group`"
        cx.report.error("too-many-forms", message, row.place_of(given[1]), way_out, row.place_of(given[0]))
    if unit == "days of service":
        for name in _OF_MONEY:
            if name in row.nodes:
                message = f"`{name}` is about money, and `{row.name}` gives days of service"
                cx.report.error(
                    "unit-mismatch", message, row.place_of(name), "leave it out, or change `unit`"
                )


class _Reading:
    """One remedy while it is read: what it gives, in which currencies, and whether a base is needed."""

    def __init__(self, row: Row, values: dict[str, Any], owed: Owed, cx: Context, unit: Unit) -> None:
        self.row = row
        self.values = values
        self.owed = owed
        self.cx = cx
        self.unit = unit
        self.given: list[tuple[Give, Place]] = []
        self.needs_base: Place | None = None

    def amount(self) -> AmountRule | None:
        """The form of the amount; None for a termination, or where a fault has been told."""
        if "bands" in self.row.nodes:
            return self._bands(self.values.get("bands") or ())
        if "top" in self.row.nodes:
            self._tell_top()
        if "steps" in self.row.nodes and self.values.get("steps"):
            return self._steps(self.values["steps"])
        if "formula" in self.row.nodes:
            return self._formula()
        if "multiple" in self.row.nodes and self.values.get("multiple"):
            self._tell_no_downtime(self.row.place_of("multiple"))
            self.needs_base = self.row.place_of("multiple")
            return Multiple(self.values["multiple"])
        return None

    # -- bands ---------------------------------------------------------------------------------------------

    def _bands(self, texts: tuple[BandText, ...]) -> Bands:
        uses_top = [text for text in texts if any(p and p.text == "top" for p in (text.low, text.high))]
        top = self._top()
        if "top" in self.row.nodes and not uses_top and not self.row.broken:
            self._tell_top()
        if uses_top and "top" not in self.row.nodes and "top" not in self.row.broken:
            place = inside(uses_top[0].given.key, 0)
            message = "what `top` is in this band is not said"
            self.cx.report.error("missing-field", message, place, "add `top: level`")
            self.row.broken.add("top")
            texts = tuple(text for text in texts if text not in uses_top)
        found: list[tuple[Band, BandText]] = []
        for text in texts:
            self.given.append((text.given.give, text.given.node.place))
            one = band(text, top, self.owed.unit, self.cx.report)
            if one is not None:
                self._tell_overlap(one, text, found)
                found.append((one, text))
        bands = tuple(one for one, _ in found)
        level = self.owed.level
        is_whole = len(bands) == len(texts) and not self.row.broken
        is_told = not self.cx.is_alternative and not self.cx.report.errors_only
        if is_told and is_whole and level and level.unit == self.owed.unit:
            missing = gap(level, bands)
            if missing:
                message = f"a value {missing} misses the level and lies in no band, so nothing is owed"
                way_out = "close the gap, or say what is meant with `top`"
                self.cx.report.warn("band-gap", message, self.row.place_of("bands"), way_out)
        return Bands(bands)

    def _top(self) -> Quantity | None:
        said, level = self.values.get("top"), self.owed.level
        if said != "level":
            return said if isinstance(said, Quantity) else None
        return Quantity(level.value, level.unit, level.decimals) if level else None

    def _tell_top(self) -> None:
        way_out = "write `top` as an edge of a band, or leave the field out"
        self.cx.report.error("top-unused", "no band has the edge `top`", self.row.place_of("top"), way_out)

    def _tell_overlap(self, one: Band, text: BandText, before: list[tuple[Band, BandText]]) -> None:
        for other, other_text in before:
            if overlap(one, other):
                message = f"`{text.given.key.text}` and `{other_text.given.key.text}` share values"
                way_out = "let each value lie in one band: `[a, b)` holds a and not b"
                places = inside(text.given.key, 0), inside(other_text.given.key, 0)
                self.cx.report.error("band-overlap", message, places[0], way_out, places[1])
                return

    # -- steps and formulas --------------------------------------------------------------------------------

    def _steps(self, text: StepsText) -> Steps | None:
        of: StepsOf = text.values.get("of") or "downtime"
        wanted = {"shortfall": self.owed.unit, "late items": "count"}.get(of, "duration")
        every = self._quantity(text.row, "each", wanted)
        free = self._quantity(text.row, "free", wanted)
        if every is not None and not every.value:
            place = text.row.place_of("each")
            self.cx.report.error("bad-number", "a step cannot be nothing", place, "write how much it is")
        place = text.row.place_of("of") if "of" in text.row.nodes else self.row.place_of("steps")
        if of in ("downtime", "each outage", "each day"):
            self._tell_no_downtime(place)
        elif of == "late items" and self.owed.indicator and self.owed.indicator.basis != "outcomes":
            message = f"`{self.owed.indicator.name}` counts {self.owed.indicator.basis}, which are no items"
            way_out = "take steps of `downtime` or `shortfall`"
            self.cx.report.error("unit-mismatch", message, place, way_out)
        give = text.values.get("give")
        if give is not None:
            node = text.row.node("give")
            self.given.append((give, node.place if node else self.row.place_of("steps")))
        if every is None or give is None:
            return None
        begun = bool(text.values.get("begun"))
        return Steps(every.value, give, of, begun, free.value if free else Fraction(0))

    def _quantity(self, row: Row, name: str, wanted: str) -> Quantity | None:
        node, known = row.node(name), row.concept.field(name)
        text = scalar(known, node, self.cx.report) if node is not None and known is not None else None
        if text is None or name in row.broken or (name == "free" and text.text == "0"):
            return None
        part_ = Part(text.text, text)
        read = quantity(part_, "bad-amount", self.cx.report, counts=wanted == "count")
        if read is not None and read.unit != wanted:
            a = {"ratio": "a ratio (1 %)", "duration": "a length of time (30m)", "count": "a number"}[wanted]
            part_.tell(
                "unit-mismatch", f"`{text.text}` does not fit what is counted", f"write {a}", self.cx.report
            )
            return None
        return read

    def _formula(self) -> Formula | None:
        node = self.row.node("formula")
        if not isinstance(node, Scalar) or "formula" in self.row.broken:
            return None
        among = (NUMBER,) if self.unit == "days of service" else (MONEY, RATIO)
        expr, type_ = self.cx.typed(node, 0, node.text, self.cx.types, among)
        if expr is None or type_ is None:
            return None
        if type_.kind == "ratio" or "base" in names_in(expr):
            self.needs_base = node.place
        if "downtime" in names_in(expr):
            self._tell_no_downtime(node.place)
        if type_.unit:
            self.given.append((Money(Fraction(0), type_.unit), node.place))
        return Formula(expr, {"money": "money", "ratio": "ratio"}.get(type_.kind, "days"))  # type: ignore[arg-type]

    def _tell_no_downtime(self, place: Place) -> None:
        measured = self.owed.indicator
        if measured is not None and measured.combine != "bad time":
            message = f"`{measured.name}` has no downtime: it is combined by `{measured.combine}`"
            way_out = "take `shortfall`, `bands`, or an indicator of `bad time`"
            self.cx.report.error("unit-mismatch", message, place, way_out)

    # -- what goes together --------------------------------------------------------------------------------

    def tell_gives(self) -> None:
        """Shares need a base; days and money do not mix."""
        limits: Mapping[str, Given] = self.values.get("limits") or {}
        self.given += [(given.give, given.node.place) for given in limits.values()]
        least, node = self.values.get("least"), self.row.node("least")
        if least is not None and node is not None:
            self.given.append((least, node.place))
        if self.unit == "termination":
            return
        for give, place in self.given:
            is_days = isinstance(give, Days)
            if is_days != (self.unit == "days of service"):
                what = "days" if is_days else "a share or money"
                way_out = (
                    "write days (3 days)" if not is_days else "write a share (20 %) or money (50.00 EUR)"
                )
                message = f"`{self.row.name}` gives {self.unit}, and this is {what}"
                self.cx.report.error("unit-mismatch", message, place, way_out)
            elif isinstance(give, Share) and self.needs_base is None:
                self.needs_base = place
        if self.needs_base and "base" not in self.row.nodes and "base" not in self.row.broken:
            message = f"what a share is taken of is not said in `{self.row.name}`"
            way_out = "add `base: {fee: NAME}` or `base: {invoice: month}`"
            self.cx.report.error("missing-field", message, self.needs_base, way_out)

    def tell_fees(self) -> None:
        """Fees that the contract does not have."""
        text: BaseText | None = self.values.get("base")
        contract = self.owed.contract
        for name, place in text.fees if text and contract else ():
            if contract and name not in contract.fees:
                way_out = did_you_mean(name, contract.fees) or f"add `{name}` to `fees` of the contract"
                if "year" in contract.fees and name == "month":
                    own = f"override: {{remedy: {{{self.row.name}: {{base: {{fee: year}}}}}}}}"
                    way_out += f", or take a twelfth of `year`: write `{own}` beside `contract`"
                message = f"the contract `{contract.id}` has no fee `{name}`"
                also = [contract.place] if contract.place else []
                self.cx.report.error("unknown-fee", message, place, way_out, *also)

    def tell_currencies(self) -> None:
        """Amounts of money in more than one currency."""
        found = [(give.currency, place) for give, place in self.given if isinstance(give, Money)]
        text: BaseText | None = self.values.get("base")
        fees = self.owed.contract.fees if self.owed.contract else {}
        for name, place in text.fees if text else ():
            if name in fees:
                found.append((fees[name].currency, place))
        for currency, place in found[1:]:
            if currency != found[0][0]:
                message = f"{currency} and {found[0][0]} meet in `{self.row.name}`"
                way_out = "write every amount, and the fees it is taken of, in one currency"
                self.cx.report.error("currency-mismatch", message, place, way_out, found[0][1])
                return
