"""Documents in the format that their name asks for, and what differs between them and a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from corpora._authoring.markup import Sample
from corpora._authoring.pdf import render_pdf
from corpora._authoring.plain import render_text
from corpora._authoring.web import render_html
from corpora._authoring.word import render_docx

_RENDERERS: dict[str, Callable[[Sample], bytes]] = {
    ".pdf": render_pdf,
    ".docx": render_docx,
    ".html": render_html,
    ".txt": render_text,
}


def render(sample: Sample) -> bytes:
    """The bytes of the document that the sample names."""
    return _RENDERERS[Path(sample.name).suffix](sample)


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files by their path below a folder, which is made if it is missing."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def stale(files: Mapping[str, bytes], folder: Path) -> list[str]:
    """What differs between these files and those of the folder, one line each."""
    present = {path.name for path in folder.iterdir() if path.is_file()}
    missing = [f"missing: {name}" for name in files if name not in present]
    changed = [
        f"out of date: {name}"
        for name, content in files.items()
        if name in present and (folder / name).read_bytes() != content
    ]
    return missing + changed + [f"no source: {name}" for name in sorted(present - files.keys())]
