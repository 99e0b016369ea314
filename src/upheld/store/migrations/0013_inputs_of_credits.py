"""Facts about credits became part of evaluations: those recorded before get the input that they are part of.

What a contract promises by periods is asked for again, so that it rests on them from then on.
"""

import json
from typing import Any, Final

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

INPUTS: Final = {
    "credit.issued": ("credits", "contract"),
    "credit.applied": ("credits", "contract"),
    "credit.voided": ("credits", "contract"),
    "period.closed": ("closings", "entity"),
}
"""By type, what the input is called, and what of the fact it is of."""
AT_ONCE: Final = 500


def fill(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """By what the fact says now: a correction of a fact stands in its row in full."""
    model = apps.get_model("store", "StandingFact")
    rows = model.objects.filter(input="", recorded__type__in=INPUTS).select_related("recorded")
    changed = []
    for row in rows.iterator(AT_ONCE):
        fact = json.loads(row.corrected) if row.corrected else _recorded(row.recorded.entry)
        what, of = INPUTS.get(fact["type"].partition("/")[0], ("", ""))  # entries say its version, too
        if what:
            row.input = f"{what}\x1f{fact.get('data', {}).get(of)}"
            changed.append(row)
    model.objects.bulk_update(changed, ["input"], batch_size=AT_ONCE)
    apps.get_model("store", "ScopeRow").objects.filter(kind="").update(next_at=0)


def _recorded(entry: bytes | memoryview) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bytes(entry))["fact"]
    return found


class Migration(migrations.Migration):
    dependencies = [("store", "0012_probes")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
