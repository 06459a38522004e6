"""Calls that write and read files, and which argument is the path."""

WRITING_METHODS = frozenset(
    "to_csv to_parquet to_excel to_json to_pickle to_feather to_hdf to_html to_latex to_stata to_xml to_orc to_netcdf tofile savefig "
    "save save_weights save_model save_pretrained write_csv write_parquet write_ipc write_ndjson write_html write_image write_json".split()
)
"""Their first argument is the path that they write."""

READING_METHODS = frozenset("load_weights load_model".split())
"""Their first argument is the path that they read."""

PATH_WRITES = frozenset("write_text write_bytes touch".split())
PATH_READS = frozenset("read_text read_bytes".split())
"""Methods of a `pathlib.Path`."""

WRITES = {
    "numpy.save": 0,
    "numpy.savez": 0,
    "numpy.savez_compressed": 0,
    "numpy.savetxt": 0,
    "joblib.dump": 1,
    "torch.save": 1,
    "matplotlib.pyplot.savefig": 0,
    "matplotlib.pyplot.imsave": 0,
    "matplotlib.image.imsave": 0,
    "shutil.copy": 1,
    "shutil.copy2": 1,
    "shutil.copyfile": 1,
    "shutil.move": 1,
    "os.rename": 1,
    "os.replace": 1,
    "urllib.request.urlretrieve": 1,
    "keras.models.save_model": 1,
    "tensorflow.keras.models.save_model": 1,
    "tensorflow.saved_model.save": 1,
    "cv2.imwrite": 0,
    "imageio.imwrite": 0,
    "skimage.io.imsave": 0,
    "scipy.io.savemat": 0,
    "scipy.sparse.save_npz": 0,
    "sqlite3.connect": 0,
    "pyarrow.parquet.write_table": 1,
    "pyarrow.csv.write_csv": 1,
}
"""Functions and the position of the path that they write; a database is written at any time while it is open."""

READS = {
    "numpy.load": 0,
    "numpy.loadtxt": 0,
    "numpy.genfromtxt": 0,
    "numpy.fromfile": 0,
    "numpy.memmap": 0,
    "joblib.load": 0,
    "torch.load": 0,
    "keras.models.load_model": 0,
    "keras.saving.load_model": 0,
    "tensorflow.keras.models.load_model": 0,
    "tensorflow.saved_model.load": 0,
    "matplotlib.pyplot.imread": 0,
    "matplotlib.image.imread": 0,
    "cv2.imread": 0,
    "PIL.Image.open": 0,
    "imageio.imread": 0,
    "skimage.io.imread": 0,
    "scipy.io.loadmat": 0,
    "scipy.sparse.load_npz": 0,
    "shutil.copy": 0,
    "shutil.copy2": 0,
    "shutil.copyfile": 0,
    "shutil.move": 0,
    "os.rename": 0,
    "os.replace": 0,
    "os.path.getsize": 0,
    "sqlite3.connect": 0,
    "pyarrow.parquet.read_table": 0,
    "pyarrow.csv.read_csv": 0,
    "IPython.display.Image": 0,
}
"""Functions and the position of the path that they read."""

LISTS = {"os.listdir": 0, "os.scandir": 0, "os.walk": 0, "glob.glob": 0, "glob.iglob": 0, "shutil.make_archive": 2, "shutil.copytree": 0}
"""Functions that look at all files below a folder, or that match a pattern."""

MAKES_FOLDER = frozenset(("os.makedirs", "os.mkdir"))
"""Functions that make a folder; so does `mkdir` of a `pathlib.Path`."""

READING_PREFIXES = ("pandas.read_", "polars.read_", "polars.scan_", "geopandas.read_")
"""Functions below these paths read their first argument."""

OPENERS = {
    "builtins.open": 1,
    "io.open": 1,
    "gzip.open": 1,
    "bz2.open": 1,
    "lzma.open": 1,
    "h5py.File": 1,
    "zipfile.ZipFile": 1,
    "tarfile.open": 1,
}
"""They open their first argument; the position of the mode, which says for what. Without one they read."""

SUFFIXES = {
    "numpy.save": ".npy",
    "numpy.savez": ".npz",
    "numpy.savez_compressed": ".npz",
    "scipy.io.savemat": ".mat",
    "scipy.sparse.save_npz": ".npz",
}
"""What a function adds to a path that does not end so."""

BY_PATH = (OPENERS, READS, LISTS, MAKES_FOLDER, WRITES)
"""All functions that have to do with files, those below READING_PREFIXES apart."""

KEYWORDS = ("path_or_buf", "path", "fname", "file", "filename", "filepath", "excel_writer", "buf", "filepath_or_buffer", "io", "f")
"""What the argument is called where it is given by keyword."""
