"""Forms of `upheld admin` about who is told: people of providers and customers, and the ways there."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from upheld.render.words import visible
from upheld.server.admin import DONE, WrongUseError, form, provider_id

if TYPE_CHECKING:
    from upheld.app.people import Quiet, Way
    from upheld.app.tokens import RandomBytes
    from upheld.core.timeline.instant import Instant
    from upheld.server.admin import Forms
    from upheld.store.models import Person

_CLOCKS: Final = "write two times of the local day, such as 22:00-07:00"


def add_forms(forms: Forms) -> None:
    """Their words."""
    one = form(forms, "person", _person, "somebody who is told, with the ways to them, the first tried first")
    one.add_argument("name", metavar="NAME")
    one.add_argument("--role", action="append", default=[], help="as agreements name it; may be given again")
    one.add_argument("--customer", default="", metavar="NAME", help="of this customer, not of the provider")
    one.add_argument("--mail", action="append", default=[], metavar="ADDRESS", help="an address of mail")
    one.add_argument(
        "--service", action="append", default=[], metavar="CHANNEL=URL", help="another way, such as sms=..."
    )
    one.add_argument("--language", default="en", help="en or nl")
    one.add_argument("--zone", default="UTC", help="such as Europe/Amsterdam")
    one.add_argument("--quiet", metavar="FROM-UNTIL", help="only pages then, such as 22:00-07:00")
    one.add_argument("--digest", metavar="HH:MM", help="when what is planned comes (default: 08:00)")
    one.add_argument("--remove", action="store_true", help="they are told no more")
    form(forms, "people", _people, "list who is told, in which roles, by which ways")


def _person(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    """Adds somebody who is told, changes how, or ends it."""
    from upheld.app.people import Way, put_person, take_person

    provider, name = provider_id(options), options.name
    if options.remove:
        if not take_person(provider, name, options.customer, at):
            raise WrongUseError(f"nobody is told by the name {name}")
        print(f"{name} is told no more")
        return DONE
    ways = [Way("email", "mail", address) for address in options.mail]
    ways += [_service(text) for text in options.service]
    put_person(
        provider,
        name,
        options.role,
        ways,
        options.customer,
        options.language,
        options.zone,
        _quiet(options.quiet, options.digest),
    )
    print(f"{name} is told as {', '.join(options.role) or 'nobody in particular'}")
    return DONE


def _quiet(hours: str | None, digest: str | None) -> Quiet:
    from upheld.app.people import AWAKE

    found = AWAKE
    if hours is not None:
        start, is_pair, end = hours.partition("-")
        if not is_pair:
            raise WrongUseError(f"--quiet: {_CLOCKS}")
        found = found._replace(from_s=_second("--quiet", start), until_s=_second("--quiet", end))
    return found if digest is None else found._replace(digest_s=_second("--digest", digest))


def _second(option: str, clock: str) -> int:
    from datetime import time

    try:
        said = time.fromisoformat(clock) if len(clock) == len("22:00") else None
    except ValueError:
        said = None
    if said is None:
        raise WrongUseError(f"{option}: {clock} is no time of the day; write it as 08:00")
    return said.hour * 3600 + said.minute * 60


def _service(text: str) -> Way:
    from upheld.app.people import Way

    channel, is_pair, url = text.partition("=")
    if not is_pair or "://" not in url:
        raise WrongUseError("--service: write CHANNEL=URL, such as sms=twilio://...")
    # Apprise is large, and few name a service.
    from upheld.notify.service import SCHEMES, why_unusable

    if why := why_unusable(url):
        known = ", ".join(sorted(SCHEMES))
        raise WrongUseError(f"--service {channel}=: {why}; write a URL as Apprise has it, of {known}")
    return Way(channel, "service", url)


def _people(options: argparse.Namespace, at: Instant, randomly: RandomBytes) -> int:
    from upheld.app.people import people_of

    for one in people_of(provider_id(options)):
        print(visible(_line(one)))
    return DONE


def _line(person: Person) -> str:
    """Somebody on a line. Where the ways lead is never shown."""
    whose = "" if person.customer is None else f" of {person.customer.name}"
    ways = ", ".join(
        f"{one.channel} ({one.way}{', rests: ' + one.rests if one.rests else ''})"
        for one in sorted(person.reaches.all(), key=lambda one: one.rank)
    )
    roles = ", ".join(person.roles) or "nobody in particular"
    return f"{person.name}{whose}: {roles}, by {ways or 'no way'}; {person.language}, {person.zone}"
