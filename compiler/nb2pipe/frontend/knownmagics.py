"""What IPython's magics do to names: a table."""

from __future__ import annotations

WRAPPERS = frozenset(("time", "timeit", "capture", "prun"))
"""Cell magics around Python: the step runtime runs them, and the cell stays Python. What a `timeit` cell binds stays inside it."""

TIMED = {
    "time": r"\s*(?:--no-raise-error\s+)?",
    "timeit": r"\s*(?:-[nrp]\s*\d+\s+|-[a-z]+\s+)*",
    "prun": r"\s*(?:-[lsTD]\s*\S+\s+|-[a-z]+\s+)*",
    "memit": r"\s*(?:-[rtio]\s*\S+\s+|-[a-z]\s+)*",
}
"""Line magics that run a statement, and the options before it."""

BINDING = {
    "capture": r"(?:^|\s)([^\W\d]\w*)(?=\s|$)",
    "store": r"^-r\s+(.*)",
    **dict.fromkeys(
        ("bash", "sh", "script", "perl", "ruby", "python", "python3", "python2", "pypy"),
        r"--(?:out|err|proc|no-raise-error\s+--out)[= ]([^\W\d]\w*)",
    ),
}
"""What a magic's line binds."""

FOREIGN = frozenset(
    """bash sh script system sx perl ruby python python2 python3 pypy html HTML javascript js svg SVG latex markdown writefile file
    cmd ! !!""".split()
)
"""Cell magics whose text is no Python of this notebook."""

UNSUPPORTED = {
    "run": "the notebook or script that it runs may define any name",
    "load": "it replaces the cell by a file when it runs",
    "loadpy": "it replaces the cell by a file when it runs",
    "pylab": "it imports names without saying which",
    "store": "it keeps values on this machine, where no step finds them",
    "reset": "it deletes names without saying which",
    "reset_selective": "it deletes names without saying which",
    "xdel": "it deletes a name behind the compiler's back",
    "macro": "it works on the session's history, which a step does not have",
    "recall": "it works on the session's history, which a step does not have",
    "rerun": "it works on the session's history, which a step does not have",
    "rep": "it works on the session's history, which a step does not have",
    "edit": "it opens an editor, which a step does not have",
    "paste": "it reads the clipboard, which a step does not have",
    "cpaste": "it reads the clipboard, which a step does not have",
    "debug": "it waits for someone to type, and nobody does in a step",
    "pdb": "it waits for someone to type, and nobody does in a step",
}
"""Magics that no static analysis can follow, or that mean nothing in a step."""

HARMLESS = frozenset(
    """alias alias_magic autoawait autocall automagic autosave autoreload aimport bookmark cat cd cls clear code_wrap colors colours conda
    config connect_info cp dhist dirs doctest_mode ed env gui hist history inline killbgscripts ldir less lf lk ll load_ext ls lsmagic
    lx magic mamba man matplotlib micromamba mkdir mv notebook page pastebin pdef pdoc pfile pinfo pinfo2 pip popd pprint precision
    profile psearch psource pushd pwd pycat qtconsole quickref rehashx reload_ext rm rmdir save sc set_env subshell sx system tb
    unalias unload_ext uv who who_ls whos xmode
    """.split()
)
"""Magics that bind nothing and read no more than what is filled into their line."""
