"""What an author would regret: who is told, and when."""

from __future__ import annotations

from scripts.finding_pages.case import Case

_RESPONSE = "deadline:\n  response: {from: opened, until: answered, within: 2h}\n"

CASES: tuple[Case, ...] = (
    Case(
        "mark-missing",
        "Somebody counts on being told, and the point at which that would happen does not exist.",
        _RESPONSE + "escalate:\n  soon: {of: response, at: goal, tell: team lead}\n",
        _RESPONSE + "escalate:\n  soon: {of: response, at: 75 %, tell: team lead}\n",
    ),
    Case(
        "nobody-told",
        "The ladders of the agreement look complete. What nobody watches is noticed when the customer "
        "complains.",
        _RESPONSE + "  repair: {from: opened, until: resolved, within: 8h}\n"
        "escalate:\n  soon: {of: response, at: 75 %, tell: team lead}\n",
        _RESPONSE + "  repair: {from: opened, until: resolved, within: 8h}\n"
        "escalate:\n  soon: {of: [response, repair], at: 75 %, tell: team lead}\n",
    ),
    Case(
        "warning-too-early",
        "A warning that always comes with the ticket itself is soon read by nobody.",
        _RESPONSE + "escalate:\n  soon: {of: response, at: limit - 2h, tell: team lead}\n",
        _RESPONSE + "escalate:\n  soon: {of: response, at: limit - 30m, tell: team lead}\n",
    ),
)
