"""Coverage of the provider's page, and its defects."""

from __future__ import annotations

from scripts.finding_pages.case import AGREEMENT, CHECK, DOCUMENT, Case, swapped

LISTED = DOCUMENT.replace("zone:", "clauses: clauses.yaml, zone:")
HOURS = (
    "assume:\n  hours:\n    issue: which hours\n    options: [support, all day]\n    take: support\n"
    "    because: they are staffed\n"
)
CITED = (
    "deadline:\n  response:\n    from: opened\n    until: answered\n"
    "    within: {by hours: {support: 2h, all day: 3h}}\n    modality: objective\n"
    '    clause: "2.1"\n'
)
IDLE = HOURS + "deadline:\n  response: {from: opened, until: answered, within: 2h}\n"
AGREED = LISTED + HOURS + CITED + "amend: {notice: 60d}\n"
CLAUSES = 'clauses:\n  "2.1": {says: response times}\n'
PAGE = "Terms of support\n\nWe answer within two hours.\n"
HASH = "c916420e758bc12ed6378518561612ef5e66b72c8d371806ca020f4e188e6cbc"

_ACKNOWLEDGED = IDLE + (
    "acknowledge:\n  not yet: {finding: assumption-not-consulted, of: hours, because: for the next version}\n"
)


def _listed(code: str, why: str, good: str, right: str, wrong: str, also: tuple[str, ...] = ()) -> Case:
    """The case of a clause list."""
    return swapped(code, why, good, right, wrong, file="clauses.yaml", beside={AGREEMENT: AGREED}, also=also)


def _defect(kind: str, why: str, says: str) -> Case:
    """The case of a defect of the page: mended when the page is, and then left out of the list."""
    row = (
        f'defects:\n  found:\n    kind: {kind}\n    says: {says}\n    clause: "2.1"\n    resolved by: hours\n'
    )
    return Case(kind, why, {AGREEMENT: AGREED, "clauses.yaml": CLAUSES + row}, {"clauses.yaml": CLAUSES})


_COVERAGE: tuple[Case, ...] = (
    swapped(
        "acknowledged-nothing",
        "What was excused is gone or has another name; the next such finding would "
        "not be excused, or the wrong one.",
        _ACKNOWLEDGED,
        "of: hours",
        "of: hour",
        also=("assumption-not-consulted",),
    ),
    Case(
        "assumption-not-consulted", "A reading that decides nothing looks as if it did.", IDLE, HOURS + CITED
    ),
    _listed(
        "clause-missing",
        "The page promises something that nobody computes.",
        CLAUSES,
        CLAUSES,
        CLAUSES + '  "2.2": {says: credits}\n',
    ),
    swapped(
        "flagged-reading",
        "The other party may read the page in another way; it is better to know before the first breach.",
        HOURS + CITED,
        "they are staffed\n",
        "they are staffed\n    flag: high\n",
    ),
    _listed(
        "informative-cited",
        "Either the clause has an effect, or the row has no ground.",
        CLAUSES,
        "response times}",
        "response times, informative: it promises nothing}",
    ),
    _listed(
        "not-executed-yet",
        "What the clause says has to be watched by people until then.",
        CLAUSES,
        "response times}",
        "response times, later: claims, part: what a claim contains}",
    ),
    Case(
        "page-changed",
        "The provider has changed its page, and the agreement still says what it said before.",
        {
            AGREEMENT: AGREED,
            "page.txt": PAGE.replace("two", "three"),
            "clauses.yaml": CLAUSES.replace("times}", f"times, paragraph: {HASH}}}"),
        },
        {"page.txt": PAGE},
        CHECK + " --page page.txt",
    ),
    swapped(
        "unknown-clause",
        "The row rests on a clause that is not there, so nobody can look it up.",
        AGREED,
        'clause: "2.1"',
        'clause: ["2.1", "21"]',
        beside={"clauses.yaml": CLAUSES},
    ),
    swapped(
        "unknown-finding",
        "The acknowledgement would excuse nothing.",
        _ACKNOWLEDGED,
        "finding: assumption-not-consulted",
        "finding: assumption-not-consulted-yet",
        also=("assumption-not-consulted",),
    ),
    Case(
        "unresolved-defect",
        "What is unclear on the page would be decided by nobody, or by whoever computes.",
        {
            AGREEMENT: AGREED,
            "clauses.yaml": CLAUSES + "defects:\n  found:\n    "
            '{kind: undefined-calendar, says: which hours, clause: "2.1"}\n',
        },
        {
            "clauses.yaml": CLAUSES + "defects:\n  found:\n    "
            '{kind: undefined-calendar, says: which hours, clause: "2.1", resolved by: hours}\n'
        },
    ),
)

_DEFECTS: tuple[Case, ...] = (
    _defect(
        "band-edge",
        "For a value on the edge two different credits stand in the table.",
        "99.0 % stands in two bands",
    ),
    _defect(
        "blank-metadata",
        "Without a date or a name nobody can say which version of the page holds.",
        "the date of the last update is empty",
    ),
    _defect(
        "dangling-reference",
        "Taken by the letter, the reference can turn a promise upside down.",
        "section 6 is named for what stands in section 5",
    ),
    _defect(
        "duplicate-definition",
        "When one of the two is changed, the other stays.",
        "one paragraph stands there twice",
    ),
    _defect(
        "duplicate-definition-differs",
        "Each party will cite the one that suits it.",
        "around the clock in one place, in business hours in another",
    ),
    _defect(
        "infeasible-timeline",
        "Whoever keeps to it cannot keep to it.",
        "the credit is due before the claim has to be answered",
    ),
    _defect(
        "malformed-number",
        "A comma or a p.m. too many makes another number of it.",
        "a time is written in both ways at once",
    ),
    _defect(
        "modality-conflict",
        "A guarantee is breached, an aim is missed; what follows differs.",
        "striven for in one sentence, guaranteed in the next",
    ),
    _defect(
        "number-missing",
        "What has no number can be neither kept nor missed.",
        "details come in a reasonable time",
    ),
    _defect(
        "number-pair-mismatch",
        "Whoever computes by one of the two numbers contradicts the other.",
        "a business day of eight hours, and a day of support of eight and a half",
    ),
    _defect(
        "provider-sole-judge",
        "The customer cannot rely on what one side may decide alone.",
        "the provider has the final say on credits",
    ),
    _defect(
        "ragged-table", "Which plan a value belongs to changes what was bought.", "two values for three plans"
    ),
    _defect(
        "range-target", "The lower end warns nobody, and the upper end may be what is owed.", "4 to 8 hours"
    ),
    _defect("roadmap-not-binding", "A plan among promises reads like one.", "a level for a coming quarter"),
    _defect(
        "subject-missing",
        "What the page leaves out will be asked for when it happens.",
        "no word on a customer who leaves within the month",
    ),
    _defect(
        "undefined-calendar",
        "Two hours on a Friday afternoon end on Friday or on Monday.",
        "which hours count is left open",
    ),
    _defect(
        "undefined-term", "The promise is as wide as the word.", "what counts as a response is left open"
    ),
    _defect("unexplained-footnote", "The note may say that it costs extra.", "an asterisk, and no note"),
)

CASES: tuple[Case, ...] = (*_COVERAGE, *_DEFECTS)
