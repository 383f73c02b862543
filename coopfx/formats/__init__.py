"""One module for each exchange format: reading, writing, or both."""
