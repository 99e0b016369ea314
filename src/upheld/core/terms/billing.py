"""Who bills whom, and how what is billed is taxed: the parties of a contract's invoices and credit notes."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, Literal, get_args

from upheld.core.values.frozen import dataclass

TaxCategory = Literal["S", "Z", "E", "AE", "K", "G", "O", "L", "M"]
"""The categories of EN 16931 (UNTDID 5305): standard, zero, exempt, reverse charge, within the EU, export,
outside the scope, Canary Islands, Ceuta and Melilla."""
TAX_CATEGORIES: Final[tuple[TaxCategory, ...]] = get_args(TaxCategory)
UNTAXED: Final = frozenset({"Z", "E", "AE", "K", "G", "O"})
"""Categories whose rate is nothing."""
REASONED: Final = frozenset({"E", "AE", "K", "G", "O"})
"""Categories of which a document must say why there is no tax."""


@dataclass(frozen=True, slots=True)
class TaxTreatment:
    """The category of a tax, its exact rate (21 % is 21/100), and why nothing is charged where it is so."""

    category: TaxCategory
    rate: Fraction = Fraction(0)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who sells or buys, as a document names them. `country` is ISO 3166-1, two letters."""

    name: str
    country: str
    street: str = ""
    city: str = ""
    postcode: str = ""
    vat_id: str = ""
    registration: str = ""


@dataclass(frozen=True, slots=True)
class Billing:
    """The parties of a contract's documents and their tax.

    `entity` is the legal entity whose credit notes are numbered in one sequence, `numbers` what its numbers
    begin with. Fees and credits are net; the tax comes on top. `reference` is what the buyer wants to read on
    every document, `payment` how a payment names itself.
    """

    entity: str
    seller: Party
    buyer: Party
    tax: TaxTreatment
    numbers: str = ""
    reference: str = ""
    payment: str = ""
