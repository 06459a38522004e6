# %% step:a
class Node:
    def __init__(self, parent=None):
        self.parent, self.children = parent, []
        if parent:
            parent.children.append(self)
root = Node()
leaf = Node(Node(root))
# %% step:b
leaf.parent.value = 5
# %% step:c
print(root.children[0].value, leaf.parent.parent is root)
