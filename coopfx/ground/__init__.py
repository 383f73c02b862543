"""What everything rests on: texts and places, exact figures, diagnostics, languages, facts."""
