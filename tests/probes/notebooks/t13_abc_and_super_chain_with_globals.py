# %% step:a
from abc import ABC, abstractmethod
prefix = "p"
class A(ABC):
    @abstractmethod
    def name(self): ...
    def full(self): return prefix + self.name()
class B(A):
    def name(self): return "b"
class C(B):
    def full(self): return super().full() + suffix
# %% step:b
suffix = "s"
# %% step:c
print(C().full())
