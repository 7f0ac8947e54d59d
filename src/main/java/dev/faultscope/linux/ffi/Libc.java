package dev.faultscope.linux.ffi;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The three C functions everything else is made of: {@code syscall}, {@code memcpy} and {@code
 * memcmp}.
 *
 * <p>None is linked as critical. A thread inside one is in native state for the JVM, so that it may
 * sleep in a page fault of a userfaultfd for ever without stopping a garbage collection. That is
 * why touching registered memory goes through here and through nothing else.
 */
public final class Libc {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final long ERRNO_OFFSET =
      CAPTURE.byteOffset(StructLayout.PathElement.groupElement("errno"));

  /**
   * Where errno is captured: one a thread, as making one for each call costs more than the call.
   */
  private static final ThreadLocal<MemorySegment> STATE =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CAPTURE));

  private static final MethodHandle syscall$mh =
      handle(
          "syscall",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
              JAVA_LONG),
          Linker.Option.firstVariadicArg(1),
          Linker.Option.captureCallState("errno"));
  private static final MethodHandle memcpy$mh =
      handle("memcpy", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle memcmp$mh =
      handle("memcmp", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));

  private Libc() {}

  /**
   * {@return why native calls cannot be made here, or {@code null} where they can}; tried before
   * anything else of this package is touched, since a class that fails to link fails for good
   */
  public static @Nullable String unavailableBecause() {
    String os = "" + System.getProperty("os.name");
    if (!os.toLowerCase(Locale.ROOT).contains("linux")) {
      return "this is " + os + ", and userfaultfd is a Linux facility";
    }
    String arch = "" + System.getProperty("os.arch");
    if (!arch.equals("amd64") && !arch.equals("x86_64") && !arch.equals("aarch64")) {
      return "no system call numbers for " + arch + "; x86-64 and arm64 are known";
    }
    if (!Libc.class.getModule().isNativeAccessEnabled()) {
      return "native access is disabled; start java with --enable-native-access=ALL-UNNAMED";
    }
    return null;
  }

  /** {@link #syscall(SyscallNumber, long, long, long, long, long, long)} without arguments. */
  public static long syscall(SyscallNumber number) {
    return syscall(number, 0, 0, 0, 0, 0, 0);
  }

  /** {@link #syscall(SyscallNumber, long, long, long, long, long, long)} with one argument. */
  public static long syscall(SyscallNumber number, long a) {
    return syscall(number, a, 0, 0, 0, 0, 0);
  }

  /** {@link #syscall(SyscallNumber, long, long, long, long, long, long)} with two arguments. */
  public static long syscall(SyscallNumber number, long a, long b) {
    return syscall(number, a, b, 0, 0, 0, 0);
  }

  /** {@link #syscall(SyscallNumber, long, long, long, long, long, long)} with three arguments. */
  public static long syscall(SyscallNumber number, long a, long b, long c) {
    return syscall(number, a, b, c, 0, 0, 0);
  }

  /** {@link #syscall(SyscallNumber, long, long, long, long, long, long)} with four arguments. */
  public static long syscall(SyscallNumber number, long a, long b, long c, long d) {
    return syscall(number, a, b, c, d, 0, 0);
  }

  /**
   * Makes a system call.
   *
   * @return its value, or {@code -errno}; an address of {@code mmap} is never mistaken for an
   *     error, as user addresses are positive
   */
  public static long syscall(SyscallNumber number, long a, long b, long c, long d, long e, long f) {
    MemorySegment state = STATE.get();
    try {
      long value = (long) syscall$mh.invokeExact(state, (long) number.number(), a, b, c, d, e, f);
      return value == -1 ? -state.get(JAVA_INT, ERRNO_OFFSET) : value;
    } catch (Throwable broken) {
      throw new AssertionError("the binding of syscall(2) is broken", broken);
    }
  }

  /** Copies bytes between two raw addresses; may sleep in a page fault. */
  // SAFETY: the callers in `linux` check both ranges against the mappings they own.
  public static void memcpy(long to, long from, long bytes) {
    try {
      long ignored = (long) memcpy$mh.invokeExact(to, from, bytes);
      assert ignored == to;
    } catch (Throwable broken) {
      throw new AssertionError("the binding of memcpy(3) is broken", broken);
    }
  }

  /** {@return whether the bytes at two raw addresses are equal}; may sleep in a page fault. */
  // SAFETY: as memcpy.
  public static boolean equal(long one, long other, long bytes) {
    try {
      return (int) memcmp$mh.invokeExact(one, other, bytes) == 0;
    } catch (Throwable broken) {
      throw new AssertionError("the binding of memcmp(3) is broken", broken);
    }
  }

  /** {@return a view of raw memory that ends with an arena, on whose close the cleanup runs} */
  // SAFETY: the caller owns [address, address + bytes); the cleanup gives the memory back when no
  // view of it can be used any more.
  @SuppressWarnings("restricted")
  public static MemorySegment view(
      long address, long bytes, Arena arena, Consumer<MemorySegment> cleanup) {
    return MemorySegment.ofAddress(address).reinterpret(bytes, arena, cleanup);
  }

  @SuppressWarnings("restricted") // the one place where native code is linked
  private static MethodHandle handle(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
  }
}
