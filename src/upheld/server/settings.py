"""The settings of Django, all of them from the environment. See docs/reference/settings.md."""

from __future__ import annotations

import os
from pathlib import Path

from upheld.server.clock import random_bytes
from upheld.server.databases import database
from upheld.server.hosts import VARIABLE, hosts
from upheld.server.public import budget, burst, private_targets, proxies, public_url, single_sign_on

DATA = Path(os.environ.get("UPHELD_DATA", "upheld-data"))

# Whoever starts a server by other means than `upheld serve` has a key that nobody can guess, too.
SECRET_KEY = os.environ.get("UPHELD_SECRET_KEY") or random_bytes(48).hex()
METRICS_TOKEN = os.environ.get("UPHELD_METRICS_TOKEN", "")
DEBUG = False
USE_TZ = True
TIME_ZONE = "UTC"
ALLOWED_HOSTS = hosts(
    os.environ.get("UPHELD_HOSTS", "localhost,127.0.0.1,[::1]"), os.environ.get(VARIABLE, "")
)
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.headless",
    "upheld.store",
]
DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "upheld.server.tries.Tries",
        "LOCATION": "accounts_tries",
        # What is full forgets also what still counts: so there is room for more than one address can fill.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_LEAST = {"min_length": 12}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name, "OPTIONS": options}
    for name, options in (
        ("django.contrib.auth.password_validation.UserAttributeSimilarityValidator", {}),
        ("django.contrib.auth.password_validation.MinimumLengthValidator", _LEAST),
        ("django.contrib.auth.password_validation.CommonPasswordValidator", {}),
        ("upheld.server.passwords.NoRepetition", _LEAST),
    )
]
PASSWORD_RESET_TIMEOUT = 72 * 3600
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]

PUBLIC_URL = public_url(os.environ.get("UPHELD_URL", ""))
_SECURE = not PUBLIC_URL.startswith("http://")
_PREFIX = "__Host-" if _SECURE else ""
SESSION_ENGINE = "upheld.server.sessions"
SESSION_COOKIE_NAME = f"{_PREFIX}upheld"
SESSION_COOKIE_SECURE = _SECURE
SESSION_COOKIE_AGE = 12 * 3600
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
CSRF_COOKIE_NAME = f"{_PREFIX}upheld-csrf"
CSRF_COOKIE_SECURE = _SECURE
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
CSRF_FAILURE_VIEW = "upheld.server.accounts.csrf_failure"

ALLAUTH_TRUSTED_PROXY_COUNT = proxies(os.environ.get("UPHELD_PROXIES", ""))
ACCOUNT_ADAPTER = "upheld.server.accounts.Accounts"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_DISPLAY = "upheld.server.accounts.shown"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _SECURE else "http"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
MFA_ADAPTER = "upheld.server.accounts.Factors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Upheld"
# The clocks of telephones are off by some seconds; a code that was used is refused as long as it holds.
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
SOCIALACCOUNT_ADAPTER = "upheld.server.accounts.SingleSignOn"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": single_sign_on(os.environ)}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("browser",)
HEADLESS_FRONTEND_URLS = {"socialaccount_login_error": "/accounts/browser/v1/auth/session"}

# So many messages go to one recipient by one way within ten minutes before the rest comes in a digest.
BURST = burst(os.environ.get("UPHELD_BURST", ""))

# So many messages go out within ten minutes: of a provider, and of the whole server. The rest waits.
BUDGET = budget(os.environ.get("UPHELD_BUDGET", ""))

PRIVATE_TARGETS = private_targets(os.environ)

# Only where people sign in; the API bounds its bodies itself.
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
ROOT_URLCONF = "upheld.server.urls"
MIDDLEWARE = [
    "upheld.server.metrics.Counting",
    "upheld.server.room.Noticing",
    "upheld.api.middleware.ApiAnswers",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
APPEND_SLASH = False
