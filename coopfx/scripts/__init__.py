"""A policy as scripts and notebooks ask for it: what ``coopfx.open`` gives."""
