"""The standard library as notebooks use it."""

from __future__ import annotations

from knowledge.sample import Family, Sample, table

FAMILY = Family(
    name="standard",
    library="builtins",
    samples=(
        Sample(
            owner="io.StringIO",
            setup="import io\nlines = ['a', 'b']\n",
            make="io.StringIO('one\\ntwo\\n')",
            calls=table("""
                write: 'x'
                writelines: lines
                read readline readlines truncate: | 1
                seek: 0 | 2
            """),
            skip="detach fileno buffer",
        ),
        Sample(
            owner="io.BytesIO",
            setup="import io\nlines = [b'a']\nbuffer = bytearray(2)\n",
            make="io.BytesIO(b'one\\ntwo\\n')",
            calls=table("""
                write: b'x'
                writelines: lines
                read readline readlines truncate read1: | 1
                readinto readinto1: buffer
                seek: 0 | 2
            """),
            skip="detach fileno",
        ),
        Sample(
            owner="random.Random",
            setup="import random\nitems = [3, 1, 2]\n",
            make="random.Random(1)",
            calls=table("""
                choice choices shuffle: items
                sample: items, 2
                randint uniform triangular betavariate gammavariate gauss lognormvariate normalvariate vonmisesvariate weibullvariate: 1, 2
                randrange getrandbits randbytes expovariate paretovariate: 2
                seed: 3
                setstate: (3, x.getstate()[1], 0.5)
            """),
        ),
        Sample(
            owner="random",
            module=True,
            setup="import random as x\nitems = [3, 1, 2]\n",
            calls=table("""
                choice choices shuffle: items
                sample: items, 2
                randint uniform gauss triangular: 1, 2
                randrange getrandbits expovariate: 2
                seed: 3
                random getstate:
                Random: 1
            """),
            only=True,
        ),
        Sample(
            owner="pathlib.Path",
            setup="from pathlib import Path\n",
            make="Path('a/b.txt')",
            calls=table("""
                joinpath with_name relative_to is_relative_to match: 'a'
                with_suffix: '.csv'
                glob rglob: '*.txt'
                exists is_file is_dir iterdir:
            """),
            skip=(
                "chmod lchmod touch mkdir rename replace rmdir unlink symlink_to hardlink_to link_to write_text write_bytes open home cwd "
                "expanduser owner group lstat stat readlink"
            ),
        ),
        Sample(
            owner="datetime.datetime",
            setup="from datetime import datetime\n",
            make="datetime(2020, 1, 2)",
            calls=table("""
                strftime: '%Y'
                replace: year=2021
            """),
            skip="now today utcnow strptime fromisoformat fromordinal fromtimestamp utcfromtimestamp combine fromisocalendar astimezone",
        ),
        Sample(
            owner="datetime",
            module=True,
            setup="import datetime as x\n",
            calls=table("datetime date: 2020, 1, 2\ntimedelta time: 1"),
            only=True,
        ),
        Sample(
            owner="logging.Logger",
            setup="import logging\nhandler = logging.NullHandler()\n",
            make="logging.getLogger('probe')",
            calls=table("isEnabledFor: 10\ngetChild: 'a'\ngetEffectiveLevel hasHandlers:"),
            only=True,
        ),
        Sample(
            owner="csv",
            module=True,
            setup="import csv as x, io\nsource = io.StringIO('a,b\\n1,2\\n')\nwords = ['a,b']\n",
            calls=table("reader DictReader: source | words\nwriter: source\nDictWriter: source, words"),
            only=True,
        ),
        Sample(
            owner="itertools",
            module=True,
            setup="import itertools as x\nitems = [[1], [2]]\nthird = iter([1, 2, 3])\n",
            calls=table("""
                chain cycle permutations tee accumulate product combinations: items, | items, 2
                chain cycle product pairwise: items
                combinations combinations_with_replacement islice permutations: items, 2
                repeat: items
                groupby zip_longest: items
                count: 3
                islice: third, 2
            """),
            only=True,
        ),
        Sample(
            owner="heapq",
            module=True,
            setup="import heapq as x\nheap = [3, 1, 2]\n",
            calls=table("""
                heappush heappushpop heapreplace: heap, 2
                heappop heapify: heap
                nlargest nsmallest: 1, heap
                merge: heap
            """),
            only=True,
        ),
        Sample(
            owner="bisect",
            module=True,
            setup="import bisect as x\nitems = [1, 2, 3]\n",
            calls=table("bisect bisect_left bisect_right insort insort_left insort_right: items, 2"),
            only=True,
        ),
        Sample(
            owner="copy",
            module=True,
            setup="import copy as x\nitems = [[1], [2]]\n",
            calls=table("copy deepcopy: items"),
            only=True,
        ),
        Sample(
            owner="operator",
            module=True,
            setup="import operator as x\nitems = [[1], [2]]\nmapping = {'a': [1]}\n",
            calls=table("""
                setitem: mapping, 'b', items
                getitem delitem: mapping, 'a'
                iadd iconcat concat: items, items
            """),
            only=True,
        ),
        Sample(
            owner="os",
            module=True,
            setup="import os as x\n",
            calls=table(
                "chdir: x.path.dirname(x.getcwd()) or x.sep\nputenv: 'PROBE', '1'\ngetcwd cpu_count:\nlistdir: '.'\ngetenv: 'HOME'"
            ),
            only=True,
        ),
        Sample(
            owner="warnings",
            module=True,
            setup="import warnings as x\n",
            calls=table("filterwarnings: 'ignore', 'probe'\nsimplefilter: 'always'\nresetwarnings:"),
            only=True,
        ),
        Sample(
            owner="logging",
            module=True,
            setup="import logging as x\n",
            calls=table("disable: 10 | 0"),
            only=True,
        ),
        Sample(
            owner="decimal",
            module=True,
            setup="import decimal as x\nnew = x.Context(prec=5)\nold = x.getcontext().copy()\n",
            calls=table("setcontext: new | old\nDecimal: 1"),
            only=True,
        ),
        Sample(
            owner="re",
            module=True,
            setup="import re as x\n",
            calls=table("""
                sub: 'a', 'b', 'aa'
                findall split finditer: 'a', 'aba'
                compile escape: 'a'
                match search fullmatch: 'a', 'a'
            """),
            only=True,
        ),
    ),
)
