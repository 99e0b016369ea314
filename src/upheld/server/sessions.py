"""Sessions in the database, under hashes of their keys: whoever reads a backup can show none of them."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session
from django.utils import timezone


class SessionStore(db.SessionStore):
    """As Django's, but the key of a row is the hash of what the cookie holds."""

    def _get_session_from_db(self) -> Session | None:
        rows = Session.objects.filter(session_key=hashed(self.session_key), expire_date__gt=timezone.now())
        found = rows.first()
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        """Whether there is a session with this key."""
        return super().exists(hashed(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """The row of the session."""
        row = super().create_model_instance(data)
        row.session_key = hashed(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """Ends the session."""
        key = self.session_key if session_key is None else session_key
        if key is not None:
            Session.objects.filter(session_key=hashed(key)).delete()


def hashed(key: str | None) -> str:
    """What stands in the database for a key: 160 bits, as many as the column holds."""
    return sha256((key or "").encode()).hexdigest()[:40]
