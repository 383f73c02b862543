"""Build the page into a folder that any web server serves: ``make page``.

Everything comes from the registries by a lock, held against its hash, or from this tree; the same tree
and locks give the same bytes.
"""

import argparse
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
WEB = HERE / "web"
PLUGINS = ("fr", "es", "it", "sheets", "fec", "papers", "page")
"""The plugins whose wheels the page holds, of those of this repository."""

PLATFORM = "pyemscripten_2026_0_wasm32"
"""What the interpreter of the page runs: its wheels are built for it."""

HEAVY = {"z3": "z3_solver", "typst": "typst"}
"""What the second worker alone loads, and the wheel that brings it."""

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
INTERPRETER = ("pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
LEFT_OUT = ("/tests/", "/test/", ".pyi", "/RECORD", "/direct_url.json")


def main() -> None:
    """Build the page into the folder that is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    output: Path = parser.parse_args().output
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    with tempfile.TemporaryDirectory() as scratch:
        downloaded, own = wheels(Path(scratch))
        heavy = {
            name: next(path for path in downloaded if path.name.startswith(start))
            for name, start in HEAVY.items()
        }
        light = [path for path in downloaded if path not in heavy.values()]
        (output / "coopfx.zip").write_bytes(archive([*light, *own]))
        for path in heavy.values():
            shutil.copyfile(path, output / path.name)
        licences = [*npm_licences(), *wheel_licences([*downloaded, *own])]
    for name in INTERPRETER:
        shutil.copyfile(WEB / "node_modules" / "pyodide" / name, output / name)
    bundle("app", output)
    bundle("worker", output)
    for name in ("index.html", "page.css"):
        shutil.copyfile(WEB / name, output / name)
    (output / "words.json").write_text(json.dumps(words(), ensure_ascii=False), "utf-8")
    (output / "licences.txt").write_text("\n\n".join(licences) + "\n", "utf-8")
    examples = []
    for policy in sorted((REPOSITORY / "policies").iterdir()):
        if policy.is_dir():
            (output / f"{policy.name}.zip").write_bytes(zipped(policy))
            examples.append({"name": policy.name, "data": entry(output / f"{policy.name}.zip")})
    manifest = {
        "engine": [entry(output / name) for name in (*INTERPRETER, "coopfx.zip")],
        "wheels": {name: entry(output / path.name) for name, path in heavy.items()},
        "examples": examples,
    }
    (output / "manifest.json").write_text(json.dumps(manifest, indent=1), "utf-8")
    sums = (f"{digest(path)}  {path.name}" for path in sorted(output.iterdir()))
    (output / "SHA256SUMS").write_text("\n".join(sums) + "\n", "utf-8")
    print(f"{output}: {sum(path.stat().st_size for path in output.iterdir()) / 1e6:.1f} MB")


def npm(*arguments: str) -> None:
    """Run npm where the front end is."""
    subprocess.run(["npm", *arguments], cwd=WEB, check=True)


def bundle(name: str, output: Path) -> None:
    """One module with all that it imports, for the browsers of the last three years."""
    binary = WEB / "node_modules" / ".bin" / "esbuild"
    command: list[str | Path] = [
        binary,
        f"src/{name}.ts",
        "--bundle",
        "--format=esm",
        "--minify",
        "--target=es2022",
    ]
    # What the interpreter asks for under Node alone.
    outside = ["--external:node:*", "--external:ws", "--log-level=warning"]
    subprocess.run(
        [*command, *outside, f"--outfile={output.resolve() / name}.js"],
        cwd=WEB,
        check=True,
    )


def wheels(scratch: Path) -> tuple[list[Path], list[Path]]:
    """The wheels of others, by the lock, and those of this tree."""
    others, own = scratch / "others", scratch / "own"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    ways = ["--no-deps", "--only-binary=:all:", "--require-hashes", "-r", str(HERE / "wheels.lock")]
    kind = [
        "--platform",
        PLATFORM,
        "--platform",
        "any",
        "--python-version",
        "3.14",
        "--implementation",
        "cp",
        "--abi",
        "cp314",
        "--abi",
        "abi3",
        "--abi",
        "none",
    ]
    subprocess.run([*pip, "download", *ways, *kind, "-d", str(others)], check=True)
    trees = [REPOSITORY, *(REPOSITORY / "plugins" / f"coopfx-{name}" for name in PLUGINS)]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(own)]
    subprocess.run([*build, *map(str, trees)], check=True)
    return sorted(others.iterdir()), sorted(own.iterdir())


def archive(found: list[Path]) -> bytes:
    """All that wheels install, in one zip; the same wheels give the same bytes."""
    made = io.BytesIO()
    held: dict[str, bytes] = {}
    for path in found:
        with zipfile.ZipFile(path) as wheel:
            for name in wheel.namelist():
                if not name.endswith("/") and not any(one in f"/{name}" for one in LEFT_OUT):
                    held[name] = wheel.read(name)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as total:
        for name, data in sorted(held.items()):
            member = zipfile.ZipInfo(name, FIRST_DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            total.writestr(member, data)
    return made.getvalue()


def zipped(policy: Path) -> bytes:
    """A policy as the page itself would save it."""
    sys.path.insert(0, str(HERE))
    from coopfx_page.files import zipped as whole

    return whole(policy, policy.name)


def words() -> dict[str, dict[str, str]]:
    """The page's own sentences in each language."""
    folder = HERE / "coopfx_page" / "words"
    phrases = {
        path.stem: tomllib.loads(path.read_text("utf-8"))["phrases"]
        for path in sorted(folder.glob("*.toml"))
    }
    return {
        language: {key: said for key, said in own.items() if isinstance(said, str)}
        for language, own in phrases.items()
    }


def npm_licences() -> Iterator[str]:
    """The licences of what is bundled of the front end."""
    lock = json.loads((WEB / "package-lock.json").read_text("utf-8"))
    for name, package in sorted(lock["packages"].items()):
        folder = WEB / name
        if not name or package.get("dev") or not folder.is_dir():
            continue
        yield licence(
            name.removeprefix("node_modules/"),
            package["version"],
            package.get("license", ""),
            folder.glob("LICEN[CS]E*"),
        )


def licence(name: str, version: str, kind: str, texts: Iterator[Path]) -> str:
    """A package with its licence, and its text."""
    found = [path.read_text("utf-8", "replace").strip() for path in sorted(texts)]
    return "\n".join([f"{name} {version} ({kind})", *found])


def wheel_licences(found: list[Path]) -> Iterator[str]:
    """The licences of what wheels install."""
    for path in found:
        name, version = path.name.split("-")[:2]
        with zipfile.ZipFile(path) as wheel:
            texts = [
                wheel.read(one).decode("utf-8", "replace").strip()
                for one in sorted(wheel.namelist())
                if ".dist-info/" in one
                and Path(one).name.upper().startswith(("LICEN", "COPYING", "NOTICE"))
            ]
            (about,) = (one for one in wheel.namelist() if one.endswith(".dist-info/METADATA"))
            metadata = wheel.read(about).decode("utf-8")
        kinds = [
            line
            for line in metadata.splitlines()
            if line.startswith(("License-Expression:", "Classifier: License"))
        ]
        yield "\n".join([f"{name} {version}", *kinds, *texts])


def entry(path: Path) -> dict[str, object]:
    """A file as the manifest names it."""
    return {"name": path.name, "bytes": path.stat().st_size, "sha256": digest(path)}


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
