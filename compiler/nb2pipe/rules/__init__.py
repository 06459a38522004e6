"""One file and one page per diagnostic code; `nb2pipe.diagnostics.catalogue` is the table of them."""
