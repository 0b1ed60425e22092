"""The WSGI application that granian serves."""

import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sympolis.config.settings")
application = get_wsgi_application()

from sympolis.config.stopping import wake_when_told_to_stop  # noqa: E402 - Django first
from sympolis.engine.memory import settle  # noqa: E402 - Django first
from sympolis.office.core.readers import warm_up  # noqa: E402 - Django first

WARM_UP_AFTER_S = 2


def be_ready() -> None:
    """Load what every reader needs, and keep it."""
    warm_up()
    settle()


wake_when_told_to_stop()

# The first page before the encoders: on two cores they would keep it waiting.
warming = threading.Timer(WARM_UP_AFTER_S, be_ready)
warming.daemon = True
warming.start()
