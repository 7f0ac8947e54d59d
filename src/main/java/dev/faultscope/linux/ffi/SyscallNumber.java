package dev.faultscope.linux.ffi;

/** Numbers of the system calls used, for the two architectures supported. */
public enum SyscallNumber {
  READ(0, 63),
  WRITE(1, 64),
  CLOSE(3, 57),
  MMAP(9, 222),
  MPROTECT(10, 226),
  MUNMAP(11, 215),
  IOCTL(16, 29),
  PREAD64(17, 67),
  PWRITE64(18, 68),
  MREMAP(25, 216),
  MADVISE(28, 233),
  DUP(32, 23),
  GETPID(39, 172),
  SOCKET(41, 198),
  CONNECT(42, 203),
  SENDMSG(46, 211),
  RECVMSG(47, 212),
  SHUTDOWN(48, 210),
  BIND(49, 200),
  LISTEN(50, 201),
  GETSOCKOPT(55, 209),
  FCNTL(72, 25),
  FTRUNCATE(77, 46),
  PRCTL(157, 167),
  GETTID(186, 178),
  SCHED_SETAFFINITY(203, 122),
  SCHED_GETAFFINITY(204, 123),
  OPENAT(257, 56),
  PPOLL(271, 73),
  FALLOCATE(285, 47),
  ACCEPT4(288, 242),
  EVENTFD2(290, 19),
  PROCESS_VM_READV(310, 270),
  PREADV2(327, 286),
  MEMFD_CREATE(319, 279),
  USERFAULTFD(323, 282),
  FUTEX(202, 98),
  CLONE(56, 220),
  TGKILL(234, 131),
  RT_SIGACTION(13, 134),
  EXIT_GROUP(231, 94),
  PIPE2(293, 59),
  FSOPEN(430, 430),
  FSCONFIG(431, 431),
  FSMOUNT(432, 432),
  CLOSE_RANGE(436, 436),
  PIDFD_SEND_SIGNAL(424, 424),
  PIDFD_OPEN(434, 434),
  PIDFD_GETFD(438, 438);

  private static final boolean X86_64 = isX86("" + System.getProperty("os.arch"));

  private final int x86;
  private final int arm;

  SyscallNumber(int x86, int arm) {
    this.x86 = x86;
    this.arm = arm;
  }

  /** {@return the number on the machine this runs on} */
  public int number() {
    return X86_64 ? x86 : arm;
  }

  /** {@return the number on x86-64} */
  public int onX86() {
    return x86;
  }

  /** {@return the number on arm64} */
  public int onArm() {
    return arm;
  }

  private static boolean isX86(String arch) {
    return arch.equals("amd64") || arch.equals("x86_64");
  }
}
