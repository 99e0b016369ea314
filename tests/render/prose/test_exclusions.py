"""What does not count, in plain words: small agreements with the sentences beside."""

from __future__ import annotations

import pytest

from tests.render.prose.reading import UPTIME, read, terms
from upheld.render.prose.exclusions import exclusions_section

SUNDAYS = "calendar: {sundays: {zone: UTC, open: Sun 02:00-05:00, holidays: none}}\n"
CAUSES = "attribute: {cause: {of: attribution, type: text, values: [carrier, provider]}}\n"

WHAT = [
    (
        SUNDAYS,
        ("{of: maintenance, where: kind = scheduled, announced by: starts_at - 48h, inside: sundays,"
        " effect: not bad}"),
        ("“x”: Maintenance does not count if it is scheduled work. It must have been announced no later than "
        "48 hours before the work is due to begin; otherwise it counts. Only the part inside the calendar "
        "“sundays” is excluded; the rest counts."),
        ("“x”: Onderhoud telt niet mee als het om gepland onderhoud gaat. Het moet uiterlijk 48 uur voordat "
        "het werk volgens planning begint zijn aangekondigd; anders telt het wel mee. Alleen het deel binnen "
        "de kalender “sundays” is uitgesloten; de rest telt wel mee."),
    ),
    (
        "",
        "{of: maintenance, announced by: starts_at, effect: not bad}",
        "“x”: Maintenance does not count. It must have been announced before it begins; otherwise it counts.",
        ("“x”: Onderhoud telt niet mee. Het moet zijn aangekondigd voordat het begint; anders telt het wel "
        "mee."),
    ),
    (
        CAUSES,
        "{of: attribution, where: cause = carrier and contracted_by = customer, effect: not bad}",
        ("“x”: Downtime does not count if it is recorded that the cause is “carrier” and the third party was "
        "contracted by you."),
        ("“x”: Uitvaltijd telt niet mee als is vastgelegd dat de oorzaak “carrier” is en de derde door u is "
        "ingeschakeld."),
    ),
    (
        "",
        "{of: credential, where: state = locked, effect: out of total, components: [shop]}",
        ("“x”: The time in which a login of yours does not work does not count if the login is locked. "
        "This is about “shop” only."),
        ("“x”: De tijd waarin inloggegevens van u niet werken, telt niet mee als de inloggegevens "
        "geblokkeerd zijn. Dit gaat alleen over “shop”."),
    ),
    (
        "",
        "{of: suspension, effect: not bad, indicators: [uptime]}",
        "“x”: The time in which your contract is suspended does not count. It is left out of “uptime” only.",
        (
            "“x”: De tijd waarin uw contract is opgeschort, telt niet mee. Alleen bij “uptime” blijft het "
            "buiten beschouwing."
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("more", "row", "english", "dutch"), WHAT)
def test_an_exclusion_says_what_it_is_and_on_which_conditions(
    more: str, row: str, english: str, dutch: str
) -> None:
    """Source, condition, notice, window, and what it is about."""
    found = terms(more + UPTIME + f"exclude: {{x: {row}}}\n")
    assert read(exclusions_section, found)[1] == english
    assert read(exclusions_section, found, "nl")[1] == dutch


EFFECTS = [
    ("not bad", "What is excluded is not counted as downtime, but stays in the counted time."),
    ("out of total", "What is excluded leaves the counted time; what is bad in it is downtime nevertheless."),
    ("[not bad, out of total]",
     "What is excluded is neither counted as downtime nor part of the counted time."),
    ("breaks run", "This leaves nothing out: it only ends a row of bad slices."),
]  # fmt: skip


@pytest.mark.parametrize(("effect", "sentence"), EFFECTS)
def test_an_exclusion_says_what_it_does_to_the_figure(effect: str, sentence: str) -> None:
    """Gives bad time back, leaves the total, both, or neither."""
    found = terms(UPTIME + f"exclude: {{x: {{of: maintenance, effect: {effect}}}}}\n")
    assert sentence in read(exclusions_section, found)


def test_what_an_exclusion_does_to_items_is_said_of_items() -> None:
    """A share of tasks has no downtime: what is late counts as in time, or not at all."""
    rows = (
        CAUSES + "deadline: {start: {of: task, from: submitted, until: began, within: 15m}}\n"
        "indicator: {share: {count: outcomes of start}}\n"
        "exclude:\n"
        "  carrier: {of: attribution, where: cause = carrier, takes: all, effect: out of total}\n"
        "  others: {of: attribution, where: party != provider, effect: not bad}\n"
    )
    assert read(exclusions_section, terms(rows))[1:] == (
        "“carrier”: The time for which a cause is recorded does not count if the cause is “carrier”.",
        "“others”: What is late does not count if it is recorded that the cause does not lie with Northwind.",
        "What that means for the figures",
        (
            "“carrier”: What is excluded is not counted at all. This holds for everything that begins in the "
            "excluded time, whether in time or late."
        ),
        (
            "“others”: What is excluded counts as in time. This holds for what is late only; what is in time "
            "counts as usual."
        ),
    )


def test_what_an_exclusion_does_to_counts_is_said_of_observations() -> None:
    """Where requests are counted, a cause takes bad ones and a window all."""
    rows = (
        "component: {shop: {}}\nsignal: {shop: {counts: requests}}\n"
        "indicator: {good: {count: counts of shop, per: {slice: 1h}, combine: ratio of sums}}\n"
        "exclude:\n  work: {of: maintenance, effect: out of total}\n"
        "  cause: {of: attribution, effect: out of total}\n"
    )
    said = read(exclusions_section, terms(rows))
    assert "“cause”: Bad observations made in excluded time are left out; good ones count as usual." in said
    assert "“cause”: Bad observations whose cause is recorded do not count." in said
    assert any(text.endswith("Observations made in excluded time are left out.") for text in said)


def test_an_exclusion_of_nothing_says_so() -> None:
    """A reading may leave a condition that never holds: then there are no effects to tell."""
    found = terms(UPTIME + "exclude: {x: {of: attribution, where: 'false', effect: not bad}}\n")
    assert read(exclusions_section, found) == (
        "What does not count",
        "“x”: Nothing is left out for this reason.",
    )
    assert read(exclusions_section, found, "nl")[1] == "“x”: Om deze reden blijft niets buiten beschouwing."


def test_effects_of_most_exclusions_name_the_others() -> None:
    """Where more than three are alike and few are not, the few are named."""
    rows = "".join(f"  {name}: {{of: attribution, effect: not bad}}\n" for name in "abcd")
    found = terms(UPTIME + f"exclude:\n{rows}  work: {{of: maintenance, effect: not bad}}\n")
    assert (
        "All except “work”: This holds for downtime only; time in which the service works counts as usual."
        in read(exclusions_section, found)
    )
    assert (
        "Alle behalve “work”: Dit geldt alleen voor uitvaltijd; tijd waarin de dienst werkt, telt gewoon mee."
        in read(exclusions_section, found, "nl")
    )
