"""Runs pytest inside an empty network namespace where the kernel allows it, and says which it was.

python tests/offline/run.py [pytest's arguments]
"""

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys

_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 0x1
_INSIDE = "EVIDENCE_TESTS_IN_NAMESPACE"


def raise_loopback() -> None:
    """A new namespace has its loopback down; programs expect it up."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh", b"lo", 0)
        flags = struct.unpack("16sh", fcntl.ioctl(control, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sh", b"lo", flags | _IFF_UP))


def allowed() -> bool:
    """Whether this user may make a network namespace."""
    unshare = shutil.which("unshare")
    return unshare is not None and subprocess.run([unshare, "-rn", "true"], check=False).returncode == 0


def main() -> None:
    arguments = sys.argv[1:]
    if os.environ.get(_INSIDE):
        raise_loopback()
        print("tests run inside an empty network namespace", flush=True)
    elif allowed():
        os.environ[_INSIDE] = "1"
        os.execvp("unshare", ["unshare", "-rn", sys.executable, __file__, *arguments])
    else:
        print("tests run with the machine's own network: this kernel or user may not make namespaces", flush=True)
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *arguments])


if __name__ == "__main__":
    main()
