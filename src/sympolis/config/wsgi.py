"""The WSGI application that granian serves."""

import gc
import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sympolis.config.settings")
application = get_wsgi_application()

from sympolis.office.core.readers import warm_up  # noqa: E402 - Django first


def be_ready() -> None:
    """Load what every reader needs; what stays for good is not looked through again at each collection of garbage."""
    warm_up()
    gc.collect()
    gc.freeze()


threading.Thread(target=be_ready, name="warm up", daemon=True).start()
