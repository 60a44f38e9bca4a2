"""What mpirun is started with by the tools: as root too, with more ranks than cores, no rank tied to
a core that another needs, and without reading another rank's memory directly, which containers
forbid. common.sh says the same to the shell. Measurements take AS_ROOT alone: idle ranks that yield
are slower."""

import os

AS_ROOT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}

ENVIRONMENT = os.environ | AS_ROOT | {
    "OMPI_MCA_rmaps_base_oversubscribe": "1",
    "OMPI_MCA_mpi_yield_when_idle": "1",
    "OMPI_MCA_hwloc_base_binding_policy": "none",
    "OMPI_MCA_btl_vader_single_copy_mechanism": "none",
}
