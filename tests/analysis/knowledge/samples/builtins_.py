"""Containers of the language and of `collections`."""

from __future__ import annotations

from knowledge.sample import Family, Sample, table

INNER = "inner = [1]\nitem = [2]\nother = [[3], [4]]\nmapping = {'c': [5]}\n"
SETS = "other = {2, 9}\n"

FAMILY = Family(
    name="builtins",
    library="builtins",
    samples=(
        Sample(
            owner="list",
            setup=INNER,
            make="[inner, [0], [7]]",
            elements=True,
            calls=table("""
                append count remove index: item | inner
                extend: other
                insert: 0, item
                pop: | 0
                sort: | reverse=True
            """),
        ),
        Sample(
            owner="dict",
            setup=INNER,
            make="{'a': inner, 'b': [0]}",
            elements=True,
            calls=table("""
                get: 'a' | 'z', item
                pop: 'a' | 'z', item
                setdefault: 'z', item | 'a', item
                update: mapping | z=item
                fromkeys: other[0]
            """),
        ),
        Sample(
            owner="set",
            setup=SETS,
            make="{1, 2, 3}",
            elements=True,
            calls=table("""
                add discard: 2 | 9
                remove: 2
                difference_update intersection_update symmetric_difference_update update: other
                difference intersection symmetric_difference union isdisjoint issubset issuperset: other
            """),
        ),
        Sample(owner="frozenset", setup=SETS, make="frozenset((1, 2, 3))", elements=True, tries=("other", "")),
        Sample(owner="tuple", setup=INNER, make="(inner, [0])", elements=True, calls=table("count index: inner")),
        Sample(
            owner="bytearray",
            make="bytearray(b'abc')",
            calls=table("""
                append: 100
                extend: b'xyz'
                insert: 0, 100
                remove: 97
            """),
            skip="fromhex maketrans",
        ),
        Sample(
            owner="collections.deque",
            setup="from collections import deque\n" + INNER,
            make="deque([inner, [0]])",
            elements=True,
            calls=table("""
                append appendleft: item
                extend extendleft: other
                insert: 0, item
                remove index count: inner
                rotate: 1
            """),
        ),
        Sample(
            owner="collections.Counter",
            setup="from collections import Counter\nother = {'a': 2}\n",
            make="Counter('abca')",
            elements=True,
            calls=table("""
                get pop: 'a'
                most_common: | 1
                setdefault: 'z', 0
                subtract update: other
            """),
            skip="fromkeys",
        ),
        Sample(
            owner="collections.defaultdict",
            setup="from collections import defaultdict\n" + INNER,
            make="defaultdict(list, a=inner, b=[0])",
            elements=True,
            calls=table("""
                get pop: 'a' | 'z', item
                setdefault: 'z', item
                update: mapping
            """),
            skip="fromkeys",
        ),
        Sample(
            owner="collections.OrderedDict",
            setup="from collections import OrderedDict\n" + INNER,
            make="OrderedDict(a=inner, b=[0])",
            elements=True,
            calls=table("""
                get pop: 'a' | 'z', item
                setdefault: 'z', item
                update: mapping
                move_to_end: 'a'
                popitem: | last=False
            """),
            skip="fromkeys",
        ),
        Sample(
            owner="collections",
            module=True,
            setup="import collections as x\n" + INNER,
            calls=table("""
                deque: other
                Counter: 'aab'
                OrderedDict: mapping
                ChainMap: mapping
                UserDict: mapping
                UserList: other
                namedtuple: 'P', 'a b'
            """),
            only=True,
        ),
    ),
)
