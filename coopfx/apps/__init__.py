"""The doors: the only rooms that touch the user's files, screen and sockets."""
