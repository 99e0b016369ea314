"""The settings of Django, all of them from the environment. See docs/reference/settings.md."""

from __future__ import annotations

import os
from pathlib import Path

from upheld.server.databases import database
from upheld.server.hosts import VARIABLE, hosts

DATA = Path(os.environ.get("UPHELD_DATA", "upheld-data"))

SECRET_KEY = os.environ.get("UPHELD_SECRET_KEY", "not used before a session is")
METRICS_TOKEN = os.environ.get("UPHELD_METRICS_TOKEN", "")
DEBUG = False
USE_TZ = True
TIME_ZONE = "UTC"
ALLOWED_HOSTS = hosts(
    os.environ.get("UPHELD_HOSTS", "localhost,127.0.0.1,[::1]"), os.environ.get(VARIABLE, "")
)
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "upheld.store"]
DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
    )
]

ROOT_URLCONF = "upheld.server.urls"
MIDDLEWARE = [
    "upheld.server.metrics.Counting",
    "upheld.api.middleware.ApiAnswers",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
]
APPEND_SLASH = False
