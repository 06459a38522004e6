# %% step:a
class Net:
    kind = "net"
    def __init__(self, n):
        self.n = n
net = Net(3)
# %% step:b
print(isinstance(net, Net), type(net) is Net, net.n, net.kind)
# %% step:c
print(Net(4).n, isinstance(net, Net))
