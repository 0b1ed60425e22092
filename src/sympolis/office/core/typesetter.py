"""Typst in a process of its own, run as a file: it imports nothing of ours and is gone once the file is made.

In: one JSON object, the files by name (base64) and what ``typst.compile`` is told. Out: the file, or why there is none.
"""

from __future__ import annotations

import base64
import json
import sys


def main() -> int:
    import typst

    told = json.load(sys.stdin.buffer)
    files = {name: base64.b64decode(content) for name, content in told["files"].items()}
    try:
        made = typst.compile(files, ignore_system_fonts=True, **told["options"])
    except typst.TypstError as error:
        sys.stderr.write(str(error))
        return 1
    assert isinstance(made, bytes)
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
