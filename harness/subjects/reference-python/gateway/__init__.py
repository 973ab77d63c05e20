"""The Python reference gateway; README.md beside this package says what it is for."""
