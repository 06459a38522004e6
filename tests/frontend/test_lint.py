"""What single cells show."""

from __future__ import annotations

import pytest

from nb2pipe.diagnostics.as_json import as_json
from nb2pipe.diagnostics.as_text import as_text
from nb2pipe.frontend import read_text
from nb2pipe.frontend.lint import lint
from nb2pipe.frontend.report import file_text


def findings(source: str, tags: str = "step:a"):
    notebook = read_text(f"# %% {tags}\n{source}\n", "nb.py").value
    return [(finding.code, marked(finding.span, source)) for finding in sorted(lint(notebook), key=lambda each: each.span.start)]


def marked(span, source: str) -> str:
    line = source.split("\n")[span.start.line - 1]
    return line[span.start.column : span.end.column if span.end.line == span.start.line else None]


FOUND = {
    "pd.read_csv('data/x.csv')": [("NB301", "'data/x.csv'")],
    "pd.read_csv(filepath_or_buffer='x.csv.gz')": [("NB301", "'x.csv.gz'")],
    "é = '漢'; np.load('x.npy')": [("NB301", "'x.npy'")],
    "with open('x.txt') as f: pass": [("NB301", "'x.txt'")],
    "open('x.txt', 'rb')": [("NB301", "'x.txt'")],
    "Path('x.txt').read_text()": [("NB301", "'x.txt'")],
    "glob.glob('data/*.csv')": [("NB301", "'data/*.csv'")],
    "os.listdir('data/')": [("NB301", "'data/'")],
    "pd.read_csv('/home/me/x.csv')": [("NB302", "'/home/me/x.csv'")],
    "p = '~/data'": [("NB302", "'~/data'")],
    "p = 'C:\\\\data'": [("NB302", "'C:\\\\data'")],
    "train_test_split(x)": [("NB303", "train_test_split")],
    "KMeans(3, random_state=None)": [("NB303", "KMeans")],
    "KFold(shuffle=True)": [("NB303", "KFold")],
    "np.random.default_rng()": [("NB303", "np.random.default_rng")],
    "df.sample(frac=0.5)": [("NB303", "df.sample")],
    "datetime.now()": [("NB304", "datetime.now")],
    "np.random.rand(); np.random.randn(); random.random()": [("NB303", "np.random.rand"), ("NB303", "random.random")],
    "stamp = time.time()": [("NB304", "time.time")],
    "eval('1')": [("NB209", "eval")],
    "vars()['x'] = 1": [("NB209", "vars")],
    "importlib.import_module(name)": [("NB209", "importlib.import_module")],
    "from x import *": [("NB208", "from x import *")],
    "!pip install x==1": [("NB306", "!pip install x==1")],
    "!pip install -qU x": [("NB501", "x")],
    "%pip install 'x[all]>=2' -r more.txt": [("NB501", "x[all]>=2")],
    "!{sys.executable} -m pip install x y==1 # z": [("NB501", "x")],
    "%conda install -c conda-forge x=1 y": [("NB501", "y")],
    "%%bash\nset -e\npip install x": [("NB306", "%%bash"), ("NB501", "x")],
    "# /// script\n# dependencies = ['x', 'y==1']\n# ///": [("NB501", "x")],
    "!ls\n!pwd": [("NB306", "!ls")],
    "if x:\n    y = !ls": [("NB306", "!ls")],
    "%%bash\nls": [("NB306", "%%bash")],
    "%%time\n!ls": [("NB306", "!ls")],
    "password = 'hunter22'": [("NB305", "'hunter22'")],
    "connect(password='hunter22')": [("NB305", "'hunter22'")],
    "c = {'api_key': 'abcd1234'}": [("NB305", "'abcd1234'")],
    "os.environ['DB_PASSWORD'] = 'hunter22'": [("NB305", "'hunter22'")],
    "key = 'AKIAABCDEFGHIJKLMNOP'": [("NB305", "AKIAABCDEFGHIJKLMNOP")],
    "# ghp_" + "a" * 36: [("NB305", "ghp_" + "a" * 36)],
    "u = 'https://me:hunter22@x.org'": [("NB305", "hunter22")],
    "return 1": [("NB003", "return 1")],
    "for i in x:\n    pass\nbreak": [("NB003", "break")],
    "def f(): nonlocal q": [("NB003", "nonlocal q")],
}


@pytest.mark.parametrize(("source", "expected"), FOUND.items(), ids=FOUND)
def test_found(source, expected) -> None:
    assert findings(source) == expected


QUIET = """pd.read_csv('https://x.org/a.csv')
pd.read_csv(path)
open('x.txt', 'w').write('a')
open('x.txt', 'w').write('a'); open('x.txt').read()
json.loads('{"a.b": 1}')
json.load(f)
yaml.load('a/b.c')
sqlite3.connect(':memory:')
load_dataset('mnist')
x.open('a')
p = '/tmp/x'
p = '/'
s = '/home'
train_test_split(x, random_state=0)
train_test_split(x, **options)
KFold(5)
KFold(5, shuffle=True, random_state=1)
np.random.default_rng(0)
np.random.seed(0); np.random.rand(3)
random.seed(1); random.random()
df.sample(n=3, random_state=0)
random_thing.sample()
model.eval()
df.eval('a + b')
vars(x)
importlib.import_module('json')
start = time.time(); f(); print(time.time() - start)
start = datetime.now(); f(); print(datetime.now() - start)
print(datetime.now() - start)
pm.sample(1000, random_seed=1)
from numpy.random import seed; seed(1); np.random.rand()
time.perf_counter()
password = os.environ['PASSWORD']
password = ''
password = 'your-password'
password = '<secret>'
password = '********'
password_file = 'x/y'
token = 'hello'
pad_token = '[PAD]'
tokenizer = 'bert-base-uncased-model'
%matplotlib inline
%time x = 1
obj?
async def f(): return 1
await f()
[i async for i in x]
def f():
    for i in x: break
    return 1""".split("\n")


@pytest.mark.parametrize("source", ["\n".join(QUIET[-3:]), *QUIET[:-3]])
def test_quiet(source) -> None:
    assert findings(source) == []


def test_skipped_cells_are_left_alone() -> None:
    assert findings("eval('1')\n!ls\npassword = 'hunter22'", "skip") == []


def test_parameters_may_name_places() -> None:
    assert findings("p = '/home/me'\nq = pd.read_csv('x.csv')", "parameters") == []


def test_mounted_paths_are_no_findings() -> None:
    assert findings("open('/data/x.csv'); p = '/data/raw'; q = '/database/x'", "step:a volume:claim:/data") == []


def test_a_seed_counts_in_every_step_as_it_is_repeated_there() -> None:
    seeded = read_text("# %% step:a\nrandom.seed(0)\nrandom.random()\n# %% step:b\nrandom.random()\n", "nb.py").value
    unseeded = read_text("# %% step:a\nrandom.random()\n# %% step:b\nrandom.random()\n", "nb.py").value
    assert [(finding.code, finding.span.cell) for finding in lint(seeded)] == []
    assert [(finding.code, finding.span.cell) for finding in lint(unseeded)] == [("NB303", "cell-0")]


def test_a_parameter_bound_again_is_reported_at_its_first_place() -> None:
    text = "# %% parameters\nn = 1\nm = 2\n# %% step:a\nk = n\nn = 2\n# %% step:b\nn += 1\n"
    notebook = read_text(text, "nb.py").value
    (finding,) = lint(notebook)
    assert (finding.message, finding.span.cell) == ("step `a` binds the parameter `n` again", "cell-1")


SECRETS = ["AKIAABCDEFGHIJKLMNOP", "ghp_" + "z" * 36, "hunter22", "xoxb-1234567890-abc"]


def test_no_form_of_output_repeats_a_secret() -> None:
    lines = [f"!curl -u me:{SECRETS[1]} x; echo {SECRETS[3]}", f"password = '{SECRETS[2]}'; eval('{SECRETS[0]}'); open('data/x.csv')"]
    notebook = read_text("# %% step:a\n" + "\n".join(lines), "nb.py").value
    found, file = lint(notebook), file_text(notebook)
    assert sorted(finding.code for finding in found) == ["NB209", "NB301", "NB305", "NB305", "NB305", "NB305", "NB306"]
    for printed in (as_text(found, file), str(as_json([(file, found)]))):
        assert not [secret for secret in SECRETS if secret in printed]
