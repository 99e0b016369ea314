"""Where changes are sent to: URLs that a provider or one of its customers gave, with how they fare."""

from __future__ import annotations

from django.db import models

from upheld.store.models.parties import Customer, Provider


class Endpoint(models.Model):
    """A URL that receives events by signed webhooks: of a provider or, with `customer`, of a customer.

    `sealed` are the URL and its secrets, the newest first, encrypted; the second one signs until `old_until`.
    `kinds` are the events that are wanted, none: all of them. `tell` is the role of those who are told when
    nothing is sent here any more. `said` is why it is disabled, or why the last
    attempt was not accepted. A URL that is not `proven` gets a
    challenge and nothing else. `told` is the number of the last change that was passed on. `failed` counts
    attempts in a row, since `failing_since`; nothing is sent before `rests_until`. One that was removed is
    remembered until then.
    """

    STATES = [(name, name) for name in ("unproven", "live", "off", "disabled", "removed")]

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="endpoints")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.CASCADE, related_name="endpoints")
    description = models.CharField(max_length=200)
    sealed = models.BinaryField()
    old_until = models.BigIntegerField(default=0)
    kinds = models.JSONField(default=list)
    tell = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=STATES)
    said = models.CharField(max_length=200, default="")
    proven = models.BooleanField(default=False)
    made_at = models.BigIntegerField()
    told = models.BigIntegerField(default=0)
    failed = models.IntegerField(default=0)
    failing_since = models.BigIntegerField(null=True)
    rests_until = models.BigIntegerField(default=0)
