"""The life of tokens, in any order of what can happen to them. Source: safety.md, threat 18."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.live.databases import Sqlite
from upheld.app.policies import scopes_of
from upheld.app.tokens import LONGEST, PREFIX, MadeToken, bearer, make_token, revoke_token
from upheld.core.timeline.instant import DAY, Instant
from upheld.store.models import Provider, Token


class Lives(RuleBasedStateMachine):
    """Tokens are made, shown, taken back, and end; the model is when each of them lets somebody in."""

    made_tokens = Bundle("made")
    numbers = count()

    def __init__(self) -> None:
        super().__init__()
        self.now: Instant = 1_000 * DAY
        self.until: dict[str, Instant] = {}
        self.providers = [
            Provider.objects.create(name=f"p{n}", key=f"p{n}")
            for n in (next(self.numbers), next(self.numbers))
        ]

    @rule(target=made_tokens, of=st.sampled_from([0, 1]), lives_us=st.integers(1, LONGEST))
    def make(self, of: int, lives_us: int) -> tuple[int, MadeToken]:
        number = next(self.numbers)
        made = make_token(
            self.providers[of].pk, "desk", "owner", scopes_of("owner"), self.now, self.now + lives_us,
            lambda n: number.to_bytes(n, "big"),
        )  # fmt: skip
        assert made.text not in self.until
        self.until[made.text] = self.now + lives_us
        return of, made

    @rule(one=made_tokens)
    def take_back(self, one: tuple[int, MadeToken]) -> None:
        of, made = one
        revoke_token(self.providers[of].pk, made.id, self.now)
        self.until[made.text] = min(self.until[made.text], self.now)

    @rule(one=made_tokens)
    def take_back_of_another(self, one: tuple[int, MadeToken]) -> None:
        of, made = one
        with pytest.raises(Token.DoesNotExist):
            revoke_token(self.providers[1 - of].pk, made.id, self.now)

    @rule(one=made_tokens)
    def nearly_show(self, one: tuple[int, MadeToken]) -> None:
        text = one[1].text
        for wrong in (text[:-1], f"{text}A", text.swapcase(), text.removeprefix(PREFIX), f" {text}"):
            assert bearer(wrong, self.now) is None

    @rule(passes_us=st.one_of(st.sampled_from([1, DAY]), st.integers(1, LONGEST)))
    def wait(self, passes_us: int) -> None:
        self.now += passes_us

    @invariant()
    def each_lets_in_while_it_lives(self) -> None:
        for text, until in self.until.items():
            assert (bearer(text, self.now) is not None) == (self.now < until)


@pytest.mark.slow
def test_a_token_lets_in_from_its_making_to_its_end_and_never_again(sqlite: Sqlite, tmp_path: Any) -> None:
    """Whatever is made, taken back by whom, and how much time passes: never another, and none of another."""
    with sqlite.fresh(tmp_path):
        run_state_machine_as_test(Lives, settings=settings(stateful_step_count=20))
