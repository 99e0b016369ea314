"""The tables. Instants are integers of microseconds UTC, as everywhere."""

from upheld.store.models.facts import Checkpoint, Log, RecordedFact, StandingFact
from upheld.store.models.identity import KeptAnswer, Membership, Token
from upheld.store.models.live import Change, RestRow, ScopeRow
from upheld.store.models.messages import Attempt, Message, Person, Reach
from upheld.store.models.parties import Customer, Provider
from upheld.store.models.texts import BoundContract, Text

__all__ = [
    "Attempt",
    "BoundContract",
    "Change",
    "Checkpoint",
    "Customer",
    "KeptAnswer",
    "Log",
    "Membership",
    "Message",
    "Person",
    "Provider",
    "Reach",
    "RecordedFact",
    "RestRow",
    "ScopeRow",
    "StandingFact",
    "Text",
    "Token",
]
