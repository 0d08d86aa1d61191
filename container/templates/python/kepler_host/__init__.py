"""The program of a Python template's process; see host.py."""
