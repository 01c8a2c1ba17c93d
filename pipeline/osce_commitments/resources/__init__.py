"""Word lists, patterns and catalogue facts that inference needs; data only, next to one loader."""

from __future__ import annotations

import csv
import functools
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    import jinja2


@functools.cache
def load_yaml(name: str) -> Any:  # noqa: ANN401 - each file has its own shape, which its reader checks
    """Content of ``resources/<name>.yaml``; shared, so never change it."""
    text = files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    # Both are safe loaders, the C one is faster.
    return yaml.load(text, Loader=loader)  # noqa: S506


@functools.cache
def load_csv(name: str) -> tuple[dict[str, str], ...]:
    """Rows of ``resources/<name>.csv``; shared, so never change them."""
    text = files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def template_file(name: str) -> Traversable:
    """The file ``resources/templates/<name>``."""
    return files(__name__).joinpath("templates", name)


def resource_file(name: str) -> Traversable:
    """The file ``resources/<name>``."""
    return files(__name__).joinpath(name)


@functools.cache
def template(name: str) -> jinja2.Template:
    """The page ``resources/templates/<name>``; inserted values are escaped."""
    import jinja2

    loader = jinja2.PackageLoader("osce_commitments", "resources/templates")
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined).get_template(name)
