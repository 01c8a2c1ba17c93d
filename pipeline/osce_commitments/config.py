"""The run configuration: YAML checked by pydantic, with every default of the pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from osce_commitments.errors import ConfigError
from osce_commitments.files import read_regular

MEGABYTE = 1_000_000  # bytes
_Positive = Annotated[int, Field(gt=0)]
_S = TypeVar("_S", bound=BaseModel)


class ConfigSection(BaseModel):
    """Keys of a configuration file; unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Engine(StrEnum):
    """What calls the stages: Prefect, this process, or whichever fits the job."""

    AUTO = "auto"
    PREFECT = "prefect"
    INLINE = "inline"


class Runner(StrEnum):
    """Where Prefect runs the batches."""

    THREAD = "thread"
    DASK = "dask"


class Limits(ConfigSection):
    """Limits on one input; an input beyond them becomes a reject row."""

    max_megabytes: _Positive = Field(default=100, description="size of one input file")
    max_unpacked_megabytes: _Positive = Field(default=500, description="size of a DOCX after unpacking")
    max_pages: _Positive = Field(default=3000, description="pages of one PDF")
    max_elements: _Positive = Field(default=3_000_000, description="elements of one DOCX, HTML or XML file")
    max_characters: _Positive = Field(default=20_000_000, description="characters of text in one input")
    max_provisions: _Positive = Field(default=30_000, description="provisions of one input")
    max_provision_characters: _Positive = Field(default=100_000, description="characters of one provision")
    max_seconds: _Positive = Field(default=55, description="CPU time for one input, for all stages")
    max_seconds_per_megabyte: int = Field(default=60, ge=0, description="more CPU time for each MB beyond the first")
    max_memory_megabytes: _Positive = Field(default=950, description="memory for one input, for all stages")


class Fetch(ConfigSection):
    """How inputs are downloaded."""

    cache: Path = Field(default=Path(".cache/sources"), description="folder of downloaded files")
    attempts: _Positive = Field(default=4, description="tries per address, with growing pauses")
    timeout_seconds: float = Field(default=30.0, gt=0, description="longest wait for an answer")
    deadline_seconds: float = Field(default=600.0, gt=0, description="longest time for one download with its redirects")
    seconds_between_requests: float = Field(default=2.0, ge=0, description="pause between requests to one host")
    user_agent: str = Field(
        default="osce-commitments (research pipeline for public OSCE documents)", description="name given to servers"
    )


class RunConfig(ConfigSection):
    """Configuration of one run."""

    engine: Engine = Field(
        default=Engine.AUTO, description="auto uses inline below auto_threshold new or changed inputs"
    )
    auto_threshold: _Positive = Field(
        default=40, description="number of new or changed inputs from which auto uses Prefect"
    )
    runner: Runner = Field(default=Runner.THREAD, description="Prefect task runner")
    workers: _Positive = Field(default=2, description="batches processed at the same time")
    batch_size: _Positive = Field(
        default=25, description="inputs per batch; one batch is one task and one commit per table"
    )
    model: str = Field(default="default", description="classifier: default, rules, NAME, NAME@VERSION or a folder")
    metadata: Path | None = Field(default=None, description="CSV table of facts about the inputs")
    limits: Limits = Limits()
    fetch: Fetch = Fetch()


def load_config(path: Path | None, overrides: Mapping[str, Any] | None = None) -> RunConfig:
    """Read a YAML file into a configuration; without a path, the defaults.

    Args:
        path: The file.
        overrides: Values of top-level keys; they win over the file.

    Raises:
        ConfigError: If the file is missing or not YAML, or a key is wrong or unknown; the message names both.
    """
    return load_section(RunConfig, path, overrides, example="configs/run.yaml")


def load_section(kind: type[_S], path: Path | None, overrides: Mapping[str, Any] | None = None, *, example: str) -> _S:
    """Read a YAML file into any section; ``example`` is the file that shows every key."""
    values = _read(path, example) if path else {}
    try:
        return kind.model_validate(values | dict(overrides or {}))
    except ValidationError as error:
        raise ConfigError(_describe(path, error), f"see {example} for every key") from error


def _read(path: Path, example: str) -> dict[str, Any]:
    try:
        values = yaml.safe_load(read_regular(path)) or {}
    except FileNotFoundError as error:
        msg = f"configuration file {path} does not exist"
        raise ConfigError(msg, f"give --config the path of a YAML file, such as {example}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        msg = f"configuration file {path} cannot be read: {' '.join(str(error).split())}"
        raise ConfigError(msg, "write it as YAML in UTF-8") from error
    if not isinstance(values, dict):
        msg = f"configuration file {path} has no keys"
        raise ConfigError(msg, "write 'key: value' lines")
    return values


def _describe(path: Path | None, error: ValidationError) -> str:
    problems = []
    for item in error.errors():
        key = ".".join(str(part) for part in item["loc"])
        problems.append("unknown key " + key if item["type"] == "extra_forbidden" else f"{key}: {item['msg']}")
    return (f"configuration file {path}: " if path else "configuration: ") + "; ".join(problems)
