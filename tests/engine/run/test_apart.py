"""A build in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sympolis.engine import atlas, sources
from sympolis.engine.errors import AtlasError
from sympolis.engine.run.apart import build_apart


def test_it_builds_tells_its_steps_and_whether_anything_had_changed(tmp_path: Path) -> None:
    atlas.add(tmp_path, "facts", [Path(sources.__file__).parent / "facts" / "sample"])
    steps: list[str] = []
    assert build_apart(tmp_path, lambda step, done, total: steps.append(step)) is True
    assert list(dict.fromkeys(steps)) == ["read", "merge", "resolve", "describe", "index"]
    assert atlas.status(tmp_path).current is True
    assert build_apart(tmp_path, lambda *_: None) is False


def test_what_it_refuses_is_refused_here(tmp_path: Path) -> None:
    with pytest.raises(AtlasError, match="There is nothing to build the world data from"):
        build_apart(tmp_path, lambda *_: None)


def test_it_ends_with_whoever_asked(tmp_path: Path) -> None:
    atlas.add(tmp_path, "facts", [Path(sources.__file__).parent / "facts" / "sample"])
    command = [sys.executable, "-m", "sympolis.engine.run.apart", str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        child.stdin.close()
        assert child.wait(60) == 1
    assert atlas.current(tmp_path) is None
