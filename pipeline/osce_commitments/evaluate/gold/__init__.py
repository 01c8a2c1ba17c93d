"""Stand-off gold: score segmentation and tags against what a careful reader found."""
