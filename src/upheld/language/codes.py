"""What every code of a finding means. The reference lists it; a test holds it complete."""

from __future__ import annotations

from upheld.language.defect_kinds import DEFECTS

TEXTS = {
    "alias": "A `*name` repeats another part of the text; write it out.",
    "anchor": "An `&name` names a part of the text; leave it out.",
    "bad-yaml": "The text is not YAML.",
    "control-character": "A character that nobody can see stands in the text.",
    "directive": "A line begins with `%`.",
    "duplicate-key": "A key is written twice in one map.",
    "empty-file": "There is nothing in the file.",
    "key-not-text": "A key is a list, a map or empty.",
    "key-too-long": "A key is longer than any name.",
    "merge-key": "A `<<` merges another part of the text in.",
    "not-utf-8": "The bytes are not UTF-8.",
    "several-documents": "A second document begins in the file.",
    "tag": "A `!tag` gives a value another type; every value is a text.",
    "too-deep": "Too many levels are nested in each other.",
    "too-large": "The text has more bytes than a text may have.",
    "too-many-findings": "The list ends here: mend what is listed, then ask again.",
    "too-many-nodes": "The text holds more values than a text may hold.",
}
"""Faults of YAML texts, before anything is understood."""

STRUCTURE = {
    "bad-date": "A day is not written as year-month-day, or does not exist.",
    "bad-money": "An amount of money or a currency is not one.",
    "bad-number": "Something else stands where a whole number is needed.",
    "duplicate-name": "Two rows of one set of names have the same name.",
    "listed-twice": "A list holds the same text twice.",
    "missing-field": "A row lacks a field that it needs.",
    "nothing-to-remove": "A `none` removes what is not there.",
    "reserved-name": "A name has another meaning already.",
    "too-many-forms": "Fields of two forms of a row do not go together.",
    "unknown-choice": "A word is not one of those that a field allows.",
    "unknown-concept": "There is no such concept.",
    "unknown-field": "A row has no such field.",
    "wrong-order": "One day or instant must not lie after another, and does.",
    "wrong-shape": "A text, a list or a map stands where another of them belongs.",
    "wrong-type": "A value, or a set of values, does not fit the type that is declared.",
}
"""Faults of structure: fields, rows, simple values."""

MEANING = {
    "agreement-mismatch": "A contract names another agreement than the file's.",
    "ambiguous-decision": "The values of a decision belong to more than one attribute.",
    "ambiguous-signal": "Several signals observe a component, and none is named.",
    "bad-amount": "An amount of time cannot be read.",
    "bad-band": "A band of values cannot be read, or holds no value.",
    "bad-event": "An event predicate, or the name of a declared event, cannot be read.",
    "bad-expression": "An expression cannot be read.",
    "bad-hours": "Hours cannot be read, or overlap.",
    "bad-level": "A level cannot be read, or cannot be reached.",
    "bad-measure": "It cannot be told what is counted of what.",
    "bad-period": "A period cannot be read, or does not fit.",
    "band-gap": "Values miss the level and lie in no band, so that nothing is owed for them.",
    "band-overlap": "Two bands hold the same value.",
    "broken-business-day": "A part of a business day is counted where business days have no hours.",
    "calendar-cycle": "Calendars are combined of each other.",
    "combine-mismatch": "What is counted cannot be combined in this way.",
    "component-cycle": "A component is tied of itself.",
    "component-unobserved": "A component is measured by observations, and no signal makes them.",
    "currency-mismatch": "Amounts of two currencies meet in one remedy.",
    "each-in-a-tie": "A component that only names its parts together is tied into another.",
    "goal-after-limit": "A goal would warn after the limit.",
    "group-mismatch": "Remedies of one group are combined in two ways, or of two units.",
    "level-missing": "A remedy follows what has no level.",
    "never-open": "A calendar is never open.",
    "no-business-day": "Business days are counted on a calendar that does not say what one is.",
    "nothing-across": "An indicator goes across the parts of a component that names none.",
    "one-option": "An assumption has only one reading.",
    "option-missing": "A value that consults an assumption gives none for one of its options.",
    "pause-without-axis": "A clock would pause while it waits for an instant, where nothing is counted.",
    "plan-missing": "The agreement has plans, and none is chosen.",
    "pro-rata-without-axis": "Parts of a budget are asked of an instant, which has none.",
    "reading-not-executable": "An assumption takes an option that is only named.",
    "reopening-without-axis": "A reopened ticket would go on towards an instant that has already passed.",
    "severity-without-target": "A decision has no row for a value of its scale.",
    "signal-on-tie": "A signal observes a tie of components, and not its parts.",
    "top-unused": "It is said what `top` is, and no band has that edge.",
    "unit-mismatch": "Values of two units meet.",
    "unknown-assumption": "There is no such assumption.",
    "unknown-calendar": "There is no such calendar.",
    "unknown-commitment": "There is no such commitment.",
    "unknown-component": "There is no such component.",
    "unknown-decision": "The keys of a decision are values of nothing.",
    "unknown-event": "The subject has no such event.",
    "unknown-fee": "The contract has no such fee.",
    "unknown-indicator": "There is no such indicator.",
    "unknown-name": "An expression names what is not known where it stands.",
    "unknown-option": "An assumption has no such option.",
    "unknown-plan": "There is no such plan.",
    "unknown-signal": "There is no such signal, or it observes something else.",
    "unknown-value": "An attribute cannot have such a value.",
    "weights-missing": "Components are weighed, and not all have a weight.",
    "version-mismatch": "A contract names another version than the file's.",
}
"""Faults of meaning: names, units, what does not go together."""

WORLD = {
    "bad-lock": "A lock cannot be read.",
    "lock-incomplete": "The lock lacks a zone or a set of holidays.",
    "no-lock": "Holidays come from the installed library and could change with it.",
    "unknown-holidays": "No such country, part of it or category has holidays.",
    "unknown-zone": "There is no zone of that name.",
    "zone-abbreviation": "A zone is given as an abbreviation, which names no place.",
}
"""Zones, holidays and the lock."""

PAGE = {
    "acknowledged-nothing": "An acknowledgement is of a finding that is not found.",
    "assumption-not-consulted": "No row consults an assumption.",
    "clause-missing": "No row encodes a clause of the page, and nothing says why.",
    "flagged-reading": "A reading was taken of which the author wants every reader told.",
    "informative-cited": "A clause is called informative, and a row encodes it.",
    "not-executed-yet": "A later part of Upheld executes this clause, assumption or fact.",
    "page-changed": "A paragraph that a clause was read from is no longer in the page.",
    "unknown-clause": "A row cites a clause that the list does not name.",
    "unknown-finding": "There is no such finding.",
    "unresolved-defect": "The page has a defect, and no assumption says how it is read.",
}
"""How much of the page is encoded, and what was decided about it."""

FACTS = {
    "ambiguous-agreement": "A contract could mean several of the agreements that are there.",
    "bad-attribute": "An attribute of a fact has a value that it cannot have.",
    "bad-attribute-name": "An attribute of a fact has a name that CloudEvents does not allow.",
    "bad-correction": "A correction says too little, or the impossible.",
    "bad-field": "A field of a fact has a value of the wrong type.",
    "bad-instant": "An instant cannot be read.",
    "bad-json": "A line is not JSON.",
    "bad-text": "A text holds half of a character.",
    "bad-time": "A time cannot be read, or has no offset from UTC.",
    "before-opening": "A fact lies before the one that begins its subject, so it moves no clock.",
    "beyond-horizon": "A question lies outside the years that are known.",
    "conflicting-facts": "Two facts under one identity say different things; neither counts.",
    "dangling-correction": "A correction corrects a fact that is not there.",
    "duplicate-contract": "Two contract files have the same id.",
    "early-correction": "A correction is recorded before what it corrects.",
    "line-too-long": "A line is longer than a line may be.",
    "missing-attribute": "A fact lacks an attribute that it needs.",
    "missing-file": "A file cannot be read.",
    "no-calendar": "A question names no calendar.",
    "not-a-map": "A file does not hold a map.",
    "not-an-object": "A fact is not a JSON object.",
    "partial-settlement": "A correction of a conflict must give the whole fact.",
    "provider-missing": "A fact does not say which of several providers it is about.",
    "unknown-agreement": "A contract binds to an agreement that is not there.",
    "unknown-attribute": "An attribute of a fact is ignored.",
    "unknown-contract": "A fact names a contract that is not there.",
    "unknown-duty": "A wait names a duty that the agreement does not declare.",
    "unknown-fact-type": "There is no such type of fact.",
    "unknown-file": "A file is of no kind that is known here.",
    "unknown-obligation": "A fact names an obligation that its contract does not have.",
    "unknown-provider": "A fact names a provider of no agreement that is there.",
    "unknown-question": "A question is not one that a calendar answers.",
    "subject-twice": "A subject is begun twice; under two contracts, its facts are mixed.",
    "unknown-subject": "A fact is about a subject that nothing has opened.",
    "unknown-target": "An attribution is about what nobody has opened.",
    "unknown-version": "A fact or an agreement has a version that is not known.",
    "without-effect": "A fact is recorded, and no rule of the agreement says what follows from it.",
}
"""Files, facts and questions."""

TABLES = {
    "bad-csv": "A row of a table cannot be read.",
    "bad-time-format": "A format of times in a mapping cannot be read.",
    "bad-value": "A cell has a value that its rule cannot use.",
    "duplicate-column": "A table has two columns of one name.",
    "empty-column-name": "A column of a table has no name.",
    "empty-table": "A table has no rows.",
    "missing-key": "A mapping lacks a key that it needs.",
    "missing-subject": "A row does not say what it is about.",
    "missing-time": "A row does not say when it happened.",
    "missing-type": "A row does not say what happened.",
    "missing-value": "A cell that a rule needs is empty.",
    "no-such-row": "A column tells of an event of which the table has no row.",
    "odd-row": "A row does what the mapping calls odd.",
    "open-quote": "A quote is never closed.",
    "repeated-time": "A local time came twice when the clocks went back.",
    "row-too-early": "A row lies before the one that begins its subject.",
    "skipped-time": "A local time was skipped when the clocks went forward.",
    "unknown-column": "A table has no such column.",
    "unknown-key": "A mapping has no such key.",
    "unknown-map": "A mapping has no such map of values.",
    "unknown-word": "A word is not one that a mapping knows here.",
    "unmapped-value": "A map of values lacks a value that the table has.",
    "values-disagree": "A column and the rows of a table tell different times.",
    "wrong-cell-count": "A row has more or fewer cells than the table has columns.",
}
"""Tables and their mappings."""

OBSERVATIONS = {
    "ambiguous-component": "A component belongs to several of the agreements that are there.",
    "bad-lake": "The manifest of a lake, or a hash in it, is not what sealing writes.",
    "bad-parquet": "A Parquet file is damaged, cut off, or holds what its columns do not allow.",
    "bad-truth": "A value is neither true nor false.",
    "clock-backwards": "The times of a file run backwards.",
    "conflicting-rows": "Two observations of one instant say different things.",
    "count-over-slices": "A count reaches over the end of a slice, so it belongs to none.",
    "duplicate-row": "An observation stands there twice; it counts once.",
    "good-above-total": "Of some, more are good than there are.",
    "missing-column": "A file of observations lacks a column that it needs.",
    "missing-component": "An observation does not say which component it is of.",
    "mixed-kinds": "An observation has values of several kinds: of a check, a count, a state.",
    "negative-number": "A number is negative and cannot be.",
    "not-as-sealed": "A file of a lake no longer says what was sealed.",
    "nothing-observed": "An observation says nothing of its component.",
    "overlapping-counts": "Two counts of one component cover the same time.",
    "overlapping-lakes": "Two lakes hold the same days of one provider.",
    "text-too-long": "A text is longer than it may be.",
    "wrong-kind": "An observation is of another kind than its signal.",
}
"""Observations."""

LINT: dict[str, str] = {}
"""What an author would regret although it compiles."""

FAMILIES: dict[str, dict[str, str]] = {
    "Texts": TEXTS,
    "Structure": STRUCTURE,
    "Meaning": MEANING,
    "Zones, holidays and the lock": WORLD,
    "Coverage of the page": PAGE,
    "Defects of the page": DEFECTS,
    "What an author would regret": LINT,
    "Files, facts and questions": FACTS,
    "Tables and their mappings": TABLES,
    "Observations": OBSERVATIONS,
}
"""Every code by its family, in the order of the reference."""

CODES: dict[str, str] = {code: meaning for table in FAMILIES.values() for code, meaning in table.items()}
"""Every code with its meaning."""
