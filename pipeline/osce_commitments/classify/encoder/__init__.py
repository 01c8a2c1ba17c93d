"""The fine-tuned encoder: what it reads and how it is run."""
