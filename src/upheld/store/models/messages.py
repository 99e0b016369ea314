"""Who is told, and every message that is owed to somebody: written with its cause, sent afterwards."""

from __future__ import annotations

from django.db import models

from upheld.store.models.endpoints import Endpoint
from upheld.store.models.paging import Page
from upheld.store.models.parties import Customer, Provider


class Person(models.Model):
    """Somebody who is told: of the provider or, with `customer`, of a customer.

    `roles` are those that agreements name. `quiet_from_s` to `quiet_until_s` are seconds of the local day in
    which only pages come; `digest_s` is when what is planned is told.
    """

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="people")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.CASCADE, related_name="people")
    name = models.CharField(max_length=200)
    roles = models.JSONField(default=list)
    language = models.CharField(max_length=2, default="en")
    zone = models.CharField(max_length=60, default="UTC")
    quiet_from_s = models.IntegerField(default=0)
    quiet_until_s = models.IntegerField(default=0)
    digest_s = models.IntegerField(default=8 * 3600)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "customer", "name"], name="person_once"),
            models.UniqueConstraint(
                fields=["provider", "name"], name="person_of_provider", condition=models.Q(customer=None)
            ),
        ]


class Reach(models.Model):
    """A way to somebody: the first by `rank` is tried first. `sealed` is the address, encrypted.

    `channel` is what agreements call it (email, sms, ...), `way` how it is sent: by mail, by a signed
    webhook, or by a service of Apprise. `rests` says why nothing is sent here any more.
    """

    WAYS = [("mail", "mail"), ("webhook", "webhook"), ("service", "service")]

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reaches")
    rank = models.IntegerField(default=0)
    channel = models.CharField(max_length=40)
    way = models.CharField(max_length=7, choices=WAYS)
    sealed = models.BinaryField()
    rests = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "rank"], name="reach_once")]


class Message(models.Model):
    """One message to one person by one way, for one stage of one cause; `key` is the hash of all of these.

    Or one event for an `endpoint`: `rule` is its kind, `text` the body that is sent, and `rank` is 0.

    `state` says where it is: it waits until `next_at`, is being sent by a worker that holds it until
    `held_until` under the number `hold`, or came to an end: accepted, suppressed (told of in a digest, or not
    wanted), failed. `said` says why. What is being sent without `next_at` is not sent again. `spare` are the
    ways (keys of reaches) that are tried when this one has not accepted it by `fall_back_at`. `page` is what
    it wakes somebody for. `alone_at` is when it was decided that it goes out by itself; empty: not yet, or it
    is told of in `digest`, a message that `is_digest`.
    Source: safety R3, R4.
    """

    STATES = [(name, name) for name in ("waiting", "sending", "accepted", "suppressed", "failed")]

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="messages", db_index=False)
    key = models.CharField(max_length=64)
    contract = models.CharField(max_length=200)
    cause = models.TextField()
    rule = models.CharField(max_length=200)
    stage = models.CharField(max_length=200)
    stage_at = models.BigIntegerField()
    urgency = models.CharField(max_length=7)
    audience = models.CharField(max_length=8)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="messages")
    reach = models.ForeignKey(Reach, null=True, on_delete=models.SET_NULL, related_name="messages")
    page = models.ForeignKey(Page, null=True, on_delete=models.SET_NULL, related_name="messages")
    endpoint = models.ForeignKey(
        Endpoint, null=True, on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    rank = models.IntegerField(default=0)
    subject = models.TextField()
    text = models.TextField()
    owed_at = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    said = models.TextField(default="")
    next_at = models.BigIntegerField(null=True)
    hold = models.IntegerField(default=0)
    spare = models.JSONField(default=list)
    fall_back_at = models.BigIntegerField(null=True)
    held_until = models.BigIntegerField(null=True)
    ended_at = models.BigIntegerField(null=True)
    alone_at = models.BigIntegerField(null=True)
    is_digest = models.BooleanField(default=False)
    digest = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="gathered")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "key"], name="message_once")]
        indexes = [
            models.Index(fields=["next_at"], name="to_send", condition=models.Q(state="waiting")),
            models.Index(
                fields=["provider", "next_at"], name="to_send_of", condition=models.Q(state="waiting")
            ),
            models.Index(
                fields=["next_at"], name="to_wake", condition=models.Q(state="waiting", urgency="page")
            ),
            models.Index(
                fields=["fall_back_at"], name="to_fall_back", condition=models.Q(fall_back_at__isnull=False)
            ),
            models.Index(fields=["held_until"], name="held", condition=models.Q(state="sending")),
            models.Index(
                fields=["reach", "alone_at"], name="lately", condition=models.Q(alone_at__isnull=False)
            ),
            models.Index(
                fields=["alone_at", "provider"], name="lately_of", condition=models.Q(alone_at__isnull=False)
            ),
            models.Index(
                fields=["provider", "contract"],
                name="over",
                condition=models.Q(state="suppressed", digest__isnull=True, page__isnull=True),
            ),
            models.Index(fields=["ended_at"], name="failed", condition=models.Q(state="failed")),
            models.Index(
                fields=["endpoint", "id"], name="events", condition=models.Q(endpoint__isnull=False)
            ),
            models.Index(
                fields=["state", "endpoint"],
                name="events_by_state",
                condition=models.Q(endpoint__isnull=False),
            ),
        ]


class Attempt(models.Model):
    """One attempt to send: when it began and what became of it; unknown is what may have arrived."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attempts", db_index=False)
    number = models.IntegerField()
    begun_at = models.BigIntegerField()
    state = models.CharField(max_length=8)
    said = models.TextField()
    code = models.IntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "number"], name="attempt_once")]


class TemplateRow(models.Model):
    """A provider's own text for a kind of message in a language: see `core.alerting.template`."""

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="templates")
    language = models.CharField(max_length=2)
    kind = models.CharField(max_length=8)
    subject = models.CharField(max_length=200)
    body = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "language", "kind"], name="template_once")]
