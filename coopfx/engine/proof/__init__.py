"""What holds in every year: obligations proved, or a year that breaks them."""
