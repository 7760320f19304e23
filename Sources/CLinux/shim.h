#ifndef VAULT_INGRESS_CLINUX_H
#define VAULT_INGRESS_CLINUX_H

// Without headers that define struct stat (fcntl.h): the type would belong to this module, and code that imports only
// Glibc could not use it.

#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/prctl.h>
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

/// pipe(2). Only _GNU_SOURCE declares it.
int pipe2(int descriptors[2], int flags);

// prctl(2) is variadic.

/// Neither a crash nor another process of the same user can read the memory of this process.
static inline int clinux_forbid_dumps(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/// 1 if the orphans among the descendants become children of this process.
// malloc.h. At most this many arenas: the threads of the program would each keep the memory that one of them once needed.
int mallopt(int parameter, int value);
static inline void clinux_limit_arenas(int number) {
    mallopt(-8 /* M_ARENA_MAX */, number);
}

int malloc_trim(unsigned long pad);
static inline void clinux_trim_memory(void) {
    malloc_trim(0);
}

static inline int clinux_is_child_subreaper(void) {
    int value = 0;
    return prctl(PR_GET_CHILD_SUBREAPER, &value, 0, 0, 0) == 0 && value != 0;
}

/// In glibc since 2.34, if _GNU_SOURCE is defined, which Swift's Glibc module does not do.
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

#endif
