"""Django's settings. They read the home and the environment and change neither."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.utils.csp import CSP

from sympolis.config.address import answered_hosts, site_address
from sympolis.config.database import database
from sympolis.config.home import CHECKOUT, current_home

HOME = current_home()
PACKAGE = Path(__file__).resolve().parents[1]

DEBUG = os.environ.get("SYMPOLIS_DEBUG") == "1"
SECRET_KEY = HOME.secret("secret_key")
SITE_ADDRESS = site_address(os.environ.get("SYMPOLIS_ADDRESS", ""))
ALLOWED_HOSTS = answered_hosts(os.environ.get("SYMPOLIS_HOSTS", "localhost,127.0.0.1,[::1]"), SITE_ADDRESS)
BEHIND_TLS = SITE_ADDRESS.startswith("https://")

INSTALLED_APPS = [
    "sympolis.office.core",
    "sympolis.office.directory",
    "sympolis.office.projects",
    "sympolis.office.planning",
    "sympolis.office.events",
    "sympolis.office.synergies",
    "sympolis.office.publishing",
    "sympolis.web.public",
    "sympolis.web.staff",
    "sympolis.web.api",
    "sympolis.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks_db",
    "rules.apps.AutodiscoverRulesConfig",
    "simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "sympolis.web.kept_pages.KeptPagesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads what it packs, so that no secret is guessed by length
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "sympolis.web.middleware.OfficeMiddleware",
    "sympolis.web.typed.TypedWordsMiddleware",
    "sympolis.web.public.old_addresses.OldAddressesMiddleware",
]

ROOT_URLCONF = "sympolis.config.urls"
WSGI_APPLICATION = "sympolis.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sympolis.web.context.page",
            ],
        },
    },
]

DATABASES = {"default": database(os.environ.get("SYMPOLIS_DATABASE", ""), HOME.database)}

# How long a page is kept for visitors where nothing was written: what opens or ends by the clock is so late at most.
PAGES_KEPT_S = int(os.environ.get("SYMPOLIS_PAGES_KEPT_S", "10"))

CACHES = {
    "default": {
        "BACKEND": "sympolis.office.core.file_cache.SeldomCulledCache",
        "LOCATION": HOME.cache,
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "long"]}}

# Mail is written to files until a server is named.
MAIL_SERVER = os.environ.get("SYMPOLIS_SMTP_HOST", "")
MAILERS: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": MAIL_SERVER,
            "port": int(os.environ.get("SYMPOLIS_SMTP_PORT", "587")),
            "username": os.environ.get("SYMPOLIS_SMTP_USER", ""),
            "password": os.environ.get("SYMPOLIS_SMTP_PASSWORD", ""),
            "use_tls": os.environ.get("SYMPOLIS_SMTP_TLS", "1") == "1",
            "timeout": 20,
        },
    }
    if MAIL_SERVER
    else {"BACKEND": "django.core.mail.backends.filebased.EmailBackend", "OPTIONS": {"file_path": HOME.outbox}}
}
DEFAULT_FROM_EMAIL = os.environ.get("SYMPOLIS_MAIL_FROM", "sympolis@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# How many mails of a newsletter go out in a minute: what the mail server's owner allows.
MAIL_RATE = max(1, int(os.environ.get("SYMPOLIS_MAIL_RATE", "120")))

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "sympolis.office.directory.sign_in.SignIn",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "staff:dashboard"
LOGOUT_REDIRECT_URL = "public:home"
ACCOUNT_ADAPTER = "sympolis.web.staff.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SIGNUP_FORM_CLASS = "sympolis.web.staff.opening_accounts.OpenAccountForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"  # for who opens an account; the office vouches for those it makes
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if BEHIND_TLS else "http"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
# Behind a web server everybody comes from its address: without this ten wrong passwords of a stranger lock all out.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_TLS else 0

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ca", "Català"), ("es", "Español"), ("fr", "Français"), ("ar", "العربية")]
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = None  # whitenoise serves them from where they lie; nothing is collected
STATICFILES_DIRS = [folder for folder in [CHECKOUT / "build" / "static"] if folder.exists()]
MEDIA_ROOT = HOME.media
MEDIA_URL = "/media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": HOME.documents}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_PERMISSIONS = 0o600

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "sympolis.web.typed.forged"
CSRF_TRUSTED_ORIGINS = [SITE_ADDRESS] if SITE_ADDRESS else []
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None

# What each room gives to the import of tables, to search and to the export of everything, by name:
# `core` never imports a room.
SYMPOLIS_TABLES = [
    "sympolis.office.directory.tables",
    "sympolis.office.projects.tables",
    "sympolis.office.planning.tables",
    "sympolis.office.events.tables",
    "sympolis.office.synergies.tables",
    "sympolis.office.publishing.tables",
]
SYMPOLIS_SEARCH = [
    "sympolis.office.core.search_documents",
    "sympolis.office.directory.search_documents",
    "sympolis.office.projects.search_documents",
    "sympolis.office.planning.search_documents",
    "sympolis.office.events.search_documents",
    "sympolis.office.synergies.search_documents",
    "sympolis.office.publishing.search_documents",
]
# Who is inside the office's networks: asked where a record is open to them alone.
SYMPOLIS_CIRCLE = "sympolis.office.directory.circle.acts_inside"
# Columns that name records by public id as text: who merges two records has them name the one that stays.
SYMPOLIS_NAMED_BY_ID = [
    "core.Document.record",
    "core.TagDecision.record",
    "core.Proposal.record",
    "core.RetiredId.leads_to",
    "directory.Double.pair",
    "synergies.Brief.left_scope",
    "synergies.Brief.right_scope",
    "synergies.Grouping.session",
    "synergies.LineDecision.pair",
    "synergies.LineDecision.line",
    "synergies.CallNews.call",
    "synergies.SeenCall.call",
    "synergies.SuggestionAnswer.about",
    "synergies.SuggestionAnswer.suggestion",
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "sympolis.config.logs.LineFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"sympolis": {"level": "INFO"}},
}
