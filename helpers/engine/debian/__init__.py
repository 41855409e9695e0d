"""Trees of Debian's packages: fetched, checked, unpacked into the cache; nothing is installed.

Standard library only: the launcher needs them before anything else is there.
"""
