"""Prefect around the steps: flows, server, task runners."""
