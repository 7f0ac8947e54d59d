/* Prints the system call numbers of one architecture's unistd_64.h, for AbiTableTest. See README.md beside this file. */
#include <stdio.h>
#include UNISTD

#define NUMBER(name) printf("syscall\t%s.%s\t%d\n", ARCH, #name, __NR_##name)

int main(void) {
  NUMBER(read);
  NUMBER(write);
  NUMBER(close);
  NUMBER(mmap);
  NUMBER(mprotect);
  NUMBER(munmap);
  NUMBER(ioctl);
  NUMBER(pread64);
  NUMBER(pwrite64);
  NUMBER(mremap);
  NUMBER(madvise);
  NUMBER(dup);
  NUMBER(getpid);
  NUMBER(socket);
  NUMBER(connect);
  NUMBER(sendmsg);
  NUMBER(recvmsg);
  NUMBER(shutdown);
  NUMBER(bind);
  NUMBER(listen);
  NUMBER(getsockopt);
  NUMBER(fcntl);
  NUMBER(ftruncate);
  NUMBER(prctl);
  NUMBER(gettid);
  NUMBER(sched_setaffinity);
  NUMBER(sched_getaffinity);
  NUMBER(openat);
  NUMBER(ppoll);
  NUMBER(fallocate);
  NUMBER(accept4);
  NUMBER(eventfd2);
  NUMBER(process_vm_readv);
  NUMBER(preadv2);
  NUMBER(memfd_create);
  NUMBER(userfaultfd);
  NUMBER(futex);
  NUMBER(clone);
  NUMBER(tgkill);
  NUMBER(rt_sigaction);
  NUMBER(exit_group);
  NUMBER(pipe2);
  NUMBER(fsopen);
  NUMBER(fsconfig);
  NUMBER(fsmount);
  NUMBER(close_range);
  NUMBER(pidfd_send_signal);
  NUMBER(pidfd_open);
  NUMBER(pidfd_getfd);
  return 0;
}
