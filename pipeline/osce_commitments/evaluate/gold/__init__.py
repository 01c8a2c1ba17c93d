"""Stand-off gold: scores segmentation and tags against the annotations of a careful reader."""
