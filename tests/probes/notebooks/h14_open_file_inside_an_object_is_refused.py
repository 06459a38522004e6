# expect: NB401
# %% step:a
class Log:
    def __init__(self, path):
        self.file = open(path, "w")
log = Log("x.txt")
# %% step:b
log.file.write("x")
