"""What the product costs, measured in CPU seconds of whole processes beside its peers, in one run."""
