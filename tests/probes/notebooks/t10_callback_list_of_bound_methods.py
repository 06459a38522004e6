# %% step:a
class Bus:
    def __init__(self): self.handlers = []
    def on(self, f): self.handlers.append(f)
    def emit(self, x):
        for h in self.handlers: h(x)
class Sink:
    def __init__(self): self.seen = []
    def take(self, x): self.seen.append(x * gain)
gain = 3
bus, sink = Bus(), Sink()
bus.on(sink.take)
# %% step:b
bus.emit(1)
# %% step:c
print(sink.seen)
