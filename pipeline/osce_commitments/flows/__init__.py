"""The order of the stages, and Prefect around it.

``batch`` and ``steps`` define the order without Prefect; ``prefect`` wraps them; ``engine`` chooses.
"""
