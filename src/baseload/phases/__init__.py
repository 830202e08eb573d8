"""Phases of war and peace, on which event rates depend."""
