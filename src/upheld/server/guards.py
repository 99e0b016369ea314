"""What of a database refuses: triggers by which nothing is changed that was recorded, and walls of providers.

Who can write into a backup can take them away, and everything in it still verifies. A test holds what stands
here to what the steps of the tables make.
"""

from __future__ import annotations

from typing import Final

from django.apps import apps
from django.db import connection

from upheld.server.environment import EnvironmentFaultError

_ON_SQLITE: Final = """
SELECT 'trigger ' || name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(ABORT%'
"""
_ON_POSTGRESQL: Final = """
SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')
UNION ALL
SELECT 'policy ' || polname || ' of ' || relname FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid
WHERE relrowsecurity AND relforcerowsecurity
"""
_TRIGGERS: Final = {
    "sqlite": (
        "store_checkpoint_no_delete",
        "store_checkpoint_no_update",
        "store_ownentry_no_delete",
        "store_ownentry_no_update",
        "store_recordedfact_no_delete",
        "store_recordedfact_no_update",
    ),
    "postgresql": (
        "store_change_append_only",
        "store_checkpoint_append_only",
        "store_ownentry_append_only",
        "store_recordedfact_append_only",
        "store_recordedfact_only_erased",
    ),
}
_OF_THE_SERVER: Final = frozenset(("store_beat", "store_knownkey", "store_tally"))
"""Tables in which no row is a provider's."""
WAY_OUT: Final = (
    "somebody did that: switch it on again (ALTER TABLE, with ENABLE and FORCE ROW LEVEL SECURITY or ENABLE "
    "TRIGGER), or restore a backup from before"
)


def wanted_guards() -> set[str]:
    """Those that a database has whose tables are up to date."""
    found = {f"trigger {name}" for name in _TRIGGERS[connection.vendor]}
    if connection.vendor == "sqlite":
        return found
    tables = {model._meta.db_table for model in apps.get_app_config("store").get_models()}
    found |= {f"policy walls of {table}" for table in tables}
    found |= {f"policy walls_of_one of {table}" for table in tables - _OF_THE_SERVER}
    return found | {"policy founded of store_provider"}


def guards() -> set[str]:
    """Those that are there, and refuse."""
    with connection.cursor() as cursor:
        cursor.execute(_ON_SQLITE if connection.vendor == "sqlite" else _ON_POSTGRESQL)
        return {name for (name,) in cursor.fetchall()}


def missing_guards() -> list[str]:
    """Those that are not, in a database whose tables are up to date."""
    return sorted(wanted_guards() - guards())


def guard_fault() -> str:
    """What of them is lacking, in words; empty if all are there."""
    if not (missing := missing_guards()):
        return ""
    more = f", and {len(missing) - 1} more" if missing[1:] else ""
    return f"the {missing[0]} is gone, or switched off{more}"


def check_guards() -> None:
    """EnvironmentFaultError for a database, whose tables are up to date, that refuses less than it has to."""
    if fault := guard_fault():
        raise EnvironmentFaultError(f"{fault}: {WAY_OUT}")
