"""Results as records for programs: JSON with instants in UTC and durations in exact seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from upheld.core.claiming.claimable import FiledClaim
from upheld.core.clocks.counting import measured
from upheld.core.terms.agreement import Assumption, Target, Terms
from upheld.core.terms.life import Life
from upheld.core.timeline.instant import Instant
from upheld.core.values.finding import Finding, Place
from upheld.core.values.key import CellKey
from upheld.core.verdicts.credit import Credit
from upheld.core.verdicts.verdict import Verdict, Wake
from upheld.render.claims import claim_record
from upheld.render.figure_records import credit_record, level_record, measurement_record
from upheld.render.lives import life_record
from upheld.render.record_values import Record as Record
from upheld.render.record_values import dumps as dumps
from upheld.render.record_values import instant as instant
from upheld.render.record_values import seconds as seconds


def target_text(target: Target | None) -> Record | None:
    """What a cycle was held to, in the words of the language."""
    if target is None:
        return None
    return {
        "goal": None if target.goal is None else str(target.goal),
        "limit": None if target.limit is None else str(target.limit),
    }


def verdict_record(number: int, terms: Terms, verdict: Verdict, at: Instant, whole: bool = False) -> Record:
    """One verdict. `elapsed_s` and `late_s` of an open cycle are those at `at`.

    Only what was measured has `level` and `measurement`, with every outage if `whole`.
    """
    record = _verdict(number, terms, verdict, at)
    if verdict.kind == "measurement":
        record["level"] = level_record(verdict.level)
        record["measurement"] = measurement_record(terms, verdict, **({"outages": None} if whole else {}))
    return record


def _verdict(number: int, terms: Terms, verdict: Verdict, at: Instant) -> Record:
    rule = terms.rule(verdict.key.commitment)
    elapsed_us, late_us = measured(verdict, terms.calendars, at)
    return {
        "number": number,
        "commitment": verdict.key.commitment,
        "kind": verdict.kind,
        "subject": verdict.key.subject,
        "cycle": verdict.cycle,
        "state": verdict.state,
        "plan": terms.plan or None,
        "modality": verdict.modality,
        "clause": list(rule.cited.clauses),
        "readings": list(rule.cited.readings),
        "target": target_text(verdict.target),
        "calendar": verdict.calendar or None,
        "started_at": instant(verdict.started_at),
        "due_at": instant(verdict.due_at),
        "goal_at": instant(verdict.goal_at),
        "stopped_at": instant(verdict.stopped_at),
        "late_after_at": instant(verdict.late_after_at),
        "elapsed_s": seconds(elapsed_us),
        "budget_s": seconds(verdict.budget_us),
        "late_s": seconds(late_us),
        "paused": [
            {"start_at": instant(p.start_at), "end_at": instant(p.end_at), "why": p.why}
            for p in verdict.pauses
        ],
        "count": verdict.count,
        "allowed": verdict.allowed,
        "reasons": list(verdict.reasons),
        "facts": [{"source": ref.source, "id": ref.id} for ref in verdict.facts],
    }


def wake_record(wake: Wake, key: CellKey) -> Record:
    """One instant at which something changes if no fact comes."""
    return {
        "at": instant(wake.at),
        "due_at": instant(wake.due_at),
        "what": wake.what,
        "contract": key.contract,
        "commitment": key.commitment,
        "subject": key.subject,
    }


def finding_record(finding: Finding) -> Record:
    """One finding with all its places."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "way_out": finding.way_out,
        "places": [{"file": p.file, "line": p.line, "column": p.column} for p in finding.places],
    }


def drawn_finding_record(finding: Finding, end_of: Callable[[Place], int]) -> Record:
    """One finding of a check: where each place ends, why it was acknowledged, and the page of its code."""
    places = [
        {"file": p.file, "line": p.line, "column": p.column, "end_column": end_of(p)} for p in finding.places
    ]
    return {
        **finding_record(finding),
        "places": places,
        "acknowledged": finding.acknowledged or None,
        "page": f"docs/findings/{finding.code}.md",
    }


def findings_record(findings: Iterable[Finding]) -> list[Record]:
    """Findings in their order."""
    return [finding_record(finding) for finding in findings]


def report_record(
    at: Instant,
    known: int,
    terms: Iterable[Terms],
    verdicts: Iterable[tuple[int, Terms, Verdict]],
    wakes: Iterable[tuple[Wake, CellKey]],
    findings: Iterable[Finding],
    owing: Iterable[tuple[int, Terms, Credit]] = (),
    filed: Iterable[FiledClaim] = (),
    lives: Mapping[str, Life] | None = None,
) -> Record:
    """A whole report: contracts with their verdicts, what is to come, what was wrong with the input.

    A contract that promises remedies also has `credits`, one under which something is claimed `claims`, and
    where `lives` are given its `life`.
    """
    terms = tuple(terms)
    contracts = {one.contract.id: contract_record(one) for one in terms if one.contract is not None}
    rows: dict[str, list[Record]] = {key: [] for key in contracts}
    for number, under, verdict in verdicts:
        rows[verdict.key.contract].append(verdict_record(number, under, verdict, at))
    owed: dict[str, list[Record]] = {
        one.contract.id: [] for one in terms if one.contract is not None and one.remedies
    }
    for number, under, credit in owing:
        owed.setdefault(credit.key.contract, []).append(credit_record(number, under, credit))
    claimed: dict[str, list[Record]] = {
        one.contract.id: [] for one in terms if one.contract is not None and one.claim
    }
    for one in filed:
        claimed.setdefault(one.claim.contract, []).append(claim_record(one))
    return {
        "at": instant(at),
        "known": known,
        "contracts": [
            {
                **record,
                **_life(lives, key),
                "verdicts": rows[key],
                **({"credits": owed[key]} if key in owed else {}),
                **({"claims": claimed[key]} if key in claimed else {}),
            }
            for key, record in contracts.items()
        ],
        "wakes": [wake_record(wake, key) for wake, key in wakes if key.contract in contracts],
        "findings": findings_record(findings),
    }


def _life(lives: Mapping[str, Life] | None, contract: str) -> Record:
    return {} if lives is None else {"life": life_record(lives[contract])}


def contract_record(terms: Terms) -> Record:
    """Which contract, under what, and what it entitles to."""
    assert terms.contract is not None
    return {
        "contract": terms.contract.id,
        "customer": terms.contract.customer,
        "provider": terms.provider,
        "agreement": terms.agreement,
        "version": terms.version or None,
        "plan": terms.plan or None,
        "zone": terms.calendars["always"].rule.zone.name,
        "entitlements": [
            {
                "entitlement": rule.name,
                "value": list(rule.value) if isinstance(rule.value, tuple) else rule.value or None,
                "named_contacts": rule.named_contacts,
                "channels": list(rule.channels),
                "clause": list(rule.cited.clauses),
            }
            for rule in terms.entitlements
        ],
    }


def reading_records(readings: Iterable[Assumption]) -> list[Record]:
    """Each reading with its options."""
    return [
        {"ref": r.ref, "take": r.take, "options": list(r.options), "because": r.because} for r in readings
    ]
