"""Read the mark-up of the authored sources and write documents; `README.md` describes the mark-up."""
