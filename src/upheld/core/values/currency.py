"""Currencies as ISO 4217 has them: the codes, and the decimals of their minor units."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from upheld.core.values.value import Money

_CODES = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP
CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG
HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL
MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR
RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD
TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
_FUNDS = "BOV CHE CHW CLF COU MXV USN UYI UYW XAD XDR XSU XUA"
_WITHDRAWN = "ANG BGN BYR CUC HRK LTL MRO SLL STD VEF ZWL"
CURRENCIES: Final = frozenset(f"{_CODES} {_FUNDS} {_WITHDRAWN}".split())
"""What an amount may be in. Source: ISO 4217, list one; and of list three what was replaced from 2015 on."""

_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
_FOUR = "CLF UYW"
MINOR_DIGITS: Final[Mapping[str, int]] = {
    code: digits for codes, digits in ((_NONE, 0), (_THREE, 3), (_FOUR, 4)) for code in codes.split()
}
"""The decimals of a minor unit, where they are not two. Source: ISO 4217, list one, column "minor unit"."""


def currency_fault(code: str) -> str:
    """What is wrong with the code of a currency; empty if it is one."""
    return "" if code in CURRENCIES else f"there is no currency `{code[:80]}`"


CURRENCY_WAY_OUT: Final = "write its code of ISO 4217, such as EUR"
_MONEY: Final = re.compile(r"(\d+(?:\.\d+)?) ([A-Z]{3})", re.ASCII)


def parse_money(text: str) -> Money | None:
    """The amount of a text such as `499.00 EUR`, exact; None if it is none, or in no currency there is."""
    match = _MONEY.fullmatch(text)
    return Money(Fraction(match[1]), match[2]) if match and match[2] in CURRENCIES else None
