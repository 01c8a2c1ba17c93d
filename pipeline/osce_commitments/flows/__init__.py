"""The order of the stages, and Prefect around it.

``batch`` and ``steps`` know the order and nothing of Prefect; ``prefect`` wraps them; ``engine`` chooses.
"""
