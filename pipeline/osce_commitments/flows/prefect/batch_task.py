"""The Prefect task that processes a batch. Workers import this module only, so it imports little."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

# Before Prefect, which would otherwise read settings from the working folder.
from osce_commitments.flows.prefect import safe_settings  # noqa: F401

# isort: split
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import task_run

from osce_commitments.flows.batch import pack_batch

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

    from osce_commitments.config import RunConfig
    from osce_commitments.schema import SourceRef

# Before each retry after an input/output failure.
_PAUSES_SECONDS = [2.0, 10.0]


def _is_io_error(_task: object, _run: object, state: State[Any]) -> bool:
    try:
        state.result()
    except OSError:
        return True
    except Exception:  # noqa: BLE001 - any other failure would only repeat
        return False
    return False


@task(
    name="batch",
    retries=len(_PAUSES_SECONDS),
    retry_delay_seconds=_PAUSES_SECONDS,
    retry_condition_fn=_is_io_error,
    cache_policy=NO_CACHE,
)
def batch(refs: Sequence[SourceRef], config: RunConfig) -> list[bytes]:
    """Process a batch; returns it packed, so that only the process that writes it unpacks it. Temporary failures are tried again."""
    return list(pack_batch(refs, config, is_last_try=task_run.run_count > len(_PAUSES_SECONDS)))
