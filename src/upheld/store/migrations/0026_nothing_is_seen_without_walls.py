"""Where nobody has said between which walls a question stands, PostgreSQL gives nothing, and says so.

Until now it gave everything then, so that a wall that was forgotten was none. Who looks across providers says
that (see `upheld.store.walls`), and writes nothing. Every policy stands here as it is from now on, but those
of what is the server's own (0008). Source: decision 28.
"""

from typing import Final

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from upheld.store.migrations._protecting import (
    CUSTOMER,
    EVERY,
    OWN,
    PROVIDER,
    SAID,
    unwall,
    unwall_in,
    wall,
    wall_in,
)

NOBODY: Final = "false"
"""No customer sees a row of such a table: what they are told of it is computed for them."""
THEIRS: Final = f"customer_id = {CUSTOMER}"


def _below(table: str, column: str, above: str) -> str:
    """A row is seen with the one above it. Row by row: a list of all that are above would be long."""
    return f"EXISTS (SELECT 1 FROM store_{above} a WHERE a.id = store_{table}.{column})"  # noqa: S608  our names


_OF_LOG: Final = {name: _below(name, "log_id", "log") for name in ("checkpoint", "ownentry", "recordedfact")}
_OF_ASKER: Final = " OR ".join(
    _below("keptanswer", f"{one}_id", table) for one, table in (("token", "token"), ("member", "membership"))
)
_ALL_OF_IT: Final = "true"
"""What is seen of it is what is seen of the row above it, for a customer, too."""
RULES: Final = {
    "provider": (f"id = {PROVIDER}", _ALL_OF_IT),
    "customer": (OWN, f"id = {CUSTOMER}"),
    "log": (OWN, THEIRS),
    "checkpoint": (_OF_LOG["checkpoint"], _ALL_OF_IT),
    "ownentry": (_OF_LOG["ownentry"], _ALL_OF_IT),
    "recordedfact": (OWN, _OF_LOG["recordedfact"]),
    **dict.fromkeys(("standingfact", "scoperow", "restrow", "change", "text"), (OWN, NOBODY)),
    **dict.fromkeys(("boundcontract", "membership", "token", "person", "endpoint"), (OWN, THEIRS)),
    "keptanswer": (_OF_ASKER, _ALL_OF_IT),
    "reach": (_below("reach", "person_id", "person"), _ALL_OF_IT),
    "message": (OWN, _below("message", "endpoint_id", "endpoint")),
    "attempt": (_below("attempt", "message_id", "message"), _ALL_OF_IT),
    **dict.fromkeys(("observedstream", "observedbatch", "countedstream", "sealedfile"), (OWN, NOBODY)),
    **dict.fromkeys(("probetarget", "page", "chain", "rotarow", "templaterow"), (OWN, NOBODY)),
    "overriderow": (_below("overriderow", "rota_id", "rotarow"), NOBODY),
}
"""Of each table: which rows are a provider's, and which of these a customer's."""
_SAID: Final = f"""
CREATE FUNCTION {SAID}(of_one boolean) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    IF coalesce(current_setting('upheld.provider', true), '') <> '' THEN
        RETURN true;
    END IF;
    IF coalesce(current_setting('upheld.every', true), '') <> 'yes' THEN
        RAISE EXCEPTION 'nobody has said between which walls this is asked' USING ERRCODE = '42501',
            HINT = 'Set upheld.provider to the id of one; or upheld.every to yes, to read those of all.';
    END IF;
    IF of_one THEN
        RAISE EXCEPTION 'nothing is written over every provider' USING ERRCODE = '42501',
            HINT = 'Set upheld.provider to the id of the one whose row it is.';
    END IF;
    RETURN true;
END $$
"""


def build(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """The policies of every table anew."""
    if editor.connection.vendor != "postgresql":
        return
    editor.execute(_SAID)
    for table, (of_provider, of_customer) in RULES.items():
        unwall(editor, f"store_{table}")
        wall_in(editor, f"store_{table}", of_provider, of_customer)
    editor.execute(f"CREATE POLICY founded ON store_provider FOR INSERT WITH CHECK ({EVERY})")


def tear_down(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """As before."""
    if editor.connection.vendor != "postgresql":
        return
    editor.execute("DROP POLICY founded ON store_provider")
    for table, (of_provider, of_customer) in RULES.items():
        unwall_in(editor, f"store_{table}")
        seen = f"({PROVIDER} IS NULL OR ({of_provider})) AND ({CUSTOMER} IS NULL OR ({of_customer}))"
        wall(editor, f"store_{table}", seen)
    editor.execute(f"DROP FUNCTION {SAID}")


class Migration(migrations.Migration):
    dependencies = [("store", "0025_pages_end")]
    operations = [migrations.RunPython(build, tear_down)]
