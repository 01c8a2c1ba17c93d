"""The views of the page and the JSON API, one module per group of views."""
