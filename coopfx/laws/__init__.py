"""A law as its readers want it: as a book, examined, held to what it has to show."""
