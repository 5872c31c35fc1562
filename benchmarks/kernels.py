"""Which processor's instructions each side multiplies matrices with: most of a large step is that, and no code of ours.

OpenBLAS, with which NumPy comes, looks at the processor, unless the environment's OPENBLAS_CORETYPE names an older one,
so that all machines round alike: with `Haswell` it computes at half the speed that one with AVX-512 would allow.
PyTorch does not read that; ONEDNN_MAX_CPU_ISA=AVX2 and ATEN_CPU_CAPABILITY=avx2 hold it to the same instructions.
"""

import os

import torch
from threadpoolctl import threadpool_info


def kernels() -> str:
    """What NumPy's and PyTorch's products are compiled for, and by what they are held to less."""
    found = {info["architecture"] for info in threadpool_info() if "architecture" in info}
    names = ("OPENBLAS_CORETYPE", "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "ATEN_CPU_CAPABILITY")
    held = [f"{name}={os.environ[name]}" for name in names if os.environ.get(name)]
    ours, its = " and ".join(sorted(found)) or "what its library chose", torch.backends.cpu.get_cpu_capability()
    return f"products: NumPy's for {ours}, PyTorch's for {its}; {' '.join(held) or 'neither held to less'}"
