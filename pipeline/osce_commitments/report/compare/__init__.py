"""What changed: between wordings, versions and meetings."""
