"""What refuses in a database is there, or it is told which is not."""

from __future__ import annotations

from django.db import connection

from upheld.server.guards import guards, missing_guards, wanted_guards


def test_what_the_steps_make_is_what_is_looked_for(address: str) -> None:
    """A step that makes another one, or takes one away, has to say so."""
    assert guards() == wanted_guards()
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else " ON store_ownentry"
        name = "store_ownentry_no_update" if connection.vendor == "sqlite" else "store_ownentry_append_only"
        cursor.execute(f"DROP TRIGGER {name}{on}")
    assert missing_guards() == [f"trigger {name}"]
