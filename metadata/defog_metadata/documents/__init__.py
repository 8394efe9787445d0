"""Files that people keep beside their SQL, read with the place of everything in them.

A file with a mistake in it is read all the same: what is wrong is a ``Fault`` at its place, and the
rest is used, since these files are read while somebody types in them. Changes are ``Edit`` values
that leave the rest of the file as it is.
"""
