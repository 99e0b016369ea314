"""Templates: fixed placeholders, filled in once, by the language and the zone of whoever reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.worlds import Case, clock
from upheld.core.alerting.stage import About, Stage
from upheld.core.alerting.template import (
    PLACEHOLDERS,
    Reader,
    findings,
    kind_of,
    moment,
    rendered,
    template_for,
)
from upheld.core.alerting.texts import DEFAULTS, Language, Template
from upheld.core.timeline.instant import MINUTE, SECOND
from upheld.core.values.finding import Place
from upheld.core.values.frozen import replace
from upheld.language.world import World

from .ladders import at, found

WORLD = World(None, years=(2025, 2027))
CAPE, AMSTERDAM = WORLD.zone("Africa/Johannesburg"), WORLD.zone("Europe/Amsterdam")
ENGLISH, DUTCH = Reader("en", CAPE), Reader("nl", AMSTERDAM)
HERE = Place("mail.txt", 1, 1)
ABOUT = About(
    "acme-crm", "Acme", "Northwind", "crm", commitment="response", subject="T-1",
    started_at=at("Fri 06-05 14:30"), due_at=at("Mon 06-08 08:30"),
)  # fmt: skip
LATE = Stage(
    "acme-crm/response/T-1/1", "missed target", "limit", at("Mon 06-08 08:30") + 1, "provider",
    ("support manager",), "urgent", None, ABOUT,
)  # fmt: skip


def text(template: str, stage: Stage = LATE, reader: Reader = ENGLISH) -> str:
    """A body, rendered."""
    return rendered(Template("", template), stage, reader).body


def test_a_message_is_read_by_the_clock_and_in_the_language_of_its_reader() -> None:
    """The same stage for somebody in Johannesburg and somebody in Amsterdam."""
    assert rendered(template_for(LATE, "en"), LATE, ENGLISH) == (
        "response of T-1 is late",
        (
            "response of T-1 (Acme, contract acme-crm) was due Monday 8 June 2026 at 10:30 "
            "(Africa/Johannesburg) and is late.\n"
            "It began Friday 5 June 2026 at 16:30 (Africa/Johannesburg). This message is sent at: limit.\n"
        ),
    )
    assert rendered(template_for(LATE, "nl"), LATE, DUTCH).body == (
        "response van T-1 (Acme, contract acme-crm) had klaar moeten zijn op maandag 8 juni 2026 om 10:30 "
        "(Europe/Amsterdam) en is te laat.\n"
        "Begonnen op vrijdag 5 juni 2026 om 16:30 (Europe/Amsterdam). Dit bericht hoort bij: limit.\n"
    )


def test_what_has_no_beginning_tells_of_none() -> None:
    """Work is to be announced by an instant: nothing has begun, and no message says `no date`."""
    notice = replace(LATE, about=replace(ABOUT, started_at=None))
    for language, reader, last in (
        ("en", ENGLISH, "This message is sent at: limit."),
        ("nl", DUTCH, "Dit bericht hoort bij: limit."),
    ):
        body = rendered(template_for(notice, language), notice, reader).body  # type: ignore[arg-type]
        assert body.splitlines()[1:] == [last]


def test_every_placeholder_is_filled_in() -> None:
    """Each has a value, none is left between braces."""
    for name in PLACEHOLDERS:
        assert "{" not in text(f"{{{name}}}"), name


def test_the_kind_of_a_stage_chooses_its_text() -> None:
    """Ahead until it is due, late after; a claim and an event have their own."""
    assert kind_of(LATE) == "late"
    assert kind_of(replace(LATE, at=LATE.at - MINUTE)) == "ahead"
    assert kind_of(replace(LATE, about=replace(ABOUT, due_at=None))) == "ahead"
    warning = replace(LATE, at=LATE.at - MINUTE)
    assert [kind_of(warning, LATE.at + more) for more in (-1, 0)] == ["ahead", "late"], "by when it is sent"
    for what in ("claim", "event", "gap", "test"):
        assert kind_of(replace(LATE, about=replace(ABOUT, what=what))) == what
    own = {("nl", "late"): Template("Te laat", "")}
    assert template_for(LATE, "nl", own) == Template("Te laat", "")  # type: ignore[arg-type]
    assert template_for(LATE, "en", own) == DEFAULTS["en"]["late"]  # type: ignore[arg-type]


def test_an_event_is_said_in_the_language() -> None:
    """What has no word of its own goes by its verb."""
    stages = {
        name: replace(LATE, about=replace(ABOUT, what="event", event=name)) for name in ("declared", "x_y")
    }
    for (name, reader), word in {
        ("declared", ENGLISH): "declared", ("declared", DUTCH): "gemeld", ("x_y", DUTCH): "x_y",
    }.items():  # fmt: skip
        assert text("{event}", stages[name], reader) == word


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_default_texts_are_sound(language: Language) -> None:
    """They name known placeholders only, and each language has all kinds."""
    assert set(DEFAULTS[language]) == set(DEFAULTS["en"])
    for template in DEFAULTS[language].values():
        assert findings(template, HERE) == ()


def test_an_unknown_placeholder_is_a_finding_and_printed_as_it_stands() -> None:
    """Each once, with those that there are as the way out."""
    template = Template("{due}", "{due} {Due_at} {due_at}")
    told = findings(template, HERE)
    assert [(one.code, one.message) for one in told] == [
        ("unknown-placeholder", "nothing fills in `{due}`"),
        ("unknown-placeholder", "nothing fills in `{Due_at}`"),
    ]
    assert "{due_at}" in told[0].way_out
    assert text("{due} of {subject}") == "{due} of T-1"


@pytest.mark.parametrize(
    "hostile",
    ["{{7*7}}", "{{contract}}", "{% if 1 %}", "${contract}", "${7*7}", "{contract!r}", "{contract:>9}",
     "{0}", "{}", "{contract.__class__}", "#{contract.x}", "<%= 1 %>", "{ contract }", "%(contract)s", "%s",
     "{contract[0]}", "\\{x y\\}", "{about.__init__.__globals__}"],
)  # fmt: skip
def test_what_other_engines_would_execute_is_printed_literally(hostile: str) -> None:
    """There is no engine."""
    assert text(hostile) == hostile


def test_what_is_filled_in_is_never_read_again() -> None:
    """A ticket may be called anything, and ends no header."""
    named = replace(LATE, about=replace(ABOUT, subject="{due_at}\r\nBcc: all@example.com\u202e{contract}"))
    found = rendered(Template("About {subject}", "{subject}"), named, ENGLISH)
    assert found.subject == "About {due_at} Bcc: all@example.com {contract}"
    assert found.body == "{due_at} Bcc: all@example.com {contract}"
    long = replace(LATE, about=replace(ABOUT, subject="x" * 10_000))
    assert len(text("{subject}", long)) == 500


@given(st.text(max_size=60))
def test_a_text_without_placeholders_is_left_alone(body: str) -> None:
    """Whatever it is."""
    safe = body.replace("{", "(")
    assert text(safe) == safe


def test_an_instant_shows_its_seconds_only_where_it_has_some() -> None:
    """And none is none."""
    assert (
        moment(at("Mon 06-08 08:30") + 21 * SECOND, DUTCH)
        == "maandag 8 juni 2026 om 10:30:21 (Europe/Amsterdam)"
    )
    assert moment(None, DUTCH) == "geen datum"


def test_a_limit_at_midnight_is_the_end_of_a_day() -> None:
    """Nobody reads a day too many; what happens at a midnight, or begins then, happens on the new day."""
    midnight = at("Sat 06-06 22:00")
    claim = replace(LATE, about=replace(ABOUT, what="claim", due_at=midnight, started_at=midnight))
    assert text("{due_at}", claim, DUTCH) == "zaterdag 6 juni 2026 om 24:00 (Europe/Amsterdam)"
    assert text("{due_at}", claim) == "Saturday 6 June 2026 at 24:00 (Africa/Johannesburg)"
    assert text("{started_at}", claim) == "Sunday 7 June 2026 at 00:00 (Africa/Johannesburg)"
    gap = replace(claim, about=replace(claim.about, what="gap"))
    assert text("{due_at}", gap) == "Sunday 7 June 2026 at 00:00 (Africa/Johannesburg)"


def test_what_has_a_goal_and_no_limit_is_due_at_its_goal() -> None:
    """It has a date: nobody reads that it is due at none."""
    goal = replace(LATE, about=replace(ABOUT, due_at=None, goal_at=at("Mon 06-08 08:00")))
    assert rendered(template_for(goal, "en"), goal, ENGLISH).subject == (
        "response of T-1 is due Monday 8 June 2026 at 10:00 (Africa/Johannesburg)"
    )


def test_a_text_says_that_it_comes_by_the_strictest_reading() -> None:
    """Who reads that something is late may find it running in the verdicts; own texts say what they say."""
    strict = replace(LATE, about=replace(ABOUT, reading="always"))
    lines: tuple[tuple[Language, str], ...] = (
        ("en", ("So it is by the strictest reading of the agreement (always). "
                "By the one that holds it is due later, or not at all.\n")),
        ("nl", ("Zo is het volgens de strengste lezing van de overeenkomst (always). "
                "Volgens de lezing die geldt is het later nodig, of helemaal niet.\n")),
    )  # fmt: skip
    for language, line in lines:
        reader = Reader(language, CAPE)
        plain = rendered(template_for(LATE, language), LATE, reader)
        assert rendered(template_for(strict, language), strict, reader) == (plain.subject, plain.body + line)
    own = Template("{subject}", "late")
    assert template_for(strict, "en", {("en", "late"): own}) == own


def test_the_message_of_a_real_stage() -> None:
    """From facts to text."""
    rows = clock("from: opened", "until: answered", "on: desk", "within: 2h")
    case = Case(rows + "escalate:\n  soon: {of: clock, at: 75 %, tell: lead}\n").tell(
        "opened", "Fri 06-05 16:30"
    )
    (stage,) = found(case, "Fri 06-05 16:31")
    said = rendered(template_for(stage, "en"), stage, Reader("en", WORLD.zone("UTC")))
    assert said.subject == "clock of T-1 is due Monday 8 June 2026 at 10:30 (UTC)"
