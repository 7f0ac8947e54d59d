// The handler that `faultscope bench live` is measured against: what one would write in C.
//
//   uffd_handler SOCKET blocking|poll PAGES [CPU] [MEMORY]
//
// It listens at SOCKET, takes one peer's userfaultfd and layout in Firecracker's handshake, and
// answers until the peer leaves. "blocking" reads one message at a time and sleeps in the read, as
// the kernel's selftest does; "poll" sleeps in poll and then reads up to 64 messages at once. Each
// fault is answered with one ioctl of the aligned group of PAGES pages around it: CONTINUE for a
// minor fault, COPY out of MEMORY (zeros without it) for a missing one. CPU is where it is pinned,
// -1 for nowhere.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define PAGE 4096ull
#define MESSAGES 64
#define REGIONS 16

static uint64_t base[REGIONS], size[REGIONS], offset[REGIONS];
static int regions;
static int uffd, peer;
static char *memory;
static uint64_t group = 1;
static unsigned long faults, ioctls;

static void die(const char *what) {
  fprintf(stderr, "uffd_handler: %s: %s\n", what, strerror(errno));
  exit(1);
}

// The numbers behind a key of the handshake's JSON, one a region, in order.
static int numbers(const char *text, const char *key, uint64_t *into) {
  int n = 0;
  for (const char *at = strstr(text, key); at && n < REGIONS; at = strstr(at, key)) {
    at = strchr(at, ':') + 1;
    into[n++] = strtoull(at, NULL, 10);
  }
  return n;
}

static void receive(void) {
  static char text[65536];
  char control[CMSG_SPACE(16 * sizeof(int))];
  struct iovec data = {text, sizeof text - 1};
  struct msghdr message = {.msg_iov = &data,
                           .msg_iovlen = 1,
                           .msg_control = control,
                           .msg_controllen = sizeof control};
  ssize_t got = recvmsg(peer, &message, MSG_CMSG_CLOEXEC);
  if (got <= 0) die("handshake");
  text[got] = 0;
  struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
  if (!rights) die("no userfaultfd came along");
  memcpy(&uffd, CMSG_DATA(rights), sizeof uffd);
  regions = numbers(text, "\"base_host_virt_addr\"", base);
  numbers(text, "\"size\"", size);
  numbers(text, "\"offset\"", offset);
}

// Ends the process when the peer hangs up: a blocking read would never return.
static void *watch(void *unused) {
  (void)unused;
  struct pollfd entry = {peer, 0, 0};
  while (poll(&entry, 1, -1) < 0 && errno == EINTR)
    ;
  printf("%lu faults, %lu ioctls\n", faults, ioctls);
  fflush(stdout);
  _exit(0);
}

static void wake(uint64_t address) {
  struct uffdio_range range = {address, PAGE};
  ioctl(uffd, UFFDIO_WAKE, &range);
}

static void answer(const struct uffd_msg *message) {
  if (message->event != UFFD_EVENT_PAGEFAULT) return;
  faults++;
  uint64_t address = message->arg.pagefault.address & ~(PAGE - 1);
  int r = 0;
  while (r < regions && address - base[r] >= size[r]) r++;
  if (r == regions) return;
  uint64_t first = (address - base[r]) / (group * PAGE) * (group * PAGE);
  uint64_t length = group * PAGE;
  if (length > size[r] - first) length = size[r] - first;
  int failed;
  ioctls++;
  if (message->arg.pagefault.flags & UFFD_PAGEFAULT_FLAG_MINOR) {
    struct uffdio_continue fill = {{base[r] + first, length}, 0, 0};
    failed = ioctl(uffd, UFFDIO_CONTINUE, &fill);
  } else {
    struct uffdio_copy fill = {base[r] + first, (uintptr_t)memory + offset[r] + first, length, 0, 0};
    failed = ioctl(uffd, UFFDIO_COPY, &fill);
  }
  // Another thread's fault in the same group: it is there already.
  if (failed) wake(address);
}

int main(int argc, char **argv) {
  if (argc < 4) {
    fprintf(stderr, "usage: uffd_handler SOCKET blocking|poll PAGES [CPU] [MEMORY]\n");
    return 2;
  }
  int blocking = strcmp(argv[2], "blocking") == 0;
  group = strtoull(argv[3], NULL, 10);
  if (argc > 4 && atoi(argv[4]) >= 0) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(atoi(argv[4]), &set);
    if (sched_setaffinity(0, sizeof set, &set)) die("sched_setaffinity");
  }
  struct sockaddr_un name = {.sun_family = AF_UNIX};
  strncpy(name.sun_path, argv[1], sizeof name.sun_path - 1);
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(listener, (struct sockaddr *)&name, sizeof name) || listen(listener, 1)) die(argv[1]);
  peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  if (peer < 0) die("accept");
  unlink(argv[1]);
  receive();
  if (argc > 5) {
    int file = open(argv[5], O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (file < 0 || fstat(file, &about)) die(argv[5]);
    memory = mmap(NULL, about.st_size, PROT_READ, MAP_PRIVATE, file, 0);
  } else {
    uint64_t bytes = 0;
    for (int r = 0; r < regions; r++)
      if (offset[r] + size[r] > bytes) bytes = offset[r] + size[r];
    memory = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  }
  if (memory == MAP_FAILED) die("mmap");
  int flags = fcntl(uffd, F_GETFL);
  fcntl(uffd, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
  pthread_t watcher;
  if (pthread_create(&watcher, NULL, watch, NULL)) die("pthread_create");

  struct uffd_msg messages[MESSAGES];
  struct pollfd entry = {uffd, POLLIN, 0};
  for (;;) {
    if (!blocking && poll(&entry, 1, -1) < 0 && errno != EINTR) die("poll");
    ssize_t bytes = read(uffd, messages, blocking ? sizeof messages[0] : sizeof messages);
    if (bytes < 0 && errno != EAGAIN && errno != EINTR) die("read");
    for (ssize_t i = 0; i * (ssize_t)sizeof messages[0] < bytes; i++) answer(&messages[i]);
  }
}
