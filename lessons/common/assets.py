"""JavaScript and CSS as files that the browser fetches, instead of code that travels in Streamlit's messages.

    MOUNT = assets.component("rnn_dials", "dials.js", css="dials.css")      # once, when the module is imported
    MOUNT(key="dials", data={...}, on_values_change=hear)                   # in each run, as any component v2

What is served is one folder, at an address that holds the hash of all its files:

    NAME.js                 lessons/common/js as it is; modules import one another relatively: `from "./events.js"`
    NAME.json               the same with all that it imports: what the browser fetches, in one request, and keeps
    rnnviz/NAME.js          a component of the library (NAME in COMPONENTS) and all that it imports: exports `mount`
    rnnviz/NAME.css         its style; diagrams.css, that of diagrams
    rnnviz/components.js    `components`: {NAME: what fetches it}
    rnnviz/looks.js         how charts look: `looks.light`, `.dark`, `.projector`, configs of Vega-Lite

so a component's module imports the player as `import { mount } from "./rnnviz/player.js"`. Modules are written as if
they were served one by one: `import("./large.js")` is fetched when it is needed, and `import.meta.url` is an address
beside which the others are, and what is `publish`ed.

A module's default export is what Streamlit calls with `{ data, parentElement, setStateValue, setTriggerValue }`: at
first and at each change of `data`, always in order, and never before the style is there. The component's own code is a
loader of 2 kB. Where files cannot be served (an app that runs inside a browser tab) the same modules travel in it.

`mount` adds to a payload (a dict: the key "run"; bytes: a tail that the loader takes off) what makes each message
differ from all before. Streamlit replaces a message of 10 kB or more, when it comes again, by a reference to what the
browser has kept; but runs that are interrupted leave browser and server with different ideas of what that is ("Cached
ForwardMsg MISS"). What never comes again is never replaced.
"""

import atexit
import hashlib
import itertools
import json
import posixpath
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import streamlit as st

import rnnviz
from rnnviz import player
from rnnviz.plots import theme
from rnnviz.theme import css_variables

HERE = Path(__file__).parent / "js"
DIAGRAMS = Path(rnnviz.__file__).parent / "diagrams" / "style.css"
PACKAGE, FOLDER = "rnnviz", "files"
ROOT = "rnnviz_root"  # the attribute of Streamlit's registry that holds the served folder
IMPORT = re.compile(r"""\b(?:from|import)(\s*\()?\s*["'](\.{1,2}/[^"']+)["']""")  # the bracket: not until it is needed
TAIL = 8  # bytes

_runs = itertools.count(1)
_renderers: WeakKeyDictionary[Any, dict[str, tuple[str, Callable[..., Any]]]] = WeakKeyDictionary()


def component(
    name: str,
    module: str = "dials.js",
    css: str | tuple[str, ...] = (),
    isolate_styles: bool = True,
    soon: tuple[str, ...] = (),
) -> Callable[..., Any]:
    """A component v2 whose code is the file `module` and whose style the files `css`; give its mount function.

    soon  modules that it is going to import when it needs them: they are fetched meanwhile
    """
    styles = (css,) if isinstance(css, str) else tuple(css or ())

    def mount(*, data: Any = None, **given: Any) -> Any:
        return _renderer(name, module, styles, isolate_styles, soon)(data=_unrepeated(data), **given)

    return mount


def publish(name: str, text: str) -> str | None:
    """Serve a text as a file: its address, seen from any module in the folder; None where files cannot be served.

    name  holds a hash of the text
    """
    if not _can_serve(_manager()):
        return None
    _publish(name, text)
    return f"../texts/{name}"


@lru_cache(maxsize=500)
def _publish(name: str, text: str) -> None:
    _write(_root() / FOLDER / "texts" / name, text)


def sources() -> dict[str, str]:
    """What is served: the text of each file by its name."""
    found = [path for path in sorted(HERE.rglob("*")) if path.suffix in (".js", ".css")]
    texts = {path.relative_to(HERE).as_posix(): path.read_text(encoding="utf-8") for path in found}
    return texts | _of_the_library()


def _of_the_library() -> dict[str, str]:
    looks = json.dumps({name: theme.config(name) for name in ("light", "dark", "projector")})
    style = DIAGRAMS.read_text(encoding="utf-8")
    texts = {
        "rnnviz/looks.js": f"export const looks = {looks};\n",
        "rnnviz/diagrams.css": f":host, .rnn {{ {css_variables()} }}\n{style}",
    }
    fetched = ", ".join(f"{name}: () => import('./{name}.js')" for name in player.COMPONENTS)
    texts["rnnviz/components.js"] = f"export const components = {{ {fetched} }};\n"
    for name in player.COMPONENTS:
        texts[f"rnnviz/{name}.css"] = player.style(name)
        texts[f"rnnviz/{name}.js"] = f"{player.joined(name)}\nexport const mount = ${name}.mount;\n"
    return texts


def modules(name: str, texts: Mapping[str, str], later: bool = True) -> dict[str, dict[str, str]]:
    """The module `name` after all that it imports, each with {how it is imported: its name}.

    later: with those that it imports only when it needs them, `import("./large.js")`.
    """
    found: dict[str, dict[str, str]] = {}
    seen = set()

    def visit(name: str) -> None:
        seen.add(name)
        said = [said for bracket, said in IMPORT.findall(texts[name]) if later or not bracket]
        imported = {s: other for s in said if (other := _resolved(name, s)) in texts}
        for other in imported.values():
            if other not in seen:
                visit(other)
        found[name] = imported

    visit(name)
    return found


def _resolved(importer: str, said: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(importer), said))


# The loader. `use` is what the module exports; a call before it has arrived waits, in order.
_LOADER = """const files = (globalThis.rnnvizFiles ??= {})[VERSION] ??= (() => {
  const blobs = new Map(), loads = new Map();
  FILES
  const unpack = bundle => {
    for (const [name, { text, imports }] of Object.entries(bundle)) if (!blobs.has(name)) {
      let source = text;
      for (const [said, other] of Object.entries(imports)) for (const q of ['"', "'"])
        source = source.replaceAll(q + said + q, q + blobs.get(other) + q);
      blobs.set(name, URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    }
  };
  const load = name => {
    if (!loads.has(name)) loads.set(name, bundle(name).then(unpack).then(() => import(blobs.get(name))));
    return loads.get(name);
  };
  return { load, style, fetch: bundle, at: name => base + name };
})();
for (const name of SOON) files.fetch(name).catch(() => {}); // it is tried again when it is needed
const ready = Promise.all([files.load(MODULE), ...CSS.map(files.style)]).then(([module, ...texts]) => {
  const sheets = texts.map(text => { const sheet = new CSSStyleSheet(); sheet.replaceSync(text); return sheet; });
  use = given => {
    const root = given.parentElement.getRootNode(), data = given.data;
    const missing = sheets.filter(sheet => !root.adoptedStyleSheets.includes(sheet));
    if (missing.length) root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...missing];
    const places = globalThis.rnnvizPlaces ??= new WeakMap(), before = places.get(given.parentElement);
    if (before && before.version !== VERSION) before.leave?.(); // the files have changed: what stood here makes room
    const leave = module.default(data instanceof Uint8Array ? { ...given, data: data.slice(0, -TAIL) } : given);
    places.set(given.parentElement, { version: VERSION, leave });
    return leave;
  };
});
let use;
export default given => {
  if (use) return use(given);
  let leave, left = false;
  ready.then(() => { if (!left) leave = use(given); },
    error => { console.error(error); given.parentElement.textContent = FAILED; });
  return () => { left = true; leave?.(); };
};
"""
# Files: the app's address is that of its own script, so that it holds behind any base path. What has a hash in its
# address is taken from the browser's cache, however old. Several servers may share one address, and the one that
# answers may not have the file yet: try again.
_SERVED = """const own = document.querySelector('script[src*="static/js/"]')?.src;
  const base = new URL(own ? "../../" : "./", own ?? document.baseURI).href + AT;
  const get = async (name, n = 0) => {
    const answer = await fetch(base + name, { cache: n ? "reload" : "force-cache" }).catch(() => null);
    if (answer?.ok) return answer;
    if (n === 4) throw new Error(`${name} could not be fetched`);
    await new Promise(then => { setTimeout(then, 300 * 2 ** n); });
    return get(name, n + 1);
  };
  const held = new Map();
  const bundle = name => {
    if (!held.has(name)) held.set(name, get(name + "on").then(answer => answer.json()));
    return held.get(name);
  };
  const style = name => get(name).then(answer => answer.text());"""
_INLINE = """const base = "", texts = TEXTS, styles = STYLES;
  const bundle = async () => texts, style = async name => styles[name];"""
_FAILED = "A part of this page could not be loaded. Please reload it."


def loader(module: str, styles: tuple[str, ...], served: bool, soon: tuple[str, ...] = ()) -> str:
    """The code of a component: what fetches its files, or holds them."""
    version, texts = _version()
    if served:
        files = _SERVED.replace("AT", json.dumps(f"_stcore/bidi-components/{PACKAGE}.{FOLDER}/{version}/"))
    else:
        held = json.dumps(bundle(module, texts, version, later=True))
        files = _INLINE.replace("TEXTS", held).replace("STYLES", json.dumps({name: texts[name] for name in styles}))
    filled = {
        "VERSION": version,
        "MODULE": module,
        "CSS": list(styles),
        "SOON": list(soon),
        "TAIL": TAIL,
        "FAILED": _FAILED,
    }
    head, tail = _LOADER.split("FILES")
    for name, value in filled.items():
        head, tail = head.replace(name, json.dumps(value)), re.sub(rf"\b{name}\b", json.dumps(value), tail)
    return head + files + tail


def bundle(module: str, texts: Mapping[str, str], version: str, later: bool = False) -> dict[str, dict[str, Any]]:
    """A module and all that it needs, each after what it imports: {name: {text, imports: {as it is said: name}}}.

    In a bundle modules have no addresses. What they import when they need it, and their own address, they get from the
    loader.
    """
    files = f"globalThis.rnnvizFiles[{json.dumps(version)}]"

    def text(name: str) -> str:
        own = texts[name].replace("import.meta.url", f"{files}.at({json.dumps(name)})")
        said = re.compile(r"""\bimport\(\s*["'](\.{1,2}/[^"']+)["']\s*\)""")
        own = said.sub(lambda found: f"{files}.load({json.dumps(_resolved(name, found[1]))})", own)
        return f"{own}\n//# sourceURL=rnnviz/{name}\n"

    needed = modules(module, texts, later)
    return {name: {"text": text(name), "imports": imports} for name, imports in needed.items()}


def _unrepeated(data: Any) -> Any:
    """The same payload, made different from all before."""
    if isinstance(data, Mapping):
        return {**data, "run": next(_runs)}
    if isinstance(data, bytes | bytearray):
        return bytes(data) + next(_runs).to_bytes(TAIL, "little")
    return data


def _renderer(
    name: str, module: str, styles: tuple[str, ...], isolate: bool, soon: tuple[str, ...]
) -> Callable[..., Any]:
    """Streamlit's mount function, registered with the runtime that there is, anew when a file has changed."""
    manager = _manager()
    made = _renderers.setdefault(manager, {})
    version = _version()[0]
    if name not in made or made[name][0] != version:
        served = _can_serve(manager)
        if served:
            _serve(manager)
        code = loader(module, styles, served, soon)
        made[name] = version, st.components.v2.component(name, html="", js=code, isolate_styles=isolate)
    return made[name][1]


def _manager() -> Any:
    from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager

    return get_bidi_component_manager()


def _can_serve(manager: Any) -> bool:
    return sys.platform != "emscripten" and hasattr(manager, "register_from_manifest")


def _serve(manager: Any) -> None:
    """Tell Streamlit's route for the files of components about our folder, once."""
    from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

    if manager.get(f"{PACKAGE}.{FOLDER}") is None:
        config = ComponentConfig(name=FOLDER, asset_dir=FOLDER)
        manager.register_from_manifest(ComponentManifest(PACKAGE, "0", [config]), _root())


def _root() -> Path:
    """A folder of this server alone.

    The server's registry of components knows it, and outlives this module: Streamlit imports all modules anew when one
    of their files is saved.
    """
    manager = _manager()
    root: Path | None = getattr(manager, ROOT, None)
    if root is None:
        root = Path(tempfile.mkdtemp(prefix="rnnviz-"))
        atexit.register(shutil.rmtree, root, ignore_errors=True)
        (root / FOLDER).mkdir()
        setattr(manager, ROOT, root)
    return root


def _version() -> tuple[str, dict[str, str]]:
    """The hash of all files, and their texts; they are written where they are served from."""
    return _made(_stamp(int(time.monotonic())))


@lru_cache(maxsize=1)
def _stamp(second: int) -> tuple[int, ...]:  # noqa: ARG001
    """When the files were last changed; looked at once a second."""
    folders = (HERE, player.HERE)
    return tuple(p.stat().st_mtime_ns for folder in folders for p in sorted(folder.rglob("*.*s")))


@lru_cache(maxsize=2)
def _made(stamp: tuple[int, ...]) -> tuple[str, dict[str, str]]:  # noqa: ARG001
    texts = sources()
    version = hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()[:12]
    if sys.platform != "emscripten":
        for name, text in texts.items():
            _write(_root() / FOLDER / version / name, text)
            if name.endswith(".js"):
                _write(_root() / FOLDER / version / f"{name}on", json.dumps(bundle(name, texts, version)))
    return version, texts


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
