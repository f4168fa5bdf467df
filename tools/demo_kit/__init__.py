"""The demo: places where the reference system runs, loads on them, what is checked, and the report."""
