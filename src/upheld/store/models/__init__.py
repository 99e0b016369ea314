"""The tables. Instants are integers of microseconds UTC, as everywhere."""

from upheld.store.models.endpoints import Endpoint
from upheld.store.models.facts import Checkpoint, Log, OwnEntry, RecordedFact, StandingFact
from upheld.store.models.identity import KeptAnswer, Membership, Token
from upheld.store.models.live import Change, RestRow, ScopeRow
from upheld.store.models.messages import Attempt, Message, Person, Reach, TemplateRow
from upheld.store.models.observed import CountedStream, ObservedBatch, ObservedStream, SealedFile
from upheld.store.models.paging import Chain, OverrideRow, Page, RotaRow
from upheld.store.models.parties import Customer, Provider
from upheld.store.models.probes import ProbeTarget
from upheld.store.models.texts import BoundContract, Text
from upheld.store.models.working import Beat, KnownKey, Tally

__all__ = [
    "Attempt",
    "Beat",
    "BoundContract",
    "Chain",
    "Change",
    "Checkpoint",
    "CountedStream",
    "Customer",
    "Endpoint",
    "KeptAnswer",
    "KnownKey",
    "Log",
    "Membership",
    "Message",
    "ObservedBatch",
    "ObservedStream",
    "OverrideRow",
    "OwnEntry",
    "Page",
    "Person",
    "ProbeTarget",
    "Provider",
    "Reach",
    "RecordedFact",
    "RestRow",
    "RotaRow",
    "ScopeRow",
    "SealedFile",
    "StandingFact",
    "Tally",
    "TemplateRow",
    "Text",
    "Token",
]
