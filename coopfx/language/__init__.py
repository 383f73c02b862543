"""Text to typed program."""
