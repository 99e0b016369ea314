"""What an author would regret: levels, what they are measured by, and what is excluded."""

from __future__ import annotations

from scripts.finding_pages.case import Case

_API = "component:\n  api: {}\n"
_CHECKS = _API + "signal:\n  http: {of: api, checks: one request, every: 1m}\n"
_STATES = _API + "signal:\n  page: {of: api, states: whether it is up, max age: 25h}\n"
_UPTIME = "indicator:\n  uptime: {count: checks of api, per: {slice: 5m, good when: good = total}}\n"
_LEVEL = 'commit:\n  uptime: {level: ">= 99.5 %", per: calendar month, modality: objective}\n'
_PAGE = (
    "document:\n"
    "  {agreement: acme, version: 2026-01, provider: Northwind, zone: Europe/Madrid, clauses: clauses.yaml}\n"
)
_CLAUSES = 'clauses:\n  "1": {says: availability}\n'

CASES: tuple[Case, ...] = (
    Case(
        "amendment-notice-missing",
        "What was agreed holds until the provider publishes something else. Without a notice period that "
        "may be tomorrow.",
        {
            "agreement.yaml": _PAGE
            + "deadline:\n  response: {from: opened, until: answered, within: 2h, modality: objective, "
            'clause: "1"}\n',
            "clauses.yaml": 'clauses:\n  "1": {says: responses}\n',
        },
        {
            "agreement.yaml": _PAGE
            + "deadline:\n  response: {from: opened, until: answered, within: 2h, modality: objective, "
            'clause: "1"}\n'
            "amend:\n  notice: 30d\n",
        },
    ),
    Case(
        "budget-below-resolution",
        "Less may be down than can be measured. The smallest failure that the slices show already breaks "
        "the promise, so it is really a promise of 100 %.",
        _CHECKS + "indicator:\n  uptime: {count: checks of api, per: {slice: 5m, run: 2}, lone: degraded}\n"
        'commit:\n  uptime: {level: ">= 99.99 %", per: calendar month, modality: objective}\n',
        _CHECKS + "indicator:\n  uptime: {count: checks of api, per: {slice: 1m, run: 2}, lone: degraded}\n"
        'commit:\n  uptime: {level: ">= 99.99 %", per: calendar month, modality: objective}\n',
    ),
    Case(
        "commitment-unfed",
        "A slice without a check is unknown. Where most slices are, no month can ever be met.",
        _API + "signal:\n  http: {of: api, checks: one request, every: 5m}\n"
        "indicator:\n  uptime: {count: checks of api, per: {slice: 1m}}\n" + _LEVEL,
        _API + "signal:\n  http: {of: api, checks: one request, every: 1m}\n"
        "indicator:\n  uptime: {count: checks of api, per: {slice: 1m}}\n" + _LEVEL,
    ),
    Case(
        "denominator-unspecified",
        "Time that leaves the total makes the rest weigh more. Where one planned window leaves and another "
        "stays, nobody can say of which time the level is a share.",
        _CHECKS + _UPTIME + "exclude:\n"
        '  upkeep: {of: maintenance, announced by: "starts_at - 48h", effect: [not bad, out of total]}\n'
        "  suspended: {of: suspension, effect: not bad}\n" + _LEVEL,
        _CHECKS + _UPTIME + "exclude:\n"
        '  upkeep: {of: maintenance, announced by: "starts_at - 48h", effect: [not bad, out of total]}\n'
        "  suspended: {of: suspension, effect: [not bad, out of total]}\n" + _LEVEL,
    ),
    Case(
        "exclusion-without-evidence",
        "Whoever records the cause decides whether the outage counts. Evidence can be looked at by both.",
        _CHECKS
        + _UPTIME
        + "attribute:\n  cause: {of: attribution, type: text, values: [carrier, provider]}\n"
        "exclude:\n  carrier: {of: attribution, where: cause = carrier, effect: not bad}\n" + _LEVEL,
        _CHECKS
        + _UPTIME
        + "attribute:\n  cause: {of: attribution, type: text, values: [carrier, provider]}\n"
        "exclude:\n"
        "  carrier: {of: attribution, where: cause = carrier and evidence is known, effect: not bad}\n"
        + _LEVEL,
    ),
    Case(
        "maintenance-breaks-target",
        "The terms allow work in these hours and count it as downtime, and the hours alone are more than "
        "the level allows. Either the work is given back, or the level cannot be kept.",
        _CHECKS + _UPTIME + "calendar:\n  windows: {open: Sun 02:00-05:00, holidays: none}\n"
        "exclude:\n"
        '  upkeep: {of: maintenance, inside: windows, announced by: "starts_at - 48h", effect: out of '
        "total}\n" + _LEVEL,
        _CHECKS + _UPTIME + "calendar:\n  windows: {open: Sun 02:00-05:00, holidays: none}\n"
        "exclude:\n"
        "  upkeep:\n"
        '    {of: maintenance, inside: windows, announced by: "starts_at - 48h", effect: [not bad, out of '
        "total]}\n" + _LEVEL,
    ),
    Case(
        "notice-condition-missing",
        "Any outage can be called scheduled afterwards. The notice is what makes it so.",
        _CHECKS
        + _UPTIME
        + "exclude:\n  upkeep: {of: maintenance, where: kind = scheduled, effect: not bad}\n"
        + _LEVEL,
        _CHECKS + _UPTIME + "exclude:\n"
        '  upkeep: {of: maintenance, where: kind = scheduled, announced by: "starts_at - 48h", effect: '
        "not bad}\n" + _LEVEL,
    ),
    Case(
        "rounding-sensitive",
        "A page prints 99.5 %. A month of 99.46 % is below it, and rounds to it: both sides will be sure.",
        {
            "agreement.yaml": _PAGE + _STATES + "indicator:\n  uptime: {count: states of api}\n"
            'commit:\n  uptime: {level: ">= 99.5 %", per: calendar month, modality: objective, clause: "1"}\n'
            "amend:\n  notice: 30d\n",
            "clauses.yaml": _CLAUSES,
        },
        {
            "agreement.yaml": _PAGE + _STATES + "indicator:\n  uptime: {count: states of api}\n"
            "commit:\n"
            "  uptime:\n"
            '    {level: ">= 99.5 %", per: calendar month, modality: objective, compare: exact, clause: '
            '"1"}\n'
            "amend:\n  notice: 30d\n",
        },
    ),
    Case(
        "third-state",
        "Down is a run of two bad slices. One bad slice alone is not down, and nobody will call it good.",
        _CHECKS + "indicator:\n  uptime: {count: checks of api, per: {slice: 5m, run: 2}}\n" + _LEVEL,
        _CHECKS
        + "indicator:\n  uptime: {count: checks of api, per: {slice: 5m, run: 2}, lone: degraded}\n"
        + _LEVEL,
    ),
    Case(
        "threshold-below-resolution",
        "99 % sounds like room for one failure. Of five checks it leaves none.",
        _CHECKS + "indicator:\n"
        '  uptime: {count: checks of api, per: {slice: 5m, good when: "good / total >= 99 %"}}\n' + _LEVEL,
        _CHECKS + "indicator:\n"
        '  uptime: {count: checks of api, per: {slice: 5m, good when: "good / total >= 80 %"}}\n' + _LEVEL,
    ),
)
