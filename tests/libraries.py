"""What nearly every command imports, of the libraries and of the engine: nothing that asks in which home it is."""

from __future__ import annotations

import os
from importlib import import_module

READ = (
    "asyncio", "babel.dates", "click", "django.contrib.auth", "django.core.management", "django.db.models",
    "django.forms", "django.template.engine", "django.test.client", "django.utils.feedgenerator",
    "django.views.generic", "duckdb", "numpy", "openpyxl", "orjson", "pyarrow", "pydantic", "rapidfuzz", "sqlparse",
    "sympolis.engine.atlas", "sympolis.engine.calls_file", "sympolis.engine.index", "sympolis.engine.match.consortium",
    "sympolis.engine.run.same", "tantivy",
)  # fmt: skip
os.environ.pop("DJANGO_SETTINGS_MODULE", None)  # the tests' own: whose they are, the command says
for name in READ:
    import_module(name)
