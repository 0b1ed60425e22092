"""A build in a process of its own: it takes its memory along when it ends, and whoever asked goes on meanwhile.

The child says a line of JSON for every step and how it ended; it ends with whoever asked, whose end closes its input.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from ..errors import AtlasError, EngineError
from .clock import Progress


def build_apart(home: Path, tell: Progress) -> bool:
    """Build the world's data; whether anything had changed. Raises AtlasError as ``atlas.build`` does."""
    ended: dict[str, object] = {"error": "The build was ended from outside.", "remedy": "It goes on where it was."}
    command = [sys.executable, "-m", __name__, str(home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:  # noqa: S603 - our own code
        assert child.stdout is not None
        for line in child.stdout:
            said = json.loads(line)
            if "step" in said:
                tell(said["step"], said["done"], said["total"])
            else:
                ended = said
    if "error" in ended:
        raise AtlasError(str(ended["error"]), str(ended["remedy"]))
    return bool(ended["changed"])


def _say(**what: object) -> None:
    print(json.dumps(what), flush=True)  # noqa: T201 - read by whoever asked


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(1)  # at any moment: the next build goes on where this one was


def _build(home: Path) -> None:
    from .. import atlas

    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        report = atlas.build(home, lambda step, done, total: _say(step=step, done=done, total=total))
    except EngineError as error:
        _say(error=error.what, remedy=error.remedy)
    else:
        _say(changed=not report.unchanged)


if __name__ == "__main__":
    _build(Path(sys.argv[1]))
