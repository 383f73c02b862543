"""The kit for strangers: what a plugin runs to show that it conforms, as a pytest plugin."""

from coopfx.testing.plugin import pytest_collect_file as pytest_collect_file
from coopfx.testing.plugin import pytest_configure as pytest_configure
