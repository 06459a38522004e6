# %% step:a
import os.path, xml.dom
import json as os_json
import email.message as em
# %% step:b
print(os.path.basename("a/b"), os_json.loads("[1]"), em.Message.__name__, xml.dom.Node.ELEMENT_NODE)
