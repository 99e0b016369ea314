"""A process whose writes do not last any more: every `fsync` and `fdatasync` fails from now on.

The kernel refuses them to this process alone (seccomp), which needs no rights, and lets nobody take it back.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from typing import Final

_NO_NEW_PRIVS: Final = 38
_SET_FILTER, _FOR_ALL_THREADS = 1, 1
_LOAD, _IS, _RETURN = 0x20, 0x15, 0x06
_ALLOWED, _REFUSED = 0x7FFF0000, 0x00050000
_NUMBERS: Final = {"x86_64": (317, (74, 75)), "aarch64": (277, (82, 83))}
"""By machine those of `seccomp`, and of `fsync` and `fdatasync`."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


def nothing_lasts() -> None:
    """From now on, for every thread of this process. OSError if this machine cannot do it."""
    own, refused = _NUMBERS[platform.machine()]
    steps = [
        struct.pack("HBBI", _LOAD, 0, 0, 0),  # the number of the call
        *(struct.pack("HBBI", _IS, len(refused) - n, 0, call) for n, call in enumerate(refused)),
        struct.pack("HBBI", _RETURN, 0, 0, _ALLOWED),
        struct.pack("HBBI", _RETURN, 0, 0, _REFUSED | errno.EIO),
    ]
    kept = ctypes.create_string_buffer(b"".join(steps))
    program = _Program(len(steps), ctypes.addressof(kept))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.syscall(
        own, _SET_FILTER, _FOR_ALL_THREADS, ctypes.byref(program)
    ):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
