"""The one module that knows Landlock and seccomp: what a process that parses untrusted bytes may still do.

After `enter` the process can compute, read and write what is already open, and end. Three layers, each
enough against most of what a taken-over parser would try: limits (every Unix), system calls (seccomp, a
list of what is allowed), files and sockets (Landlock). A layer the kernel lacks is left out and named.
"""

import ctypes
import errno
import os
import resource
import struct
from dataclasses import dataclass
from functools import cache

from evidence.corpus.errors import ConfigError

try:
    import pyseccomp
except (ImportError, RuntimeError):  # the package wraps libseccomp, which small systems lack
    pyseccomp = None

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
# linux/seccomp.h and linux/filter.h: a program of instructions of eight bytes.
_MODE_FILTER, _INSTRUCTION_BYTES = 2, 8
_SIGKILL = 9

# Landlock's system calls have these numbers on every architecture (linux/landlock.h).
_CREATE_RULESET, _RESTRICT_SELF = 444, 446
_VERSION_QUERY = 1
# Rights on files that exist since each version of the interface: 13 in the first, then refer, truncate, ioctl.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NET_SINCE, _SCOPE_SINCE = 4, 6
_ALL_NET, _ALL_SCOPES = 0b11, 0b11

_AT_EMPTY_PATH = 0x1000
# What an interpreter needs to compute, to use memory, to read and write open files, and to end. No call
# that opens, connects, starts, signals or traces is in it; those fail with EPERM.
_ALLOWED = (
    "read write readv writev pread64 lseek close fstat poll ppoll select pselect6 "
    "brk mmap munmap mremap mprotect madvise membarrier futex sched_yield sched_getaffinity getcpu "
    "rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack restart_syscall rseq set_robust_list "
    "clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times getrusage sysinfo uname "
    "getrandom getpid gettid getppid getuid geteuid getgid getegid exit exit_group"
).split()


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost: seconds of work and on the clock, bytes of address space and of result.

    A bank's 10-K of 20 MB takes 6 s and 500 MB; the clock has room for a machine that embeds meanwhile. It may be
    given its own seconds, for a machine that has much else to do.
    """

    seconds: int = 60
    memory_bytes: int = 1100 << 20
    result_bytes: int = 128 << 20
    clock_seconds: int | None = None

    @property
    def patience(self) -> int:
        """The seconds on the clock."""
        return self.seconds if self.clock_seconds is None else self.clock_seconds


@dataclass(frozen=True, slots=True)
class Layers:
    """Which layers this machine has beside the limits."""

    landlock: bool
    seccomp: bool

    @property
    def missing(self) -> list[str]:
        """The names of those it has not."""
        return [name for name, there in (("Landlock", self.landlock), ("seccomp", self.seccomp)) if not there]


@cache
def layers() -> Layers:
    """Looks once; nothing is entered by it."""
    return Layers(landlock=_landlock_version() > 0, seccomp=pyseccomp is not None)


def prepare() -> None:
    """Looks and compiles now, for who will enter in many children; those need no file for it then."""
    if layers().seccomp:
        _filter()


def enter(limits: Limits, many: bool = False) -> None:
    """Gives up, for this process and for good, everything but computing. Call it in a fresh child only.

    With `many` documents to come no limit is set on processor time: who watches has a clock for each.

    Raises ConfigError when a layer that is there cannot be entered: better no document than a half-closed door.
    """
    prepare()
    _limit(limits, many)
    if _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise ConfigError(f"cannot give up privileges: {os.strerror(ctypes.get_errno())}")
    if layers().landlock:
        _close_files()
    if layers().seccomp:
        _close_calls()


def die_with_parent() -> None:
    """Asks the kernel to end this process when the thread that started it ends."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)


def _limit(limits: Limits, many: bool) -> None:
    if not many:
        # at the first the signal says why; at the second nothing is said, and the kernel asks for the second first
        resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(what, (most, most))


def _landlock_version() -> int:
    return int(_LIBC.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION_QUERY))


def _close_files() -> None:
    """A ruleset that handles every right and grants none: nothing can be opened, made, removed or bound."""
    version = _landlock_version()
    rights = [(1 << _FILE_RIGHTS.get(version, max(_FILE_RIGHTS.values()))) - 1]
    rights += [_ALL_NET] * (version >= _NET_SINCE) + [_ALL_SCOPES] * (version >= _SCOPE_SINCE)
    fields = struct.pack(f"={len(rights)}Q", *rights)
    ruleset = _LIBC.syscall(_CREATE_RULESET, fields, ctypes.c_size_t(len(fields)), 0)
    if ruleset < 0 or _LIBC.syscall(_RESTRICT_SELF, ruleset, 0) != 0:
        raise ConfigError(f"Landlock cannot be entered: {os.strerror(ctypes.get_errno())}")
    os.close(ruleset)


def _close_calls() -> None:
    program = _filter()
    code = ctypes.create_string_buffer(program, len(program))
    packed = struct.pack("HP", len(program) // _INSTRUCTION_BYTES, ctypes.addressof(code))
    if _LIBC.prctl(_PR_SET_SECCOMP, _MODE_FILTER, packed, 0, 0) != 0:
        raise ConfigError(f"seccomp cannot be entered: {os.strerror(ctypes.get_errno())}")


@cache
def _filter() -> bytes:
    """The list of what is allowed as the kernel's program: compiled once, for it takes longer than a fork."""
    try:
        rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
        for name in _ALLOWED:
            if (number := pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)) >= 0:
                rules.add_rule(pyseccomp.ALLOW, number)
        # newer C libraries ask it about an open file; with a name it would ask about any
        rules.add_rule(pyseccomp.ALLOW, "newfstatat", pyseccomp.Arg(3, pyseccomp.EQ, _AT_EMPTY_PATH))
        with os.fdopen(os.memfd_create("rules"), "w+b") as file:
            rules.export_bpf(file)
            file.seek(0)
            return file.read()
    except OSError as error:
        raise ConfigError(f"seccomp's rules cannot be compiled: {error}") from error
