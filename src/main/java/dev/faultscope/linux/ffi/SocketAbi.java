package dev.faultscope.linux.ffi;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/** Unix stream sockets that pass descriptors: sys/socket.h and sys/un.h. */
public final class SocketAbi {
  public static final int AF_UNIX = 1;
  public static final int SOCK_STREAM = 1;
  public static final int SOCK_CLOEXEC = 0x80000;
  public static final int SOCK_NONBLOCK = 0x800;
  public static final int SOL_SOCKET = 1;
  public static final int SO_PEERCRED = 17;
  public static final int SCM_RIGHTS = 1;
  public static final int MSG_CTRUNC = 8;
  public static final int MSG_TRUNC = 0x20;
  public static final int MSG_NOSIGNAL = 0x4000;
  public static final int MSG_CMSG_CLOEXEC = 0x40000000;
  public static final int SHUT_RDWR = 2;

  public static final StructLayout sockaddr_un =
      MemoryLayout.structLayout(
              JAVA_SHORT.withName("sun_family"),
              MemoryLayout.sequenceLayout(108, JAVA_BYTE).withName("sun_path"))
          .withName("sockaddr_un");

  public static final StructLayout msghdr =
      MemoryLayout.structLayout(
              JAVA_LONG.withName("msg_name"),
              JAVA_INT.withName("msg_namelen"),
              MemoryLayout.paddingLayout(4),
              JAVA_LONG.withName("msg_iov"),
              JAVA_LONG.withName("msg_iovlen"),
              JAVA_LONG.withName("msg_control"),
              JAVA_LONG.withName("msg_controllen"),
              JAVA_INT.withName("msg_flags"),
              MemoryLayout.paddingLayout(4))
          .withName("msghdr");

  public static final StructLayout cmsghdr =
      MemoryLayout.structLayout(
              JAVA_LONG.withName("cmsg_len"),
              JAVA_INT.withName("cmsg_level"),
              JAVA_INT.withName("cmsg_type"))
          .withName("cmsghdr");

  public static final StructLayout ucred =
      MemoryLayout.structLayout(
              JAVA_INT.withName("pid"), JAVA_INT.withName("uid"), JAVA_INT.withName("gid"))
          .withName("ucred");

  private SocketAbi() {}
}
