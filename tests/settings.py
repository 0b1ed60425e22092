"""The product's settings with a home of the tests' own, made fresh and thrown away."""

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="sympolis-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["SYMPOLIS_HOME"] = _home

from sympolis.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend", "QUEUES": ["default", "long"]}}
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PAGES_KEPT_S = 0  # what a test writes stands in a transaction that no other connection sees
ALLOWED_HOSTS = ["*"]
STATIC_ROOT = _home  # WhiteNoise warns where there is no folder
WHITENOISE_AUTOREFRESH = True  # looked up when asked for: each test client would list them all at its first request
