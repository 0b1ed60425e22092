"""Open data in, answers with evidence out. Knows no web framework and no database of the office."""

import os

# Read by numpy's linear algebra when it is first loaded, so it stands here. Its threads wait by spinning: on a machine
# with anything else to do, two of them encode a quarter of what one does (61 texts/s and 224 on two busy cores).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
