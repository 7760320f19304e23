#ifndef VAULT_INGRESS_CLINUX_H
#define VAULT_INGRESS_CLINUX_H

#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

// syscall(2) is variadic, which Swift does not import. glibc 2.36 has wrappers for these calls, but Swift's Glibc module
// does not include them. Each returns -1 and sets errno: ENOSYS on kernels before 5.3 (pidfd_getfd: 5.6), EPERM under
// some seccomp profiles.

static inline int clinux_pidfd_open(pid_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

static inline int clinux_pidfd_send_signal(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

/// The copy is closed on exec.
static inline int clinux_pidfd_getfd(int pidfd, int descriptor) {
    return (int)syscall(SYS_pidfd_getfd, pidfd, descriptor, 0);
}

/// In glibc since 2.34, if _GNU_SOURCE is defined, which Swift's Glibc module does not do.
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

#endif
