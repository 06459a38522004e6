"""Two samples, or their counts → how far apart they are, and whether that may be chance. One statistic per file, formula and source in its docstring."""
