"""What is no stage and no flow: labels of loose texts, the checks of doctor."""
