"""Why a figure is what it is, from an evaluation."""
