# %% step:a
from dataclasses import dataclass, field
from enum import Enum
class Color(Enum):
    RED = 1
    BLUE = 2
@dataclass(frozen=True)
class Cfg:
    color: Color = Color.RED
    tags: list = field(default_factory=list)
cfg = Cfg(Color.BLUE, ["x"])
# %% step:b
print(cfg, cfg.color is Color.BLUE, cfg == Cfg(Color.BLUE, ["x"]))
cfg.tags.append("y")
# %% step:c
print(cfg.tags, cfg.color.name)
