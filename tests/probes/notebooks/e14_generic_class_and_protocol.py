# %% step:a
from typing import Generic, Protocol, TypeVar, runtime_checkable
T = TypeVar("T")
class Stack(Generic[T]):
    def __init__(self): self.items: list[T] = []
    def push(self, x: T) -> None: self.items.append(x)
@runtime_checkable
class Pushes(Protocol):
    def push(self, x): ...
s = Stack[int]()
# %% step:b
s.push(3)
# %% step:c
print(s.items, isinstance(s, Pushes), type(s) is Stack)
