"""What library calls change, return and hold: data, no code that runs libraries.

The default for a call that no table names: it changes nothing, returns a new object, and holds nothing of its arguments unless its
name is that of a class. A wrong default shows in `nb2pipe verify`; the cure is a row here.
"""
