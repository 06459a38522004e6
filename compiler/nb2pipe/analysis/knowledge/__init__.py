"""What library calls change, return and hold: data, no code that runs libraries.

A call is looked up in this order.

1. `facts/*.txt`: found by calling the library on samples and comparing before and after (`make knowledge`). A receiver of known type, or a
   function by its path. Rows of two releases of a library are taken together.
2. Tables written by hand, `functions.py` by dotted path and `methods.py` by the method's name: for libraries that were not probed, for
   receivers of unknown type, and for what follows single elements of containers.
3. The default: the call changes nothing, returns a new object, and holds nothing of its arguments unless its name is that of a class.

So an unknown receiver is changed only by a method whose name says so, as ``append``, ``fit`` or ``update``: taking every unknown call for a
change would make each cell wait for the one before. A wrong default shows in `nb2pipe verify`; the cure is a sample in
`tests/analysis/knowledge/samples`, or a row here.
"""
