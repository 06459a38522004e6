"""What runs inside a step: the standard library, and of the user's libraries only those that the step has imported.

The compiler packs this package's files into the pipeline (`nb2pipe.emit.stepfiles`), so they keep to Python 3.9 and import each other
relatively.
"""
