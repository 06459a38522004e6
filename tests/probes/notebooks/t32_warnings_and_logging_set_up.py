# %% step:a
import logging, warnings, sys
warnings.filterwarnings("ignore")
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(levelname)s %(message)s")
log = logging.getLogger("probe")
log.info("one")
# %% step:b
log.info("two")
warnings.warn("quiet")
log.setLevel(logging.ERROR)
# %% step:c
log.info("three")
log.error("four")
