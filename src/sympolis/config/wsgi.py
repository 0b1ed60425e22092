"""The WSGI application that granian serves."""

import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sympolis.config.settings")
application = get_wsgi_application()

from sympolis.office.core.readers import warm_up  # noqa: E402 - Django first

threading.Thread(target=warm_up, name="warm up", daemon=True).start()
