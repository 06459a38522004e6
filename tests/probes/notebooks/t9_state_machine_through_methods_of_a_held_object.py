# %% step:a
class Engine:
    def __init__(self): self.log = []
    def run(self): self.log.append("ran")
class Car:
    def __init__(self, engine): self.engine = engine
    def drive(self):
        self.engine.run()
        return self
engine = Engine()
car = Car(engine)
garage = {"car": car}
# %% step:b
garage["car"].drive().drive()
# %% step:c
print(engine.log, len(garage["car"].engine.log))
