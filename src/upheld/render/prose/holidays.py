"""What holidays are called in a language: the lock has their English names, the catalogues those of others.

Only the names that stand here are looked up: a name that an agreement gives itself is its own word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from upheld.render.prose.tongue import N_, Tongue

HOLIDAYS: Final = frozenset(
    {
        N_("All Saints' Day"),
        N_("Armistice Day"),
        N_("Ascension Day"),
        N_("Ash Wednesday"),
        N_("Assumption Day"),
        N_("Bank Holiday"),
        N_("Betico Day"),
        N_("Boxing Day"),
        N_("Carnival Day"),
        N_("Carnival Monday"),
        N_("Chinese New Year"),
        N_("Christmas Day"),
        N_("Christmas Eve"),
        N_("Constitution Day"),
        N_("Corpus Christi"),
        N_("Curaçao Day"),
        N_("Day of Freedoms"),
        N_("Day of Liberation and Renewal"),
        N_("Day of the Maroons"),
        N_("Diwali"),
        N_("Easter Monday"),
        N_("Easter Sunday"),
        N_("Eid al-Adha"),
        N_("Eid al-Fitr"),
        N_("Emancipation Day"),
        N_("Epiphany"),
        N_("Europe Day"),
        N_("Friday after Ascension Day"),
        N_("German Unity Day"),
        N_("Good Friday"),
        N_("Holi"),
        N_("Immaculate Conception"),
        N_("Independence Day"),
        N_("Indigenous People Day"),
        N_("King's Day"),
        N_("Labor Day"),
        N_("Liberation Day"),
        N_("Maundy Thursday"),
        N_("May Day"),
        N_("Monday before Ash Wednesday"),
        N_("National Anthem and Flag Day"),
        N_("National Day"),
        N_("New Year's Day"),
        N_("New Year's Eve"),
        N_("Pentecost"),
        N_("Pentecost Monday"),
        N_("Reformation Day"),
        N_("Saint Stephen's Day"),
        N_("Second Day of Christmas"),
        N_("Sint Maarten Day"),
        N_("Victory Day"),
    }
)
"""Those of the countries where the languages of the catalogues are spoken, and such as many others have."""
_MARKS: Final[Mapping[str, str]] = {
    "observed": N_("{holiday} (observed)"),
    "estimated": N_("{holiday} (estimated)"),
}
_MARKED: Final = re.compile(rf"(.*) \(({'|'.join(_MARKS)})\)")


def holiday(name: str, tongue: Tongue) -> str:
    """What a holiday is called; as it is written if the catalogue does not know it.

    Several on one day are told as several; one that is kept on another day, or estimated, says so.
    """
    return "; ".join(_one(part, tongue) for part in name.split("; "))


def _one(name: str, tongue: Tongue) -> str:
    marked = _MARKED.fullmatch(name)
    if marked is not None:
        return tongue.say(_MARKS[marked[2]], holiday=_one(marked[1], tongue))
    return tongue.say(name) if name in HOLIDAYS else name
