"""The command that serves the analysts' page."""

from __future__ import annotations

import signal
from typing import Annotated

import typer

from osce_commitments.cli import options
from osce_commitments.errors import ConfigError


def _named(name: str | None) -> str | None:
    if name is not None and not name.strip():
        msg = "--review has no name"
        raise ConfigError(msg, "give the name of the person who corrects labels, or leave --review out")
    return name and name.strip()


def serve_command(
    data: options.Data = options.DEFAULT_DATA,
    as_of: options.AsOf = "latest",
    host: Annotated[
        str, typer.Option(help="Address to listen on; any address but 127.0.0.1 opens the page to the network.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 for any free one.")] = 8321,
    base_path: Annotated[
        str, typer.Option(help="Path at which a proxy offers the page, such as /commitments.", metavar="PATH")
    ] = "",
    trusted_host: Annotated[
        list[str] | None,
        typer.Option(
            help="Host name in the address of the page, as a proxy passes it on. May be repeated.", metavar="HOST"
        ),
    ] = None,
    labels: options.LabelsByOption = "corrected",
    review: Annotated[
        str | None,
        typer.Option(help="Name of the person who corrects labels on the page.", metavar="NAME", callback=_named),
    ] = None,
    review_from_network: Annotated[
        bool, typer.Option("--review-from-network", help="Allow corrections at an address that is open to the network.")
    ] = False,
) -> None:
    """Serve a page for reading, searching and comparing in a browser; stop it with Ctrl-C."""
    from osce_commitments.serve import PageAddress
    from osce_commitments.serve import serve as run

    def announce(address: str) -> None:
        typer.echo(f"The page is at {address} (stop it with Ctrl-C)")
        if review:
            typer.echo(f"{review} corrects labels at {address}review")

    # A stop by a service manager ends like Ctrl-C, so that answers become a version.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    place = PageAddress(host, port, base_path, tuple(trusted_host or ()))
    run(data, as_of, place, announce, reviewer=review or "", allows_network=review_from_network, labels=labels)
