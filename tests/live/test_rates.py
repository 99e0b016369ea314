"""Who asks more than its share waits, and nobody else does."""

from __future__ import annotations

import pytest
from django.test import override_settings

from tests.live.api_desk import Party, World, problem, random_bytes, told
from tests.live.api_urls import CLOCK
from tests.live.desk import salt
from upheld.api.build import urls
from upheld.api.ports import Ports
from upheld.core.timeline.instant import SECOND
from upheld.server.channels import SettingError
from upheld.server.rates import BURST, Rate, rate

NOW = {"at": 0}
urlpatterns = urls(Ports(CLOCK, salt, random_bytes, rate=Rate(2, lambda: NOW["at"])), "rated")


def test_a_share_and_bursts_of_it() -> None:
    """Ten seconds of it at once, then one after the other; who waited has it again."""
    at = 0
    share = Rate(2, lambda: at)
    assert [share(1) for _ in range(2 * BURST)] == [0] * 20
    assert share(1) == 1
    assert share(2) == 0, "another one's share is another one"
    at = SECOND // 2
    assert [share(1), share(1)] == [0, 1]
    at = 60 * SECOND
    assert [share(1) for _ in range(21)] == [0] * 20 + [1]


def test_a_customer_has_half_of_the_share_of_its_provider() -> None:
    """For all that it asks; the rest is for others of its provider, and what waits counts for nobody."""
    at = 0
    share = Rate(2, lambda: at)
    assert [share(1, 7) for _ in range(12)] == [0] * BURST + [1, 1]
    assert [share(1, 8), share(1)] == [0, 0]
    assert share(2, 9) == 0, "the share of another provider is another one"
    at = SECOND
    assert [share(1, 7), share(1, 7)] == [0, 1]
    assert [share(1) for _ in range(12)] == [0] * 9 + [1] * 3
    assert share(1, 8) == 1, "nobody has more than its provider"


def test_a_customer_that_floods_shuts_out_neither_its_provider_nor_another_customer(world: World) -> None:
    """Whichever of its tokens it shows: it is told when to come again, and they are answered."""
    NOW["at"] += 2 * BURST * SECOND  # whoever asked in another test has it all again
    other = Party(world.token(world.provider, "contact", "Acme"))
    with override_settings(ROOT_URLCONF="tests.live.test_rates"):
        for party in [world.acme, other] * (BURST // 2):
            assert party.ask("HEAD", "/me").status_code == 200
        for party in (world.acme, other):
            answer = party.get("/me")
            assert "come again in 1 s" in problem(answer, 429, "too-many-requests")["detail"]
            assert answer["Retry-After"] == "1"
        told(world.owner.get("/me"))
        told(world.contoso.get("/me"))
        NOW["at"] += SECOND
        told(other.get("/me"))


def test_a_provider_that_floods_is_told_to_wait(world: World) -> None:
    """429 with when to come again; another provider is answered meanwhile."""
    NOW["at"] += 2 * BURST * SECOND
    with override_settings(ROOT_URLCONF="tests.live.test_rates"):
        for _ in range(2 * BURST):
            assert world.owner.ask("HEAD", "/me").status_code == 200
        for party in (world.owner, world.contoso):
            answer = party.get("/me")
            assert problem(answer, 429, "too-many-requests")["status"] == 429
            assert answer["Retry-After"] == "1"
        told(world.stranger.get("/me"))
        problem(world.anonymous.get("/me"), 401, "unauthenticated")
        NOW["at"] += SECOND
        told(world.owner.get("/me"))


def test_a_share_is_a_whole_number() -> None:
    """What is none is told with what to write."""
    assert rate({})(1) == 0
    for bad in ("0", "many", "-1", "1.5"):
        with pytest.raises(SettingError, match="UPHELD_RATE: write how many requests"):
            rate({"UPHELD_RATE": bad})
