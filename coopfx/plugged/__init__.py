"""What plugins bring: the hooks, the declarations, and a world of them, frozen."""
