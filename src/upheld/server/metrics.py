"""`/metrics`: how the server fares, for Prometheus, and for nobody without the token for it.

What is done by any process stands in the database, so each server tells it alike; requests, memory and
processor are those of the process that answers. No label has a value that somebody outside can choose.
"""

from __future__ import annotations

import hmac
import platform
from collections.abc import Callable, Iterator
from importlib.metadata import version
from time import perf_counter
from typing import Final

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from upheld.app.vitals import Vitals, vitals
from upheld.core.timeline.instant import SECOND, Instant
from upheld.server.clock import clock

REGISTRY: Final = CollectorRegistry()
_REQUESTS: Final = Counter(
    "upheld_requests", "Requests answered.", ("method", "route", "status"), registry=REGISTRY
)
_TOOK: Final = Histogram(
    "upheld_request_seconds",
    "How long requests took until their answer began.",
    ("method", "route"),
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=REGISTRY,
)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
NO_ROUTE: Final = "none"


class Counting:
    """Counts every answer by the template of its route, never by what was asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, counted."""
        began = perf_counter()
        response = self._get_response(request)
        method = request.method if request.method in _METHODS else "other"
        found = request.resolver_match
        route = NO_ROUTE if found is None else f"/{found.route}"
        _REQUESTS.labels(method, route, str(response.status_code)).inc()
        _TOOK.labels(method, route).observe(perf_counter() - began)
        return response


class _OfTheServer(Collector):
    """What the database knows. Without it there is one figure: that it does not answer."""

    def collect(self) -> Iterator[Metric]:
        yield _gauge("upheld_build_info", "Which program this is.", 1, _build())
        now = clock().now()
        try:
            found = vitals(now)
        except Error:
            yield _gauge("upheld_database_up", "Whether the database answers.", 0)
            return
        yield _gauge("upheld_database_up", "Whether the database answers.", 1)
        yield from _figures(found, now)


def _figures(found: Vitals, now: Instant) -> Iterator[Metric]:
    due = GaugeMetricFamily(
        "upheld_due", "What is due and not done, at most 10000 (signatures: 100).", labels=("queue",)
    )
    lag = GaugeMetricFamily(
        "upheld_lag_seconds", "How long the oldest of what is due has been due.", labels=("queue",)
    )
    for queue, count, since in (
        ("wakes", found.scopes_due, found.scopes_since),
        ("messages", found.messages_due, found.messages_since),
        ("signatures", found.logs_due, found.logs_since),
    ):
        due.add_metric((queue,), count)
        lag.add_metric((queue,), 0 if since is None else max(0, now - since) / SECOND)
    yield from (due, lag)
    states = GaugeMetricFamily(
        "upheld_messages", "Messages that are not accepted, at most 10000.", labels=("state",)
    )
    for state, count in (("waiting", found.waiting), ("sending", found.sending), ("failed", found.failed)):
        states.add_metric((state,), count)
    yield states
    yield _gauge("upheld_held_back", "Messages that wait for the budget, at most 10000.", found.held_back)
    yield _gauge("upheld_events", "Events that wait for endpoints, at most 10000.", found.events)
    yield _gauge("upheld_pages", "Pages for which somebody else is woken next, at most 10000.", found.pages)
    asked_s = 0 if found.pages_since is None else max(0, now - found.pages_since) / SECOND
    yield _gauge("upheld_page_seconds", "How long ago the oldest of them began.", asked_s)
    attempts = CounterMetricFamily(
        "upheld_attempts", "Attempts to send a message.", labels=("channel", "state")
    )
    done = CounterMetricFamily("upheld_done", "What workers did, by what it is.", labels=("what",))
    for name, count in sorted(found.tallies.items()):
        if name.startswith("attempt "):
            attempts.add_metric(tuple(name.split(" ")[1:]), count)
        else:
            done.add_metric((name,), count)
    yield from (attempts, done)
    yield CounterMetricFamily("upheld_facts", "Facts recorded.", found.facts)
    told = "Tokens that let somebody in and end within 14 days."
    yield _gauge("upheld_tokens_ending", told, found.tokens_ending)
    yield _gauge("upheld_workers", "Processes that gave a sign of life within 30 seconds.", found.workers)


def _build() -> dict[str, str]:
    return {
        "version": version("upheld"),
        "python": platform.python_version(),
        "database": connection.vendor,
    }


def _gauge(name: str, told: str, value: float, labels: dict[str, str] | None = None) -> Metric:
    found = GaugeMetricFamily(name, told, labels=tuple(labels or ()))
    found.add_metric(tuple((labels or {}).values()), value)
    return found


REGISTRY.register(_OfTheServer())
ProcessCollector(registry=REGISTRY)


def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for who shows the token of the operator. 401 for anybody else."""
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    token: str = settings.METRICS_TOKEN
    is_shown = hmac.compare_digest(shown.strip().encode(), token.encode())
    if scheme.lower() != "bearer" or not token or not is_shown:
        return HttpResponse(
            "Show the token for it.\n",
            "text/plain; charset=utf-8",
            401,
            headers={"WWW-Authenticate": "Bearer"},
        )
    return HttpResponse(generate_latest(REGISTRY), CONTENT_TYPE_LATEST)
