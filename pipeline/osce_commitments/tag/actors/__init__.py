"""Who: actors and States of the catalogue, addressees, reporting duties."""
