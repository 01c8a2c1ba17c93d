"""Work outside the stages: labels of loose texts, the checks of ``doctor``."""
