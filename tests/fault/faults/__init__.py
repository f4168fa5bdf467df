"""Tests that break the running engine from outside; tools/faults runs them."""
