"""The people who may log in."""
