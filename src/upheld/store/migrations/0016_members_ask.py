"""Members ask, too: their idempotency keys, and what is kept of tries to sign in.

What is about people themselves stands outside the walls: a person belongs to several providers, and who they
are is asked before anybody knows between which walls they stand. So no policy is on the tables of users,
sessions, factors and tries; no answer of the API holds a row of them.
"""

from typing import Final

import django.db.models.deletion
from django.core.management import call_command
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from upheld.store.migrations._protecting import CUSTOMER, PROVIDER, unwall, wall

TABLE: Final = "store_keptanswer"
TRIES: Final = "accounts_tries"
_TOLD_TO_PROGRAM: Final = "token_id IN (SELECT id FROM store_token)"
_TOLD_TO_MEMBER: Final = "member_id IN (SELECT id FROM store_membership)"


def _seen(row: str) -> str:
    return f"({PROVIDER} IS NULL OR {row}) AND ({CUSTOMER} IS NULL OR {row})"


def build(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """An answer is seen with whoever it was given to; a table that every process counts tries in."""
    unwall(editor, TABLE)
    wall(editor, TABLE, _seen(f"({_TOLD_TO_PROGRAM} OR {_TOLD_TO_MEMBER})"))
    call_command("createcachetable", TRIES, database=editor.connection.alias, verbosity=0)


def tear_down(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """As before."""
    editor.execute(f"DROP TABLE {TRIES}")
    unwall(editor, TABLE)
    wall(editor, TABLE, _seen(_TOLD_TO_PROGRAM))


class Migration(migrations.Migration):
    dependencies = [("store", "0015_rows_of_causes")]
    operations = [
        migrations.AlterField(
            "keptanswer",
            "token",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="answers",
                to="store.token",
            ),
        ),
        migrations.AddField(
            "keptanswer",
            "member",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="answers",
                to="store.membership",
            ),
        ),
        migrations.AddConstraint(
            "keptanswer",
            models.UniqueConstraint(fields=("member", "key"), name="answer_of_member_once"),
        ),
        migrations.AddConstraint(
            "keptanswer",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("member__isnull", False), ("token", None)),
                    models.Q(("member", None), ("token__isnull", False)),
                    _connector="OR",
                ),
                name="answer_of_one",
            ),
        ),
        migrations.RunPython(build, tear_down),
    ]
