package dev.faultscope.linux.ffi;

/** Threads, signals and futexes: linux/sched.h, asm-generic/signal.h, linux/futex.h; x86-64. */
public final class ThreadAbi {
  public static final int FUTEX_WAIT = 0;
  public static final int FUTEX_WAKE = 1;
  public static final int CLONE_VM = 0x100;
  public static final int CLONE_FS = 0x200;
  public static final int CLONE_FILES = 0x400;
  public static final int CLONE_SIGHAND = 0x800;
  public static final int CLONE_THREAD = 0x10000;
  public static final int CLONE_SYSVSEM = 0x40000;
  public static final int SA_SIGINFO = 4;
  public static final int SA_RESTORER = 0x4000000;
  public static final int SIGKILL = 9;
  public static final int SIGBUS = 7;
  public static final int SIGSEGV = 11;
  public static final int SIGUSR1 = 10;
  public static final int SIGUSR2 = 12;
  public static final int SIGCHLD = 17;

  private ThreadAbi() {}
}
