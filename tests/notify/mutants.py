"""Changes of channels and probes, each of which must be noticed: a message lost, sent twice, or told falsely.

The list grows with every fault that is found.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Mutant(NamedTuple):
    """One text of one module is another; `tests` is where that has to show."""

    name: str
    module: str
    before: str
    after: str
    tests: str


_MAIL: Final = "tests/notify/test_mail.py"
_KEPT: Final = "tests/notify/test_kept.py"
_WEBHOOK: Final = "tests/notify/test_webhook.py"
_SERVICE: Final = "tests/notify/test_service.py"
_REPEATING: Final = "tests/notify/test_repeating.py"
_PACE: Final = "tests/notify/test_pace.py"
_LOOKS: Final = "tests/probe/test_looks.py"
_HEARTBEAT: Final = "tests/probe/test_heartbeat.py"

MUTANTS: Final = (
    Mutant("accepted before the answer", "notify/smtp.py", "if reply.code // 100 != 2:", "if False:", _MAIL),
    Mutant("nothing is unknown", "notify/mail.py", 'if talk.verb == "dot" else', "if False else", _MAIL),
    Mutant(
        "all that broke is unknown", "notify/mail.py", 'if talk.verb == "dot" else', "if True else", _MAIL
    ),
    Mutant(
        "the relay's fault is the recipient's",
        "notify/mail.py",
        "is_final = said.reply.code >= 500 and not of_channel",
        "is_final = said.reply.code >= 500",
        _MAIL,
    ),
    Mutant("dots are not doubled", "notify/smtp.py", r'rb"(?m)^\."', r'rb"(?m)^\.\.\.\."', _MAIL),
    Mutant(
        "what may have arrived is sent again",
        "notify/smtp.py",
        'self.verb in ("rset", "mail", "rcpt", "data") and fault.end',
        "fault.end",
        _KEPT,
    ),
    Mutant(
        "what is over fails a mail",
        "notify/smtp.py",
        "if not self._was_over(fault):",
        "if True:",
        _KEPT,
    ),
    Mutant("what was refused goes on", "notify/smtp.py", 'self._ask("rset"', 'print("rset"', _KEPT),
    Mutant("a connection is kept for ever", "notify/kept.py", "> KEPT_US:", "> 10 * KEPT_US:", _KEPT),
    Mutant("a connection carries all", "notify/kept.py", "talk.mails < MOST_MAILS", "True", _KEPT),
    Mutant(
        "what was said before TLS counts",
        "notify/smtp.py",
        "if not self._reader.is_empty:",
        "if False:",
        _MAIL,
    ),
    Mutant("a password in the clear", "notify/smtp.py", "if not self._secure:", "if False:", _MAIL),
    Mutant(
        "mail in the clear",
        "notify/smtp.py",
        'if "STARTTLS" not in self._features:\n            raise',
        'if "STARTTLS" not in self._features:\n            return\n            raise',
        _MAIL,
    ),
    Mutant(
        "verbs share their time",
        "notify/smtp.py",
        "self._wire.until = self._ticks() + within_us",
        "self._wire.until += within_us",
        _MAIL,
    ),
    Mutant(
        "the password is told",
        "notify/mail.py",
        'said.verb}: {said.reply}", *secrets)',
        'said.verb}: {said.reply}")',
        _MAIL,
    ),
    Mutant(
        "a line break in a subject",
        "notify/mail_text.py",
        "one_line(message.subject)[:LONGEST_SUBJECT]",
        "message.subject[:LONGEST_SUBJECT]",
        _MAIL,
    ),
    Mutant("an id for each attempt", "notify/mail_text.py", 'f"<{own}@', 'f"<{id(own)}@', _MAIL),
    Mutant("one origin", "notify/mail_text.py", 'f"{key}.{origin}"', 'f"{key}.1a"', _MAIL),
    Mutant(
        "a webhook without an answer failed",
        "notify/webhook.py",
        '"unknown" if outcome.sent else "failed"',
        '"failed"',
        _WEBHOOK,
    ),
    Mutant(
        "a redirect is accepted", "notify/webhook.py", "200 <= status < 300", "200 <= status < 400", _WEBHOOK
    ),
    Mutant(
        "any answer proves",
        "notify/webhook.py",
        "if proof and not _says(",
        "if False and not _says(",
        _WEBHOOK,
    ),
    Mutant("a text within proves", "notify/webhook.py", "if text == proof:", "if proof in text:", _WEBHOOK),
    Mutant("who hangs is sent to as ever", "notify/pace.py", "1 if self.failed else", "", _PACE),
    Mutant("a success forgets nothing", "notify/pace.py", "return WELL", "return before", _PACE),
    Mutant("a rest has no end", "notify/pace.py", ", LONGEST_US)", ", LIMIT_US)", _PACE),
    Mutant("gone does not disable", "notify/webhook.py", "status, disables=True)", "status)", _WEBHOOK),
    Mutant(
        "old signatures",
        "notify/signing.py",
        "abs(int(stamp) * SECOND - at)",
        "(int(stamp) * SECOND - at)",
        _WEBHOOK,
    ),
    Mutant("any signature", "notify/signing.py", "if not any(fits):", "if not fits:", _WEBHOOK),
    Mutant("the id is not signed", "notify/signing.py", 'f"{message_id}.{stamp}."', 'f"{stamp}."', _WEBHOOK),
    Mutant("a service anywhere", "notify/service.py", "if forbidden is not None:", "if False:", _SERVICE),
    Mutant(
        "services follow redirects",
        "notify/service.py",
        "if target.redirects or not target.verify_certificate:",
        "if False:",
        _SERVICE,
    ),
    Mutant(
        "a service without an answer failed",
        "notify/service.py",
        'Delivery("unknown", at, evidence)',
        'Delivery("failed", at, evidence)',
        _SERVICE,
    ),
    Mutant("services log", "notify/service.py", "_log.propagate = False", "_log.propagate = True", _SERVICE),
    Mutant(
        "repeated at once",
        "notify/repeating.py",
        "wait = max(wait, AMBIGUOUS_US + spread)",
        "pass",
        _REPEATING,
    ),
    Mutant(
        "a page waits",
        "notify/repeating.py",
        "way not in _BY_ID and not is_page",
        "way not in _BY_ID",
        _REPEATING,
    ),
    Mutant(
        "repeated for ever",
        "notify/repeating.py",
        "if at > first.at + _LIMITS[way]:",
        "if False:",
        _REPEATING,
    ),
    Mutant(
        "all come back together",
        "notify/repeating.py",
        "base * draw // (2 * DRAWN_FROM)",
        "base // 4",
        _REPEATING,
    ),
    Mutant(
        "late one instant early",
        "probe/heartbeat.py",
        "while missing_at < min(at, until_at):",
        "while missing_at <= min(at, until_at):",
        _HEARTBEAT,
    ),
    Mutant(
        "a failure is no sign of life",
        "probe/heartbeat.py",
        "        last_at = at\n",
        "        last_at = at if came.get(at) else last_at\n",
        _HEARTBEAT,
    ),
    Mutant("what is refused is down", "probe/http.py", 'if outcome.end == "refused":', "if False:", _LOOKS),
    Mutant(
        "no status, no check",
        "probe/http.py",
        "False, NO_STATUS, None, code)",
        "False, None, None, code)",
        _LOOKS,
    ),
    Mutant(
        "half an answer is one",
        "probe/http.py",
        "if not is_whole or outcome.status is None:",
        "if outcome.status is None:",
        _LOOKS,
    ),
)
